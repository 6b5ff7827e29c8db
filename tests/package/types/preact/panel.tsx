// The element in the JSX of Preact.

import { createRef } from "preact";
import "airalo-balance";
import type { AiraloBalanceElement } from "airalo-balance/element";
import type {} from "airalo-balance/types/preact";

const card = createRef<AiraloBalanceElement>();

export const panel = (
  <airalo-balance
    ref={card}
    key="card"
    proxy-url="/api/balance"
    low-threshold={200}
    refresh-interval="60"
    no-refresh
    class="card"
    headers={async () => ({ Authorization: "Bearer 1" })}
    onairalo-balance-level={(event) => console.log(event.detail.level)}
  >
    <span slot="label">Credit</span>
  </airalo-balance>
);

export const refused = [
  // @ts-expect-error there is no such theme
  <airalo-balance theme="blue" />,
  // @ts-expect-error a whole number is no word
  <airalo-balance refresh-interval="soon" />,
  // @ts-expect-error headers are no text
  <airalo-balance headers="X-A: 1" />,
  // @ts-expect-error the detail has no such property
  <airalo-balance onairalo-balance-level={(event) => event.detail.code} />,
];
