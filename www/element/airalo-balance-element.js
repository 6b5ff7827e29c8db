// The class of <airalo-balance> for pages that register it themselves. Importing this file changes
// nothing, in a browser or in Node.

export { configure } from "./configure.js";
export { define, mount } from "./define.js";
export { AiraloBalanceElement } from "./element.js";
