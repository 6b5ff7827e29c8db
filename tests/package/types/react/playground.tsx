import { AiraloBalance } from "airalo-balance/react";

export const Credit = () => (
  <AiraloBalance
    proxyUrl="/api/balance"
    label={"A & B's \"{{credit}}\" {x} `${y}` \\ <é>"}
    variant="compact"
    theme="dark"
    locale="pt-BR"
    lowThreshold="200"
    criticalThreshold="49.50"
    lowDays={7}
    criticalDays={2}
    creditLimit="1000"
    refreshInterval={300}
  />
);
