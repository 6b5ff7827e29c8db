"use client";

import "../../vendor/airalo-balance.js";

export function Cards() {
  return (
    <>
      <airalo-balance proxy-url="/api/balance" />
      <airalo-balance proxy-url="/api/balance" locale="de" />
    </>
  );
}
