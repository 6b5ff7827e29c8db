import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./app.js";

console.log(renderToString(createElement(App)));
