// `GET /api/balance` for the card, in a panel with Express. It belongs behind the panel's own login:
//   app.get("/api/balance", requireLogin, balance);

import { LosslessNumber, parse, stringify } from "lossless-json";

const { AIRALO_CLIENT_ID, AIRALO_CLIENT_SECRET, AIRALO_BASE_URL = "https://partners-api.airalo.com" } = process.env;
if (!AIRALO_CLIENT_ID || !AIRALO_CLIENT_SECRET) throw new Error("AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET are required");
/** Airalo is asked at most once in this many seconds, whether it answers or fails. */
const BALANCE_TTL = Number(process.env.BALANCE_TTL ?? 60);
/** Seconds for all requests of one refresh. The card waits for 10. */
const DEADLINE = 8;
/** For this many seconds a balance is served while there is no newer one. */
const MAX_STALE = Number(process.env.MAX_STALE ?? 3600);
/** The status of each problem, where it is not 502. */
const STATUS = { unauthorized: 401, "missing-widget-header": 403, "forbidden-origin": 403, "rate-limited": 503, "upstream-timeout": 504 };

class Problem extends Error {
  constructor(code, retryAfter = 0) {
    super(code);
    Object.assign(this, { code, retryAfter });
  }
}

// What this process knows. Each process of a cluster asks Airalo for itself.
let token = { value: "", expires: 0 };
let last, problem, refreshing;
let due = 0;

export function refuse(response, code, headers = {}) {
  const status = STATUS[code] ?? 502;
  response.status(status).set({ "Cache-Control": "private, no-store", ...headers });
  response.type("application/problem+json").send(JSON.stringify({ status, code }));
}

export async function balance(request, response) {
  // Pages of another origin must ask before they send this header, and nothing here allows it.
  if (request.get("X-Airalo-Widget") !== "1") return refuse(response, "missing-widget-header");
  const site = request.get("Sec-Fetch-Site") ?? "none";
  if (site !== "same-origin" && site !== "none") return refuse(response, "forbidden-origin");
  // Whoever comes while Airalo is being asked waits for the same answer.
  if (Date.now() >= due) await (refreshing ??= refresh().finally(() => (refreshing = undefined)));
  const isUsable = last && Date.now() - last.fetchedAt < MAX_STALE * 1000;
  if (problem && !isUsable) {
    return refuse(response, problem, { "Retry-After": String(Math.max(1, Math.ceil((due - Date.now()) / 1000))) });
  }
  const fetched_at = last.fetchedAt.toISOString().replace(/\.\d+/, "");
  const meta = { message: "success", fetched_at, stale: problem !== undefined, reason: problem };
  const body = stringify({ data: { balances: last.balances }, meta });
  response.set("Cache-Control", "private, no-store").type("application/json").send(body);
}

async function refresh() {
  let wait = BALANCE_TTL;
  try {
    last = { balances: await fetchBalances(AbortSignal.timeout(DEADLINE * 1000)), fetchedAt: new Date() };
    problem = undefined;
  } catch (error) {
    problem = error instanceof Problem ? error.code : error.name === "TimeoutError" ? "upstream-timeout" : "upstream";
    wait = Math.max(wait, Math.min(error.retryAfter ?? 0, 900));
    console.error(`No new balance from Airalo: ${problem} (${error.cause?.message ?? error.message})`);
  }
  due = Date.now() + wait * 1000;
}

async function fetchBalances(signal) {
  let response = await ask("/v2/balance", { headers: await authorization(signal), signal });
  if (response.status === 401) {
    token.expires = 0; // It has expired or was revoked, and is renewed once.
    response = await ask("/v2/balance", { headers: await authorization(signal), signal });
  }
  return read(response, (text) => {
    const { data, meta } = parse(text);
    if (meta.message !== "success") throw new Problem("invalid-response");
    return [data.balances ?? data.accounts ?? []].flat().map(({ name = "", availableBalance: { amount, currency } }) => {
      if (!/^[A-Za-z0-9]+$/.test(currency ?? "")) throw new Problem("invalid-response");
      // A number of JavaScript would round long amounts. This keeps every digit, and refuses what is no number.
      return { name, availableBalance: { amount: new LosslessNumber(String(amount)), currency } };
    });
  });
}

async function authorization(signal) {
  if (Date.now() >= token.expires) {
    const form = { client_id: AIRALO_CLIENT_ID, client_secret: AIRALO_CLIENT_SECRET, grant_type: "client_credentials" };
    const response = await ask("/v2/token", { method: "POST", body: new URLSearchParams(form), signal });
    const { access_token: value, expires_in } = await read(response, (text) => JSON.parse(text).data);
    if (!value) throw new Problem("invalid-response");
    // Airalo documents a lifetime of a day, and shows one of a year.
    token = { value, expires: Date.now() + (Math.min(Number(expires_in) || 3600, 86_400) - 60) * 1000 };
  }
  return { Accept: "application/json", Authorization: `Bearer ${token.value}` };
}

const ask = (path, options) => fetch(new URL(path, AIRALO_BASE_URL), { redirect: "manual", ...options });

/** What is in a successful response; a problem in place of any other. */
async function read(response, parser) {
  const text = await response.text();
  if (response.ok) {
    try {
      return parser(text);
    } catch {
      throw new Problem("invalid-response");
    }
  }
  const after = response.headers.get("Retry-After") ?? "";
  const codes = { 401: "credentials-refused", 422: "credentials-refused", 429: "rate-limited" };
  const isAddressRefused = response.status === 403 && /"code"\s*:\s*89\b/.test(text);
  const code = isAddressRefused ? "address-refused" : (codes[response.status] ?? "upstream");
  throw new Problem(code, Number(after) || (Date.parse(after) - Date.now()) / 1000 || 0);
}
