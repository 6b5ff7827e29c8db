// <airalo-balance> in the JSX of React 19.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { AiraloBalanceElement } from "../element/element.js";
import type { CardMarkup } from "../element/types.js";

type Common = DetailedHTMLProps<HTMLAttributes<AiraloBalanceElement>, AiraloBalanceElement>;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "airalo-balance": Omit<Common, keyof CardMarkup> & CardMarkup & { class?: string | undefined };
    }
  }
}
