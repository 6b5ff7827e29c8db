import { nodeResolve } from "@rollup/plugin-node-resolve";
import { importMetaAssets } from "@web/rollup-plugin-import-meta-assets";

const input = ["main.js", "vendored.js"];

// With the plugin Rollup follows the WebAssembly; without it a page names its folder.
export default [
  { input, output: { dir: "dist" }, plugins: [nodeResolve(), importMetaAssets()] },
  { input, output: { dir: "dist/plain" }, plugins: [nodeResolve()] },
];
