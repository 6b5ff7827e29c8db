// The requests to Airalo of balance.js.

import { LosslessNumber, parse } from "lossless-json";

const { AIRALO_CLIENT_ID, AIRALO_CLIENT_SECRET, AIRALO_BASE_URL = "https://partners-api.airalo.com" } = process.env;
if (!AIRALO_CLIENT_ID || !AIRALO_CLIENT_SECRET) throw new Error("set AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET");
// The secret must not travel unencrypted beyond this machine.
if (!/^https:\/\/[^@\s]+$|^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\/?$/.test(AIRALO_BASE_URL)) {
  throw new Error("AIRALO_BASE_URL has to be https without a user, or http on a loopback address");
}

/** Why there is no balance: by a code that the card knows, and in words for the log. */
export class Problem extends Error {
  constructor(code, message, retryAfter = 0) {
    super(message);
    Object.assign(this, { code, retryAfter });
  }
}

let token = { value: "", expires: 0 };

export async function fetchBalances(signal) {
  let response = await ask("/v2/balance", { headers: await authorization(signal), signal });
  if (response.status === 401) {
    token.expires = 0; // It has expired or was revoked, and is renewed once.
    response = await ask("/v2/balance", { headers: await authorization(signal), signal });
  }
  return read(response, (text) => {
    const { data, meta } = parse(text);
    if (meta.message !== "success") throw new TypeError("no success");
    return accountsIn(data).map(readBalance);
  });
}

/** Without an account there are no `balances`, or there is no `data`. */
function accountsIn(data) {
  if (data === null || (Array.isArray(data) && data.length === 0)) return [];
  if (Object.getPrototypeOf(data) !== Object.prototype) throw new TypeError("no accounts");
  return [data.balances ?? data.accounts ?? []].flat();
}

function readBalance({ name, availableBalance: { amount, currency } }) {
  const isAmount = typeof amount === "string" || amount instanceof LosslessNumber;
  const isCurrency = typeof currency === "string" && /^[A-Za-z0-9]+$/.test(currency);
  if (!isAmount || !isCurrency) throw new TypeError("no amount");
  // A number of JavaScript would round long amounts. This keeps every digit, and refuses what is no number.
  const availableBalance = { amount: new LosslessNumber(String(amount)), currency };
  return { name: typeof name === "string" ? name : "", availableBalance };
}

async function authorization(signal) {
  if (Date.now() >= token.expires) {
    const form = { client_id: AIRALO_CLIENT_ID, client_secret: AIRALO_CLIENT_SECRET, grant_type: "client_credentials" };
    const response = await ask("/v2/token", { method: "POST", body: new URLSearchParams(form), signal });
    const { access_token: value, expires_in } = await read(response, (text) => readToken(JSON.parse(text)));
    // Airalo documents a lifetime of a day, and shows one of a year.
    const lifetime = Math.min(Number(expires_in) > 0 ? Number(expires_in) : 3600, 86_400);
    token = { value, expires: Date.now() + (lifetime - 60) * 1000 };
  }
  return { Authorization: `Bearer ${token.value}` };
}

function readToken({ data }) {
  // No header can hold another one, and the error of such a header would quote it.
  if (typeof data.access_token !== "string" || !/^[!-~]+$/.test(data.access_token)) throw new TypeError("no token");
  return data;
}

function ask(path, { headers, ...options }) {
  const all = { Accept: "application/json", ...headers };
  return fetch(new URL(path, AIRALO_BASE_URL), { redirect: "manual", headers: all, ...options });
}

/** What is in a successful response; a problem in place of any other. */
async function read(response, parser) {
  const text = await response.text();
  const { pathname } = new URL(response.url);
  if (response.ok) {
    try {
      return parser(text);
    } catch {
      throw new Problem("invalid-response", `${pathname}: not the documented JSON`);
    }
  }
  const after = response.headers.get("Retry-After") ?? "";
  const codes = { 401: "credentials-refused", 422: "credentials-refused", 429: "rate-limited" };
  const isAddressRefused = response.status === 403 && /"code"\s*:\s*89\b/.test(text);
  const code = isAddressRefused ? "address-refused" : (codes[response.status] ?? "upstream");
  const seconds = Number(after) || (Date.parse(after) - Date.now()) / 1000 || 0;
  throw new Problem(code, `${pathname}: status ${response.status}`, seconds);
}
