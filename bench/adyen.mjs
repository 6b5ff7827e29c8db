// The requests of Adyen's component, and canned responses in the shape that it reads.

/** The response to the first request after the session, which lists the other endpoints. */
const setup = {
  endpoints: {
    getBalanceAccounts: { method: "GET", url: "balance-accounts" },
    getBalances: { method: "GET", url: "balance-accounts/{balanceAccountId}/balances" },
    getTransactions: { method: "GET", url: "transactions" },
    getTransactionTotals: { method: "GET", url: "transactions/totals" },
  },
};

const account = { id: "BA1", description: "Balance", defaultCurrencyCode: "USD", timeZone: "UTC" };

/** Amounts are in cents. */
const balance = (amount) => ({ currency: "USD", value: Math.round(amount * 100), reservedValue: 0 });

/** The response to a path below the API, and whether it is the one with the balance. */
export function responseOf(path, amount) {
  if (path.endsWith("/balances")) return { body: { data: [balance(amount)] }, balance: true };
  if (path.endsWith("/setup")) return { body: setup };
  if (path.endsWith("/balance-accounts")) return { body: { data: [account] } };
  if (path.endsWith("/transactions/totals")) return { body: { data: [] } };
  if (path.endsWith("/transactions")) return { body: { data: [], _links: {} } };
  return { status: 404, body: {} };
}
