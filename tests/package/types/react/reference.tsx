import { useRef } from "react";
import { AiraloBalance } from "airalo-balance/react";
import type { AiraloBalanceElement } from "airalo-balance/types";

export function Credit() {
  const card = useRef<AiraloBalanceElement>(null);
  return (
    <>
      <AiraloBalance ref={card} proxyUrl="/api/balance" />
      <button onClick={() => void card.current?.refresh()}>After the order</button>
    </>
  );
}
