// Answers for pages that have no server. Each is one of the contract's own files, handed out as a
// proxy would have sent it; everything from there on is the card's real work.

const CANNED = new URL("./canned/", import.meta.url).href;
const CONTRACT = new URL("./contract/", import.meta.url).href;

const HOUR = 3_600_000;

const ok = (file, more) => ({ file, status: 200, ...more });
const balance = ok("balance");

/**
 * What can happen to a card: the answers it is given, one after the other (the last one stays),
 * and the attributes that the case needs.
 */
export const SCENARIOS = {
  ready: { title: "A balance", answers: [balance] },
  loading: { title: "Loading", answers: [{ never: true }] },
  low: { title: "Low", answers: [balance], attributes: { "low-threshold": "500" } },
  critical: { title: "Critical", answers: [balance], attributes: { "critical-threshold": "500" } },
  zero: { title: "Zero", answers: [ok("balance-zero")] },
  negative: { title: "Negative", answers: [ok("balance-negative")] },
  limit: { title: "With a limit", answers: [balance], attributes: { "credit-limit": "800" } },
  several: { title: "Several balances", answers: [ok("balance-several")] },
  long: { title: "A long amount", answers: [ok("balance-long-amount")] },
  empty: { title: "No account", answers: [ok("no-account-null")] },
  stale: { title: "Old, by the server’s word", answers: [ok("balance-stale", { age: 2 * HOUR })] },
  missed: { title: "A refresh that failed", answers: [balance, { file: "problem-upstream", status: 502 }] },
  "low-missed": {
    title: "Low, and a refresh that failed",
    answers: [balance, { lost: true }],
    attributes: { "low-threshold": "500" },
  },
  network: { title: "No server", answers: [{ lost: true }] },
  offline: { title: "No network", answers: [{ offline: true }] },
  timeout: { title: "A slow server", answers: [{ file: "problem-upstream-timeout", status: 504 }] },
  unauthorized: { title: "Not signed in", answers: [{ file: "partner-token-refused", status: 401 }] },
  forbidden: { title: "Not allowed", answers: [{ file: "problem-missing-widget-header", status: 403 }] },
  "address-refused": { title: "Address refused", answers: [{ file: "problem-address-refused", status: 502 }] },
  "credentials-refused": {
    title: "Credentials refused",
    answers: [{ file: "problem-credentials-refused", status: 502 }],
  },
  "rate-limited": {
    title: "Too many requests",
    answers: [{ file: "problem-rate-limited", status: 503, retryAfter: 150 }],
    attributes: { "refresh-interval": "300" },
  },
  upstream: { title: "Airalo is away", answers: [{ file: "problem-upstream", status: 502 }] },
  "invalid-response": { title: "No balance in the answer", answers: [ok("invalid-no-amount")] },
  config: { title: "A wrong URL", answers: [{ file: "problem-not-found", status: 404 }] },
  "no-url": { title: "No URL", answers: [] },
};

/** Where a card has to ask for a scenario; nowhere, if that is the scenario. */
export function proxyUrl(name, currency = "") {
  if (SCENARIOS[name].answers.length === 0) return "";
  return new URL(`${name}${currency && `?currency=${currency}`}`, CANNED).href;
}

/** Some scenarios begin well: what goes wrong there is the refresh. */
export const needsRefresh = (name) => SCENARIOS[name].answers.length > 1;

/** For as long as it takes the card to look. */
function pretendToBeOffline() {
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
  setTimeout(() => delete navigator.onLine);
}

async function answer({ file, status, age = 0, retryAfter, never, lost, offline }, currency, signal) {
  if (never) await new Promise((_, give) => signal?.addEventListener("abort", () => give(signal.reason)));
  if (offline) pretendToBeOffline();
  if (lost || offline) throw new TypeError("There is nobody there.");
  let body = await (await reallyFetch(new URL(`${file}.json`, CONTRACT))).text();
  if (currency) body = body.replaceAll(/"currency":"[A-Z]*"/g, `"currency":${JSON.stringify(currency)}`);
  const headers = new Headers({ "Content-Type": status === 200 ? "application/json" : "application/problem+json" });
  const fetchedAt = JSON.parse(body).meta?.fetched_at;
  // The balance is as old as the answer says it is, on whatever day somebody looks at it.
  if (fetchedAt) headers.set("Date", new Date(Date.parse(fetchedAt) + age).toUTCString());
  if (retryAfter) headers.set("Retry-After", retryAfter);
  return new Response(body, { status, headers });
}

const asked = new Map();
const reallyFetch = globalThis.fetch.bind(globalThis);

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (!request.url.startsWith(CANNED)) return reallyFetch(input, init);
  const { pathname, searchParams } = new URL(request.url);
  const { answers } = SCENARIOS[pathname.split("/").pop()];
  const count = asked.get(request.url) ?? 0;
  asked.set(request.url, count + 1);
  return answer(answers[Math.min(count, answers.length - 1)], searchParams.get("currency"), request.signal);
};
