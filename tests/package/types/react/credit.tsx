import { AiraloBalance } from "airalo-balance/react";

export const Credit = ({ token }: { token: () => Promise<string> }) => (
  <AiraloBalance
    proxyUrl="/api/balance"
    lowThreshold={200}
    headers={async () => ({ Authorization: `Bearer ${await token()}` })}
    onLevel={({ detail }) => console.log(detail.level)}
  />
);
