// The panels that there is a preset for, as pages of the site: the examples with canned answers.

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** The examples, each with the page of the documentation that explains it and its panel's stylesheet. */
export const PANELS = {
  adminlte: { title: "AdminLTE", docs: "bootstrap", stylesheet: "admin-lte/dist/css/adminlte.min.css" },
  tabler: { title: "Tabler", docs: "tabler", stylesheet: "@tabler/core/dist/css/tabler.min.css" },
  coreui: { title: "CoreUI", docs: "coreui", stylesheet: "@coreui/coreui/dist/css/coreui.min.css" },
};

/** The page of an example's file, seen from the documentation; undefined where it has none. */
export function panelPageOf(file) {
  const [, name] = /^examples\/hosts\/(\w+)\/index\.html$/.exec(file) ?? [];
  return Object.hasOwn(PANELS, name ?? "") ? `../panels/${name}.html` : undefined;
}

const bar = (current) => `<aside class="airalo-bar" aria-label="This site">
      <a href="../index.html">Airalo Balance</a>
      ${Object.entries(PANELS)
        .map(([name, { title }]) => `<a href="./${name}.html"${name === current ? ' aria-current="page"' : ""}>${title}</a>`)
        .join("\n      ")}
      <a href="../docs/${PANELS[current].docs}.html">How it is done</a>
      <button type="button">Light or dark</button>
    </aside>`;

/** What differs on the site: addresses are relative, and no server answers. */
const changes = (name) => [
  [/[ ]*<!-- docs:\w+ -->\n/g, ""],
  [/href="\/node_modules\/[^"]+\.css"/, `href="./${name}.css"`],
  ['href="data:,"', 'href="../icon.svg" type="image/svg+xml"'],
  [/href="\/(airalo-balance\.css|presets\/)/g, 'href="../$1'],
  [
    '<script type="module" src="/airalo-balance.js"></script>',
    `<link rel="stylesheet" href="../panels.css" />
    <script src="../panels.js"></script>
    <script type="module" src="../canned.js"></script>
    <script type="module" src="../airalo-balance.js"></script>`,
  ],
  ['src="/panel.js"', 'src="./buttons.js"'],
  [/proxy-url="\/api\/balance"/g, 'proxy-url="../canned/history"'],
  ["<title>Panel</title>", `<title>${PANELS[name].title} – Airalo Balance</title>`],
  [/<body[^>]*>/, `$&\n    ${bar(name)}`],
];

/** The page of an example. An example that has become another one is an error. */
export function panelPage(html, name) {
  for (const [found, put] of changes(name)) {
    const changed = html.replace(found, put);
    if (changed === html) throw new Error(`examples/hosts/${name}/index.html has no ${found}, which www/docs/panels.mjs changes`);
    html = changed;
  }
  return html;
}

/** Writes the pages into the folder of a build. */
export async function writePanels(folder) {
  const panels = join(folder, "panels");
  await mkdir(panels, { recursive: true });
  await copyFile(join(project, "examples/hosts/panel.js"), join(panels, "buttons.js"));
  for (const [name, { stylesheet }] of Object.entries(PANELS)) {
    await copyFile(join(project, "www/node_modules", stylesheet), join(panels, `${name}.css`));
    const example = await readFile(join(project, "examples/hosts", name, "index.html"), "utf8");
    await writeFile(join(panels, `${name}.html`), panelPage(example, name));
  }
}
