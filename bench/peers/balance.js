// What every peer needs and no framework has an opinion on: the request, the amount, the time.

/** Asks for the balance; rejects where there is none to be had. */
export async function fetchBalance(url, signal) {
  const answer = await fetch(url, { signal, cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  const { amount, currency } = (await answer.json()).data.balances.availableBalance;
  return { amount: new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount), time: time() };
}

const time = () => new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date());
