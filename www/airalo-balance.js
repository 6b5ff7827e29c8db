// Registers the element. Whoever wants another name for it, or no registration at all, imports
// ./airalo-balance-element.js instead.

import { define } from "./airalo-balance-element.js";

define();
