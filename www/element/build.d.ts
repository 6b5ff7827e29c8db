// What `www/build.mjs` defines.

declare const VERSION: string;
declare const CARD_FOLDER: string;

declare module "*.css" {
  const text: string;
  export default text;
}
