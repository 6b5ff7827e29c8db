import { addCopyButtons } from "./copy.js";

addCopyButtons();

// A long menu begins with its own page in sight.
const menu = document.querySelector(".menu-scroll");
const { offsetTop, offsetHeight } = menu.querySelector("[aria-current]");
if (offsetTop + offsetHeight > menu.clientHeight) menu.scrollTop = offsetTop - menu.clientHeight / 2;
