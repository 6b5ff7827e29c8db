// Rendered on the server: the component itself is marked as one for browsers.

import { AiraloBalance } from "airalo-balance/react";

export default function Page() {
  return (
    <>
      <AiraloBalance proxyUrl="/api/balance">USD 225.35</AiraloBalance>
      <AiraloBalance proxyUrl="/api/balance" locale="de" />
    </>
  );
}
