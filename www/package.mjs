// The npm package, from the built card: `node www/package.mjs`, which `cargo xtask package` calls.
//
// What a page loads by itself is copied from `dist/`, byte for byte. The modules for programs are
// bundled once more: they can be read, and share the class, so that there is one of it in a program
// that imports several.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleClass, loadEsbuild, PRESETS, readVersion, STYLESHEETS, www } from "./bundle.mjs";
import { PINNED_ENTRY, writeIntegrity } from "./integrity.mjs";
import { writeManifest } from "./manifest.mjs";
import { FRAMEWORKS, writeTypes } from "./types.mjs";

const project = fileURLToPath(new URL("..", import.meta.url));
const [out = join(project, "pkg"), dist = join(project, "dist")] = process.argv.slice(2);
const folder = join(out, "airalo-balance");

/** What a program imports, the module of it, and its source in `www/element/`. */
const ENTRIES = {
  ".": ["index", "airalo-balance.js"],
  "./element": ["element", "airalo-balance-element.js"],
  "./history": ["history", "airalo-balance-history.js"],
  "./react": ["react", "react.js"],
};

/** What is copied from `dist/`. */
const FILES = ["airalo-balance.js", PINNED_ENTRY, "airalo-balance.css", "airalo-balance-history.css", "presets", "card", "words"];

/** What is copied from the project. */
const TEXTS = { "LICENSE-APACHE": "LICENSE-APACHE", "LICENSE-MIT": "LICENSE-MIT", "www/package.md": "README.md" };

/** Steps that add files to the package: functions of its folder, in this order. */
const STEPS = [
  writeTypes,
  writeManifest,
  async (folder) => writeIntegrity(folder, [...(await readdir(folder)).filter((name) => /\.(js|css)$/.test(name)), ...PRESETS]),
];

/** Loading these does something, whatever is imported from them. */
const SIDE_EFFECTS = ["./index.js", "./airalo-balance.js", `./${PINNED_ENTRY}`, "./*.css", "./presets/*.css"];

/** The copies that a server sends compressed are left out. */
const isOriginal = (path) => !/\.(br|gz)$/.test(path);

/** The one folder of the WebAssembly, which is named after its contents. */
async function cardFolder() {
  const names = existsSync(join(dist, "card")) ? await readdir(join(dist, "card")) : [];
  const [digits, ...others] = names.filter((name) => /^[0-9a-f]{16}$/.test(name));
  if (!digits || others.length > 0) throw new Error(`${dist} holds no card, or several; run \`cargo xtask build\``);
  return digits;
}

/** A module and its types, which are named after its source. */
const conditions = ([name, source]) => ({ types: `./types/element/${source.replace(/js$/, "d.ts")}`, default: `./${name}.js` });

/** What is only imported for its types. */
const typesAlone = () => ({
  "./types": { types: "./types/element/types.d.ts" },
  ...Object.fromEntries(FRAMEWORKS.map((name) => [`./types/${name}`, { types: `./types/frameworks/${name}.d.ts` }])),
});

/** A stylesheet, which bundlers import. */
const stylesheet = (name) => [`./${name}`, { types: "./types/css.d.ts", default: `./${name}` }];

/** Files that are exported under their own name, where there are such. */
const exported = (names) => Object.fromEntries(names.filter((name) => existsSync(join(folder, name))).map((name) => [`./${name}`, `./${name}`]));

async function manifest(digits) {
  const card = await readFile(join(project, "Cargo.toml"), "utf8");
  const field = (name) => new RegExp(`^${name} = "(.+)"$`, "m").exec(card)[1];
  return {
    name: "airalo-balance",
    version: await readVersion(),
    description: "A card that shows how much credit is left with Airalo: a custom element",
    keywords: ["airalo", "balance", "credit", "custom-element", "web-component", "webassembly"],
    license: field("license"),
    type: "module",
    main: "./index.js",
    types: conditions(ENTRIES["."]).types,
    unpkg: "./airalo-balance.js",
    jsdelivr: "./airalo-balance.js",
    customElements: "./custom-elements.json",
    exports: {
      ...Object.fromEntries(Object.entries(ENTRIES).map(([path, entry]) => [path, conditions(entry)])),
      ...typesAlone(),
      "./airalo-balance_bg.wasm": `./card/${digits}/airalo-balance_bg.wasm`,
      ...Object.fromEntries(STYLESHEETS.map(stylesheet)),
      ...exported(["airalo-balance.js", PINNED_ENTRY, "custom-elements.json", "integrity.json", "package.json"]),
      "./package.json": "./package.json",
    },
    sideEffects: SIDE_EFFECTS,
    peerDependencies: { react: ">=18" },
    peerDependenciesMeta: { react: { optional: true } },
  };
}

/** The component loads the module that registers the element, which bundlers keep for its effect. */
const registration = {
  name: "registration",
  setup(build) {
    const isComponent = ({ importer, path }) => path === "./airalo-balance.js" && basename(importer) === "react.js";
    build.onResolve({ filter: /^\.\/airalo-balance\.js$/ }, (request) => (isComponent(request) ? { path: "./index.js", external: true } : undefined));
  },
};

async function bundleModules(digits) {
  const entryPoints = Object.values(ENTRIES).map(([out, source]) => ({ in: join(www, "element", source), out }));
  // The name by which `card-files.js` knows that no bundler has moved it.
  const options = { entryPoints, outdir: folder, splitting: true, chunkNames: "airalo-balance-[hash]", minify: false };
  Object.assign(options, { external: ["react"], plugins: [registration] });
  await bundleClass(await loadEsbuild(), digits, options);
}

/** Packs as npm publishes, and returns the name of the file. */
function pack() {
  const options = { cwd: folder, encoding: "utf8", shell: process.platform === "win32" };
  const npm = spawnSync("npm", ["pack", "--pack-destination", "..", "--silent"], options);
  if (npm.status !== 0) throw new Error(`npm pack has failed: ${npm.error ?? npm.stderr}`);
  return npm.stdout.trim();
}

const digits = await cardFolder();
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const file of FILES) await cp(join(dist, file), join(folder, file), { recursive: true, filter: isOriginal });
for (const [file, name] of Object.entries(TEXTS)) await cp(join(project, file), join(folder, name));
await bundleModules(digits);
for (const step of STEPS) await step(folder);
await writeFile(join(folder, "package.json"), `${JSON.stringify(await manifest(digits), null, 2)}\n`);
console.log(join(out, pack()));
