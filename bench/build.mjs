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

// Adyen's library fetches translations and settings from servers of its own. The server of the bench
// replaces them, so that no other network is part of the measurement.
const adyensServers = {
  name: "adyens-servers",
  setup(build) {
    build.onLoad({ filter: /shared\/core\/src\/constants\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/"https:[^"]*\.cdn\.adyen\.com[^"]*"/g, 'location.origin + "/adyen-cdn"');
      if (contents === source) throw new Error("Adyen's library names its servers in another way; change the pattern in bench/build.mjs");
      return { contents, loader: "js" };
    });
  },
};

/** What differs from the settings that all have in common. */
const SETTINGS = {
  vanilla: { entry: "main.js" },
  lit: { entry: "main.js" },
  // Adyen's library needs Preact 10, so the newer one is installed under another name.
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

/** `cargo xtask bench` builds the peer with Trunk, which does not minify the glue of wasm-bindgen. */
async function minifyGlue() {
  const path = at("built/leptos/leptos-peer.js");
  const { code } = await transform(await readFile(path, "utf8"), { minify: true, format: "esm", target: "es2022" });
  await writeFile(path, code);
}
