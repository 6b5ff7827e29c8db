// The files that the class loads at run time: the glue, the WebAssembly, and the fallback.

import { delay } from "./timing.js";

/** In milliseconds. A card that cannot run says so without the fallback rather than wait longer for it. */
const FALLBACK_TIMEOUT = 5_000;

// www/build.mjs defines CARD_FOLDER: "./card/<16 hex digits>/", named after the contents of these files.
export const cardFile = (name) => new URL(`${CARD_FOLDER}${name}`, import.meta.url).href;

let fallback;

/** `fallback.js`, which only cards need that cannot run; undefined where it cannot be loaded either. */
export function loadFallback() {
  fallback ??= import(cardFile("fallback.js")).catch(() => undefined);
  return Promise.race([fallback, delay(FALLBACK_TIMEOUT)]);
}
