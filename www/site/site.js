import { addCopyButtons } from "./copy.js";
import { folder } from "./folder.js";

addCopyButtons();

// The lines to paste are for a proxy at `/`. Behind a web server its folder is that of this page.

for (const root of document.querySelectorAll(".root")) root.textContent = folder;

// With the stand-in of the partner API the page demonstrates the card: it refreshes often enough to
// show the orders, has thresholds, and its top-up link opens the console of the stand-in.

const standIn = document.querySelector(".stand-in a");

if (standIn) {
  Object.assign(document.querySelector("airalo-balance"), {
    refreshInterval: 10,
    lowThreshold: "200",
    criticalThreshold: "50",
    topUpUrl: standIn.href,
  });
}

// The query `?proxy-url=` replaces the proxy URL. Only the same origin is allowed: otherwise a link
// could show figures of another server on this page.

const requested = new URLSearchParams(location.search).get("proxy-url");

if (requested !== null) {
  const card = document.querySelector("airalo-balance");
  try {
    const url = new URL(requested, location.href);
    if (url.origin !== location.origin) throw new Error("it is of another origin");
    card.setAttribute("proxy-url", url.href);
  } catch (error) {
    console.warn(`?proxy-url= was ignored: ${error.message}`);
  }
}
