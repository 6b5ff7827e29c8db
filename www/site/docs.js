import { addCopyButtons } from "./copy.js";

addCopyButtons();
