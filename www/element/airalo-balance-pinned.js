// Registers the element. The build makes one file of it and of all that it imports, whose hash a page
// can name. The hash of the WebAssembly is in the file.

import "./pin.js";

export { mountHistory } from "./airalo-balance-history.js";
export * from "./airalo-balance-element.js";
export * from "./airalo-balance.js";
