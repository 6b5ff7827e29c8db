"use client";

import "airalo-balance";

export function Cards() {
  return (
    <>
      <airalo-balance proxy-url="/api/balance" />
      <airalo-balance proxy-url="/api/balance" locale="de" />
    </>
  );
}
