// The files that the class loads at run time: the glue, the WebAssembly, and the fallback.
//
// Each is named by a literal, which bundlers follow. `www/build.mjs` puts the addresses of the built
// files in the place of these here, and defines GLUE_FILE, WASM_FILE, WASM_INTEGRITY and BUILD.

import { assetFolder, isPinned } from "./configure.js";
import { delay } from "./timing.js";

/** In milliseconds. A card that cannot run says so without the fallback rather than wait longer for it. */
const FALLBACK_TIMEOUT = 5_000;

// In a variable, because bundlers take `new URL(…, import.meta.url)` for a file that they have to copy.
const here = import.meta.url;

/**
 * Whether a bundler has put the class into a file of its own: ours have one of these names. So have
 * those of Vite's server for development.
 */
const isBundled = !/^(?!file:|.*\/\.vite\/)[^?#]*\/airalo-balance(-element|-history|-pinned|-[A-Z2-7]{8})?\.js(?:[?#]|$)/.test(here);

/** @import { Glue, GlueModule } from "./glue.js" */

/** For the console where nothing can say more: whoever has copied the script alone has no `load-error.js` either. */
const IMPORT_HINT =
  " It is not there, or script-src of the page's policy forbids it." +
  (isBundled ? "" : " The script needs its whole folder, with card/ and words/.");

/** What of the card does not load. Why is found out by `load-error.js`, which is loaded only then. */
export class LoadError extends Error {
  isBundled = isBundled;
  /** @type {boolean | undefined} */
  isFile; // as `load-error.js` finds out

  /**
   * @param {string | undefined} url
   * @param {unknown} cause
   * @param {{ isImport?: boolean, response?: Response, integrity?: string }} [known]
   */
  constructor(url, cause, { isImport = false, response, integrity } = {}) {
    super(`${url ?? "A file of the card"} does not load.${isImport ? IMPORT_HINT : ""}`, { cause });
    this.url = url;
    this.isImport = isImport;
    this.response = response;
    this.integrity = integrity;
  }
}

/** How many attempts have failed. */
let failures = 0;

/**
 * Browsers keep what has failed for its URL, so each further attempt has another one.
 *
 * @param {string} url
 */
const urlOfAttempt = (url) => (failures === 0 ? url : `${url}${url.includes("?") ? "&" : "?"}${failures}`);

/** @type {Promise<GlueModule> | undefined} */
let glue;
/**
 * Where the glue lies, once it has failed to load; undefined where only the bundler knows.
 *
 * @type {string | undefined}
 */
let failedGlueUrl;

/**
 * Chromium and Firefox name the file in the message of a failed import.
 *
 * @param {unknown} error
 */
function glueUrlOf(error) {
  const [, named] = /dynamically imported module: (https?:\S+)$/.exec(String(error)) ?? [];
  return named ?? (isBundled ? undefined : new URL(GLUE_FILE, here).href);
}

/** What is pinned is so by its URL, in an import map or because it is in this file. At another URL it is not. */
const isGluePinned = () => isPinned() || document.querySelector("script[type=importmap]") !== null;

/** @returns {Promise<GlueModule>} */
async function importGlue() {
  try {
    return await import("./card/airalo-balance.js");
  } catch (error) {
    // A bundler that has its own way to load files asks for this one again.
    if (failedGlueUrl === undefined || isGluePinned()) throw error;
    /** @type {GlueModule} */
    const module = await import(/* @vite-ignore */ /* webpackIgnore: true */ urlOfAttempt(failedGlueUrl));
    // Bundlers may give exports other names.
    if (typeof module.createGlue !== "function") throw error;
    return module;
  }
}

/** The module of the glue: `createGlue` makes an instance, `shared` is an object for all copies of the class. */
export function loadGlue() {
  glue ??= importGlue().catch((error) => {
    glue = undefined;
    failures += 1;
    failedGlueUrl ??= glueUrlOf(error);
    throw new LoadError(failedGlueUrl, error, { isImport: true });
  });
  return glue;
}

/** @param {string | undefined} assetBase */
function wasmUrl(assetBase) {
  const folder = assetFolder(assetBase);
  // A copy in a folder of the page has the same name in every version, and may have been cached.
  if (folder) return urlOfAttempt(`${new URL(WASM_FILE.replace(/.*\//, ""), folder)}?${BUILD}`);
  const { href } = new URL(WASM_FILE, import.meta.url);
  return href.startsWith("data:") ? href : urlOfAttempt(href);
}

/**
 * The WebAssembly, from the folder `assetBase` or else from beside the class.
 *
 * @param {string | undefined} assetBase
 */
export async function fetchWasm(assetBase) {
  // The browser then compiles the file when it has arrived in full, and not while it arrives.
  const integrity = isPinned() ? WASM_INTEGRITY : undefined;
  let url;
  try {
    url = wasmUrl(assetBase);
    return { url, response: await fetch(url, { integrity }) };
  } catch (error) {
    failures += 1;
    throw new LoadError(url, error, { integrity });
  }
}

/** A copy of the class that wants its WebAssembly checked does not use that of one that does not. */
const slotOf = () => (isPinned() ? "checked" : "running");

/**
 * @param {GlueModule} module
 * @param {Response} response
 * @returns {Promise<Glue>}
 */
async function start({ createGlue, shared }, response) {
  const slot = slotOf();
  const glue = createGlue();
  await glue.start({ module_or_path: response });
  const running = shared[slot];
  const retire = () => {
    if (shared[slot] === running) shared[slot] = undefined;
  };
  return Object.assign(glue, { retire });
}

/**
 * The running instance of the glue, which copies of the class share, or a new one with this WebAssembly.
 *
 * @param {GlueModule} module
 * @param {{ url: string, response: Response }} wasm
 */
export async function startGlue(module, { url, response }) {
  const { shared } = module;
  const slot = slotOf();
  const running = (shared[slot] ??= start(module, response));
  try {
    return await running;
  } catch (error) {
    // Another copy may have started the next one already.
    if (shared[slot] === running) shared[slot] = undefined;
    failures += 1;
    throw new LoadError(url, error, { response });
  }
}

/** @type {Promise<typeof import("./fallback.js") | undefined> | undefined} */
let fallback;

/** `fallback.js`, which only cards need that cannot run; undefined where it cannot be loaded either. */
export function loadFallback() {
  // A file that was cut off may still be a module, with nothing in it.
  fallback ??= import("./fallback.js").then((module) => ("render" in module ? module : undefined)).catch(() => undefined);
  return Promise.race([fallback, delay(FALLBACK_TIMEOUT)]);
}
