// What `www/build.mjs` defines.

declare const VERSION: string;
declare const BUILD: string;
declare const GLUE_FILE: string;
declare const WASM_FILE: string;
declare const WASM_INTEGRITY: string;

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "*/card/airalo-balance.js" {
  type GlueModule = import("./glue.js").GlueModule;
  export const createGlue: GlueModule["createGlue"];
  export const shared: GlueModule["shared"];
}
