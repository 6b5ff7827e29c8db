// The component, and the element itself in the JSX of React 19.

import { useRef } from "react";
import { AiraloBalance } from "airalo-balance/react";
import type { AiraloBalanceElement } from "airalo-balance/types";
import type {} from "airalo-balance/types/react";

export function Component({ token }: { token: string | undefined }) {
  const card = useRef<AiraloBalanceElement>(null);
  return (
    <AiraloBalance
      ref={card}
      proxyUrl="/api/balance"
      lowThreshold={200}
      criticalThreshold="50"
      noTopUp={token === undefined}
      className="card"
      aria-label="Credit"
      data-place="header"
      headers={() => (token ? { Authorization: token } : null)}
      messages={{ label: "Credit" }}
      onReady={({ detail }) => console.log(detail.balances[0]?.amount)}
      onChange={({ detail }) => console.log(detail.previous)}
      onLevel={({ detail }) => console.log(detail.level)}
      onError={({ detail }) => console.log(detail.code)}
      onTopUp={(event) => event.preventDefault()}
      onClick={() => void card.current?.refresh()}
    >
      USD 225.35
    </AiraloBalance>
  );
}

export function Element() {
  const card = useRef<AiraloBalanceElement>(null);
  return (
    <airalo-balance
      ref={card}
      proxy-url="/api/balance"
      refresh-interval={60}
      request-timeout="10"
      low-threshold="200"
      no-refresh
      class="card"
      headers={{ "X-A": "1" }}
      onairalo-balance-change={(event) => console.log(event.detail.balances)}
    />
  );
}

export const refused = [
  // @ts-expect-error there is no such theme
  <AiraloBalance key={0} proxyUrl="/api/balance" theme="blue" />,
  // @ts-expect-error properties are in camel case
  <AiraloBalance key={1} proxy-url={5} lowthreshold={200} />,
  // @ts-expect-error the listener takes an event
  <AiraloBalance key={2} proxyUrl="/api/balance" onChange={(level: string) => console.log(level)} />,
  // @ts-expect-error a whole number is no word
  <airalo-balance key={3} refresh-interval="soon" />,
  // @ts-expect-error there is no such variant
  <airalo-balance key={4} variant="tiny" />,
  // @ts-expect-error headers are no text
  <airalo-balance key={5} headers="X-A: 1" />,
];
