// Canned responses for pages without a proxy. Each is a file of the contract, returned by a `fetch`
// that stands in for the network; the card handles it as any other response.

const CANNED = new URL("./canned/", import.meta.url).href;
const CONTRACT = new URL("./contract/", import.meta.url).href;

const HOUR = 3_600_000;

const ok = (file, options) => ({ file, status: 200, ...options });
const balance = ok("balance");
const withHistory = ok("balance-history");

/**
 * Each scenario has a list of responses, the last of which repeats, the history beside them if there
 * is one, and the attributes that the card needs for it.
 */
export const SCENARIOS = {
  ready: { title: "A balance", responses: [balance] },
  loading: { title: "Loading", responses: [{ never: true }] },
  low: { title: "Low", responses: [balance], attributes: { "low-threshold": "500" } },
  critical: { title: "Critical", responses: [balance], attributes: { "critical-threshold": "500" } },
  zero: { title: "Zero", responses: [ok("balance-zero")] },
  negative: { title: "Negative", responses: [ok("balance-negative")] },
  history: { title: "With a history", responses: [withHistory], history: "history-month" },
  "few-days": {
    title: "Low by days",
    responses: [withHistory],
    history: "history-month",
    attributes: { "low-days": "14" },
  },
  "low-history": {
    title: "Low, with a history",
    responses: [withHistory],
    history: "history-month",
    attributes: { "low-threshold": "500", "credit-limit": "800" },
  },
  limit: { title: "With a limit", responses: [balance], attributes: { "credit-limit": "800" } },
  several: { title: "Several balances", responses: [ok("balance-several")] },
  long: { title: "A long amount", responses: [ok("balance-long-amount")] },
  empty: { title: "No account", responses: [ok("no-account-null")] },
  stale: { title: "Old, by the server’s word", responses: [ok("balance-stale", { age: 2 * HOUR })] },
  missed: { title: "A refresh that failed", responses: [balance, { file: "problem-upstream", status: 502 }] },
  "low-missed": {
    title: "Low, and a refresh that failed",
    responses: [balance, { lost: true }],
    attributes: { "low-threshold": "500" },
  },
  network: { title: "No server", responses: [{ lost: true }] },
  offline: { title: "No network", responses: [{ offline: true }] },
  timeout: { title: "A slow server", responses: [{ file: "problem-upstream-timeout", status: 504 }] },
  unauthorized: { title: "Not signed in", responses: [{ file: "partner-token-refused", status: 401 }] },
  forbidden: { title: "Not allowed", responses: [{ file: "problem-missing-widget-header", status: 403 }] },
  "address-refused": { title: "Address refused", responses: [{ file: "problem-address-refused", status: 502 }] },
  "credentials-refused": {
    title: "Credentials refused",
    responses: [{ file: "problem-credentials-refused", status: 502 }],
  },
  "rate-limited": {
    title: "Too many requests",
    responses: [{ file: "problem-rate-limited", status: 503, retryAfter: 150 }],
    attributes: { "refresh-interval": "300" },
  },
  upstream: { title: "Airalo is away", responses: [{ file: "problem-upstream", status: 502 }] },
  "invalid-response": { title: "No balance in the answer", responses: [ok("invalid-no-amount")] },
  config: { title: "A wrong URL", responses: [{ file: "problem-not-found", status: 404 }] },
  "no-url": { title: "No URL", responses: [] },
};

/**
 * The `proxy-url` of a scenario; empty where that is the scenario. `options` replace its currency, and
 * its history by one (`"on"`) or none (`"off"`).
 */
export function proxyUrl(name, options = {}) {
  if (SCENARIOS[name].responses.length === 0) return "";
  const url = new URL(name, CANNED);
  for (const [option, value] of Object.entries(options)) if (value) url.searchParams.set(option, value);
  return url.href;
}

/** Whether a scenario is reached only by a refresh. */
export const needsRefresh = (name) => SCENARIOS[name].responses.length > 1;

/** The card reads `navigator.onLine` when a request fails; one task is long enough for that. */
function simulateOffline() {
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
  setTimeout(() => delete navigator.onLine);
}

/** The body as another server would answer. */
function change(body, query) {
  const [currency, history] = [query.get("currency"), query.get("history")];
  if (currency) body = body.replaceAll(/"currency":"[A-Z]*"/g, `"currency":${JSON.stringify(currency)}`);
  if (!history || !body.includes('"balances"')) return body;
  return body.replace(/"history":(?:true|false),/, "").replace('"meta":{', `"meta":{"history":${history === "on"},`);
}

async function respond({ file, status, age = 0, retryAfter, never, lost, offline }, query, signal) {
  if (never) await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  if (offline) simulateOffline();
  if (lost || offline) throw new TypeError("Failed to fetch");
  const body = change(await (await originalFetch(new URL(`${file}.json`, CONTRACT))).text(), query);
  const headers = new Headers({ "Content-Type": status === 200 ? "application/json" : "application/problem+json" });
  const fetchedAt = JSON.parse(body).meta?.fetched_at;
  // The card measures the age against the `Date` of the response, so it is the same on every day.
  if (fetchedAt) headers.set("Date", new Date(Date.parse(fetchedAt) + age).toUTCString());
  if (retryAfter) headers.set("Retry-After", retryAfter);
  return new Response(body, { status, headers });
}

const requestCounts = new Map();
const originalFetch = globalThis.fetch.bind(globalThis);

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (!request.url.startsWith(CANNED)) return originalFetch(input, init);
  const { pathname, searchParams } = new URL(request.url);
  const [name, beside] = pathname.slice(new URL(CANNED).pathname.length).split("/");
  const { responses, history = "history-month" } = SCENARIOS[name];
  if (beside) return respond(ok(history), searchParams, request.signal);
  const count = requestCounts.get(request.url) ?? 0;
  requestCounts.set(request.url, count + 1);
  return respond(responses[Math.min(count, responses.length - 1)], searchParams, request.signal);
};
