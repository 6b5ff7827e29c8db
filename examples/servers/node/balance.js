// `GET /api/balance` for the card, in a panel with Express. It belongs behind the panel's own login:
//   app.get("/api/balance", requireLogin, balance);

import { stringify } from "lossless-json";
import { fetchBalances, Problem } from "./airalo.js";

/** Airalo is asked at most once in this many seconds, whether it answers or fails. */
const BALANCE_TTL = secondsOf("BALANCE_TTL", "60");
/** For this many seconds a balance is served while there is no newer one. */
const MAX_STALE = secondsOf("MAX_STALE", "3600");
/** Seconds for all requests of one refresh. The card waits for 10. */
const DEADLINE = 8;
/** The status of each problem, where it is not 502. */
const STATUS = {
  unauthorized: 401,
  "missing-widget-header": 403,
  "forbidden-origin": 403,
  "rate-limited": 503,
  "upstream-timeout": 504,
};

// What this process knows. Each process of a cluster asks Airalo for itself.
let last, problem, refreshing;
let due = 0;

function secondsOf(name, otherwise) {
  const value = process.env[name] ?? otherwise;
  if (!/^\d+$/.test(value)) throw new Error(`${name} has to be a whole number of seconds`);
  return Number(value);
}

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
    const seconds = Math.max(1, Math.ceil((due - Date.now()) / 1000));
    return refuse(response, problem, { "Retry-After": String(seconds) });
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
    const isTimeout = error.name === "TimeoutError";
    problem = error instanceof Problem ? error.code : isTimeout ? "upstream-timeout" : "upstream";
    wait = Math.max(wait, Math.min(error.retryAfter ?? 0, 900));
    // Several addresses that refuse a connection are one error with a code, and no message.
    const cause = error.cause?.message || error.cause?.code || error.message;
    console.error(`No new balance from Airalo: ${problem} (${cause.trim()})`);
  }
  due = Date.now() + wait * 1000;
}
