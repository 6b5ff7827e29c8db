import { createElement, StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { configure } from "airalo-balance/element";
import { App } from "./app.js";

configure({ assetBase: "/assets" });
const parameters = new URLSearchParams(location.search);
const root = document.querySelector("#root");
const start = () => {
  if (parameters.has("alone")) createRoot(root).render(createElement(StrictMode, null, createElement(App)));
  else hydrateRoot(root, createElement(App));
};

// Parts of a page may wait long until React takes them over.
if (parameters.has("late")) globalThis.start = start;
else start();
