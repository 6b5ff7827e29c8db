import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { compile } from "svelte/compiler";

const svelte = {
  name: "svelte",
  setup(build) {
    build.onLoad({ filter: /\.svelte$/ }, async ({ path }) => ({ contents: compile(await readFile(path, "utf8"), {}).js.code }));
  },
};

await build({
  entryPoints: ["preact.js", "vue.js", "svelte.js", "angular.js"],
  bundle: true,
  splitting: true,
  format: "esm",
  conditions: ["browser"],
  outdir: "dist",
  define: { "process.env.NODE_ENV": '"production"', ngDevMode: "false", __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  plugins: [svelte],
});
