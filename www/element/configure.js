// What a page sets once for all of its cards.

import { isHttp, trimmed } from "./attributes.js";

/** @import { Settings } from "./types.js" */

const settings = { assetBase: "", integrity: false };

/**
 * Sets what holds for every card of the page: `assetBase` is the URL of the folder in which the
 * WebAssembly lies, where a bundler has left it behind; with `integrity` no other WebAssembly runs
 * than the one that the script was built with. Call it before the first card is on the page. Without
 * a bundler each script of the card has settings of its own.
 *
 * @param {Settings} [options]
 */
export function configure(options = {}) {
  const { assetBase, integrity } = options;
  if (assetBase !== undefined) settings.assetBase = String(assetBase ?? "");
  if (integrity !== undefined) settings.integrity = Boolean(integrity);
}

/** Whether the WebAssembly has to be the one that the script was built with. */
export const isPinned = () => settings.integrity;

/**
 * The folder that an element names, or else the page; undefined where none does.
 *
 * @param {string | undefined} attribute
 */
export function assetFolder(attribute) {
  const base = trimmed(attribute ?? "") || trimmed(settings.assetBase);
  if (!base) return undefined;
  try {
    if (isHttp(base)) return new URL(base.replace(/\/*$/, "/"), document.baseURI);
  } catch {
    // Reported below.
  }
  console.warn(`<airalo-balance> asset-base="${base}" is no URL with http or https; it is ignored.`);
  return undefined;
}
