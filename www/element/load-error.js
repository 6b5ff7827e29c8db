// Why the WebAssembly could not be loaded: for the console in full, for the card in one bit.

/** `isFile`: whether a file is at fault, rather than the browser or a rule of the page. */
const file = (message) => ({ message, isFile: true });
const browser = (message) => ({ message, isFile: false });

const refused = (url, { status }) => file(`${url} was answered with status ${status}.`);

const unreachable = (url) =>
  file(`${url} cannot be fetched: the server does not answer, or connect-src of the page's policy forbids it.`);

/** A failed import does not say why, so the file is fetched once more. */
async function explainImport(url) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    return unreachable(url);
  }
  if (!response.ok) return refused(url, response);
  const type = response.headers.get("Content-Type");
  if (!/javascript|ecmascript/i.test(type)) return file(`${url} was sent as ${type}, which browsers run as no module.`);
  return file(`${url} cannot be run: it is damaged or cut off, or script-src of the page's policy forbids it.`);
}

/** An empty module. */
const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Why compiling or starting the WebAssembly has failed. */
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

/** `{message, isFile}` for a LoadError of `instance.js`. */
export async function explain({ url, cause, isImport, response }) {
  if (isImport) return explainImport(url);
  if (!response) return unreachable(url);
  if (!response.ok) return refused(url, response);
  return explainStart(url, cause, response);
}
