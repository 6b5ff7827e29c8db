// The page as a server renders it, once the project is built.

import { readFileSync } from "node:fs";
import { renderApp } from "./dist-server/server.js";

const template = readFileSync(new URL("dist/index.html", import.meta.url), "utf8");

export const render = () => template.replace("<!--app-->", renderApp());
