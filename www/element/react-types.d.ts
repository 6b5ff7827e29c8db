// What the component for React takes.

import type { HTMLAttributes } from "react";
import type { AiraloBalanceElement } from "./element.js";
import type { AiraloBalanceEventMap, CardOptions } from "./types.js";

/** The events of the card. */
export interface EventProps {
  /** A balance, or the absence of an account, is shown; also where it was before React took over. */
  onReady?: ((event: AiraloBalanceEventMap["airalo-balance-ready"]) => void) | undefined;
  /** The balances differ from the last ones shown. */
  onChange?: ((event: AiraloBalanceEventMap["airalo-balance-change"]) => void) | undefined;
  /** There is more or less cause for concern than before. A card begins with `ok`, of which it does not tell. */
  onLevel?: ((event: AiraloBalanceEventMap["airalo-balance-level"]) => void) | undefined;
  /** A request failed. */
  onError?: ((event: AiraloBalanceEventMap["airalo-balance-error"]) => void) | undefined;
  /** The top-up link was pressed. `preventDefault()` keeps it from opening. */
  onTopUp?: ((event: AiraloBalanceEventMap["airalo-balance-top-up"]) => void) | undefined;
}

type ElementProps = Omit<HTMLAttributes<AiraloBalanceElement>, keyof CardOptions | keyof EventProps>;

/** The properties of the card, of which `proxyUrl` is required, its events, and what every element takes. */
export type AiraloBalanceProps = CardOptions & { proxyUrl: string } & EventProps & ElementProps;
