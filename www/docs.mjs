// The documentation: `docs/*.md` as pages of the site.
//
// `node www/docs.mjs` says which pages differ from what they are taken from, the code of examples and
// tables of the source; with `--update` it writes them anew. The build calls `writeDocs`.

import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { render } from "./docs/markdown.mjs";
import { addressOf, fileOf, NAVIGATION } from "./docs/navigation.mjs";
import { updateBlocks } from "./docs/snippets.mjs";
import { page } from "./docs/template.mjs";

const project = fileURLToPath(new URL("..", import.meta.url));
export const read = (file) => readFile(join(project, file), "utf8");

const names = NAVIGATION.flatMap(([, names]) => names);

/** Every page: its name, its file, and what `render` makes of it. */
export const pages = () =>
  Promise.all(names.map(async (name) => ({ name, file: fileOf(name), ...render(await read(fileOf(name)), fileOf(name)) })));

/** Examples whose files need each other. Where a page leads to one of them, all are there. */
const WHOLE = ["examples/hosts", "examples/servers"];

/** What is installed or built in them, and the lists of it. */
const isLeftOut = (name) => name.startsWith(".") || /^(?:node_modules|dist|dist-server|__pycache__|package-lock\.json)$/.test(name);

/** The files of a folder and those below it. */
async function filesOf(folder) {
  const entries = (await readdir(join(project, folder), { withFileTypes: true })).filter(({ name }) => !isLeftOut(name));
  const nested = entries.map((entry) => (entry.isDirectory() ? filesOf(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
  return (await Promise.all(nested)).flat();
}

/** The pages as HTML, by their addresses, and the files of the project that they lead to or that these need. */
export async function renderSite(version) {
  const all = await pages();
  const labels = new Map(all.map(({ name, title }) => [name, title]));
  const sections = NAVIGATION.map(([heading, names]) => [heading, names.map((name) => ({ name, label: labels.get(name) }))]);
  const named = all.flatMap(({ files }) => [...files]);
  const whole = await Promise.all(WHOLE.filter((folder) => named.some((file) => file.startsWith(`${folder}/`))).map(filesOf));
  return {
    html: new Map(all.map((one) => [addressOf(one.name), page({ ...one, sections, version })])),
    files: new Set([...named, ...whole.flat()]),
  };
}

/** Writes the pages into the folder of a build. `finish` is applied to each. */
export async function writeDocs(folder, version, finish) {
  const { html, files } = await renderSite(version);
  await mkdir(join(folder, "docs"), { recursive: true });
  for (const [name, text] of html) await writeFile(join(folder, "docs", name), finish(text));
  for (const file of files) {
    // Servers would run some of them by their names.
    const copy = join(folder, "docs/files", /\.(?:png|svg)$/.test(file) ? file : `${file}.txt`);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(project, file), copy);
  }
}

/** The pages, and the types of messages, that differ from their sources, with what they should be. */
export async function outdated() {
  // The analyzer of manifests is not there where only a build is made.
  const { updateMessageTypes, updateTables } = await import("./docs/generated.mjs");
  const update = async (file, made) => {
    const text = await read(file);
    const wanted = await made(text);
    return wanted === text ? [] : [{ file, wanted }];
  };
  const types = await update("www/element/types.d.ts", async (text) => updateMessageTypes(text, await read("src/model/text.rs")));
  const pages = await Promise.all(
    names.map((name) => update(fileOf(name), async (text) => updateTables(await updateBlocks(text, read), read))),
  );
  return [...types, ...pages.flat()];
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const found = await outdated();
  for (const { file, wanted } of found) {
    if (argv.includes("--update")) await writeFile(join(project, file), wanted);
    console.log(`${file} ${argv.includes("--update") ? "is written anew" : "differs from what it is taken from; run `node www/docs.mjs --update`"}`);
  }
  if (found.length > 0 && !argv.includes("--update")) exit(1);
}
