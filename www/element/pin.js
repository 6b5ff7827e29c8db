// Has the WebAssembly checked. A module of its own, because the modules that an entry imports run
// before the entry does, in their order.

import { configure } from "./configure.js";

configure({ integrity: true });
