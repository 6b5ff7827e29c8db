// Why the WebAssembly could not be loaded: for the console in full, for the card only whether a file is at fault.

/** @import { LoadError } from "./card-files.js" */

/**
 * `isFile`: whether a file is at fault, rather than the browser or a rule of the page.
 *
 * @typedef {{ message: string, isFile: boolean }} Explanation
 */

/** @type {(message: string) => Explanation} */
const file = (message) => ({ message, isFile: true });
/** @type {(message: string) => Explanation} */
const browser = (message) => ({ message, isFile: false });

/** @type {(url: string, response: Response) => Explanation} */
const refused = (url, { status }) => file(`${url} was answered with status ${status}.`);

/** @param {string} url */
const unreachable = (url) =>
  file(`${url} cannot be fetched: the server does not answer, or connect-src of the page's policy forbids it.`);

/** @param {string} url */
const changed = (url) => file(`${url} is refused: its bytes are not those that its hash (integrity) stands for.`);

/**
 * Whether a file that can be fetched is not the one that this hash stands for.
 *
 * @param {string} url
 * @param {string} integrity
 */
async function hasOtherBytes(url, integrity) {
  try {
    await fetch(url, { integrity });
    return false;
  } catch {
    return true;
  }
}

/**
 * The hash that an import map of the page has for a file.
 *
 * @param {string} url
 */
function hashInImportMap(url) {
  for (const { textContent } of document.querySelectorAll("script[type=importmap]")) {
    try {
      /** @type {{ integrity?: Record<string, string> }} */
      const map = JSON.parse(textContent);
      const hashes = Object.entries(map.integrity ?? {});
      const [, hash] = hashes.find(([key]) => new URL(key, document.baseURI).href === url) ?? [];
      if (hash) return hash;
    } catch {
      // The browser has reported it.
    }
  }
  return undefined;
}

/**
 * A failed import does not say why, so the file is fetched once more.
 *
 * @param {LoadError} error
 */
async function explainImport({ url, cause }) {
  // Only a bundler knows where it has put the file.
  if (!url) return file(`a file of the page's scripts cannot be loaded (${cause instanceof Error ? cause.message : cause}).`);
  let response;
  try {
    response = await fetch(url);
  } catch {
    return unreachable(url);
  }
  if (!response.ok) return refused(url, response);
  const type = response.headers.get("Content-Type");
  if (!/javascript|ecmascript/i.test(String(type))) return file(`${url} was sent as ${type}, which browsers run as no module.`);
  const hash = hashInImportMap(url);
  if (hash && (await hasOtherBytes(url, hash))) return changed(url);
  return file(`${url} cannot be run: it is damaged or cut off, or script-src of the page's policy forbids it.`);
}

/** An empty module. */
const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * Why compiling or starting the WebAssembly has failed.
 *
 * @param {string} url
 * @param {unknown} error
 * @param {Response} response
 */
function explainStart(url, error, response) {
  if (typeof WebAssembly === "undefined") return browser("this browser has no WebAssembly.");
  try {
    new WebAssembly.Module(EMPTY);
  } catch {
    return browser("the page's policy forbids WebAssembly; its script-src needs 'wasm-unsafe-eval'.");
  }
  if (error instanceof WebAssembly.CompileError) {
    const type = response.headers.get("Content-Type");
    return file(`${url}, sent as ${type}, is damaged, cut off or no WebAssembly.`);
  }
  if (error instanceof TypeError) return file(`${url} did not arrive in full.`);
  return browser("the WebAssembly does not start.");
}

/** What helps where a bundler has not put the WebAssembly where it lets the script look for it. */
const REMEDY = "If a bundler has left it behind, serve airalo-balance_bg.wasm and name its folder in the attribute asset-base.";

/**
 * A failed fetch does not say why either.
 *
 * @param {string} url
 * @param {string | undefined} integrity
 */
async function explainFetch(url, integrity) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    return unreachable(url);
  }
  if (!response.ok) return refused(url, response);
  return integrity && (await hasOtherBytes(url, integrity)) ? changed(url) : unreachable(url);
}

/** @param {LoadError} error */
async function explainWasm({ url, cause, response, integrity }) {
  if (!url) return file("the script does not know where it lies.");
  if (!response) return explainFetch(url, integrity);
  if (!response.ok) return refused(url, response);
  return explainStart(url, cause, response);
}

/** @param {LoadError} error */
export async function explain(error) {
  if (error.isImport) return explainImport(error);
  const reason = await explainWasm(error);
  if (reason.isFile && error.isBundled) reason.message += ` ${REMEDY}`;
  return reason;
}
