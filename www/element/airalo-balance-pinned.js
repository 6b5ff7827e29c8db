// Registers the element, for pages that pin what they load: the build puts everything into this one
// file, whose hash a page names, but the WebAssembly, whose hash is in this file.

import "./pin.js";

export { mountHistory } from "./airalo-balance-history.js";
export * from "./airalo-balance-element.js";
export * from "./airalo-balance.js";
