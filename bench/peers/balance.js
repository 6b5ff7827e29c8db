// What all peers share because it depends on no framework: the request, the amount, the time.

/** Requests the balance; rejects where the request fails. */
export async function fetchBalance(url, signal) {
  const response = await fetch(url, { signal, cache: "no-store", headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  const { amount, currency } = (await response.json()).data.balances.availableBalance;
  return { amount: new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount), time: time() };
}

const time = () => new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date());
