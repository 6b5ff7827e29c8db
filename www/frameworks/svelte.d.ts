// <airalo-balance> in the markup of Svelte.

import type { HTMLAttributes } from "svelte/elements";
import type { AiraloBalanceElement } from "../element/element.js";
import type { CardMarkup } from "../element/types.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "airalo-balance": Omit<HTMLAttributes<AiraloBalanceElement>, keyof CardMarkup> & CardMarkup;
  }
}
