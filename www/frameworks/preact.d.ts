// <airalo-balance> in the JSX of Preact.

import type { ClassAttributes, HTMLAttributes } from "preact";
import type { AiraloBalanceElement } from "../element/element.js";
import type { CardMarkup } from "../element/types.js";

type Common = HTMLAttributes<AiraloBalanceElement> & ClassAttributes<AiraloBalanceElement>;

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "airalo-balance": Omit<Common, keyof CardMarkup> & CardMarkup;
    }
  }
}
