import { AiraloBalance } from "airalo-balance/react";

export function Credit({ low, onLevel }) {
  return <AiraloBalance proxyUrl="/api/balance" lowThreshold={low} onLevel={({ detail }) => onLevel(detail.level)} />;
}
