// Builds the peers, each the way its own documentation recommends for production.

import { build, transform } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "svelte/compiler";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const svelte = {
  name: "svelte",
  setup(build) {
    build.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, "utf8"), { filename: path, generate: "client", dev: false });
      return { contents: js.code, loader: "js" };
    });
  },
};

// Adyen's library asks servers of its own for its words and settings. The bench answers for them,
// so that nothing of what is measured happens on somebody else's network.
const adyensServers = {
  name: "adyens-servers",
  setup(build) {
    build.onLoad({ filter: /shared\/core\/src\/constants\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/"https:[^"]*\.cdn\.adyen\.com[^"]*"/g, 'location.origin + "/adyen-cdn"');
      if (contents === source) throw new Error("Adyen's library names its servers in another way now");
      return { contents, loader: "js" };
    });
  },
};

/** What differs from the common settings. */
const SETTINGS = {
  vanilla: { entry: "main.js" },
  lit: { entry: "main.js" },
  // Adyen's library brings Preact 10, so the newer one goes by another name here.
  preact: { entry: "main.jsx", jsxImportSource: "preact", alias: { preact: "preact-11" } },
  svelte: { entry: "main.js", plugins: [svelte], conditions: ["svelte", "browser"] },
  react: { entry: "main.jsx", jsxImportSource: "react" },
  adyen: { entry: "main.js", plugins: [adyensServers], loader: {}, splitting: true },
};

/** Builds one peer into `built/`. */
export async function buildPeer(name) {
  if (name === "leptos") return minifyGlue();
  const { entry, ...settings } = SETTINGS[name];
  const outdir = at(`built/${name}`);
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [at(`peers/${name}/${entry}`)],
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    loader: { ".css": "text" },
    legalComments: "none",
    logLevel: "error",
    ...settings,
  });
}

/** Trunk has built the rest; what wasm-bindgen writes is for reading until it is minified. */
async function minifyGlue() {
  const path = at("built/leptos/leptos-peer.js");
  const { code } = await transform(await readFile(path, "utf8"), { minify: true, format: "esm", target: "es2022" });
  await writeFile(path, code);
}
