// Why the WebAssembly could not be loaded: for the console in full, for the card in one bit.

export class LoadError extends Error {
  /** Whether a file is at fault, rather than the browser or a rule of the page. */
  isFile;

  constructor(message, isFile, cause) {
    super(message, { cause });
    this.isFile = isFile;
  }
}

/** Fetches a file of the card. */
export async function fetchFile(url) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    const reason = "the server does not answer, or connect-src of the page's policy forbids it";
    throw new LoadError(`${url} cannot be fetched: ${reason}.`, true, error);
  }
  if (!response.ok) throw new LoadError(`${url} was answered with status ${response.status}.`, true);
  return response;
}

/** Imports the glue. A failed import does not say why, so the file is fetched once more. */
export async function importGlue(url) {
  try {
    return await import(url);
  } catch (error) {
    const type = (await fetchFile(url)).headers.get("Content-Type");
    if (!/javascript|ecmascript/i.test(type)) {
      throw new LoadError(`${url} was sent as ${type}, which browsers run as no module.`, true, error);
    }
    const reason = "it is damaged or cut off, or script-src of the page's policy forbids it";
    throw new LoadError(`${url} cannot be run: ${reason}.`, true, error);
  }
}

/** An empty module. */
const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Why compiling or starting the WebAssembly has failed. */
export function startError(error, response) {
  if (typeof WebAssembly === "undefined") return new LoadError("this browser has no WebAssembly.", false, error);
  try {
    new WebAssembly.Module(EMPTY);
  } catch {
    const reason = "the page's policy forbids WebAssembly; its script-src needs 'wasm-unsafe-eval'.";
    return new LoadError(reason, false, error);
  }
  const type = response.headers.get("Content-Type");
  if (error instanceof WebAssembly.CompileError) {
    return new LoadError(`${response.url}, sent as ${type}, is damaged, cut off or no WebAssembly.`, true, error);
  }
  if (error instanceof TypeError) {
    return new LoadError(`${response.url} did not arrive in full.`, true, error);
  }
  return new LoadError("the WebAssembly does not start.", false, error);
}
