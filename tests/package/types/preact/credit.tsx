import "airalo-balance";
import type {} from "airalo-balance/types/preact";

export const Credit = ({ token }: { token: string }) => (
  <airalo-balance
    proxy-url="/api/balance"
    low-threshold={200}
    headers={() => ({ Authorization: `Bearer ${token}` })}
    onairalo-balance-level={({ detail }) => console.log(detail.level)}
  />
);
