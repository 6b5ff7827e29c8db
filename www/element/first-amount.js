// The amount of the first response, shown before the WebAssembly that reads the rest of it.
//
// Only a certain case is handled here: one balance, fresh, above its thresholds. It is formatted as
// `src/browser/intl.rs` formats it, so that nothing changes when the card takes over. Every other
// response waits for the card; where none follows, any amount is shown.

import { decimal } from "./attributes.js";

/**
 * A balance that is shown before the card. `fetchedAt` is in milliseconds since 1970, if it is known.
 *
 * @typedef {{ name: string, amount: string, currency: string, fetchedAt?: number | null }} PlainBalance
 */

/** The digits of a number as they stand in the response; a JavaScript number may round them. */
class Digits {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @type {(key: string, value: unknown, context: { source: string }) => unknown} */
const keepDigits = (_, value, { source }) => (typeof value === "number" ? new Digits(source) : value);

/** No exponent, and far below the largest amount that the card accepts. */
const PLAIN_AMOUNT = /^-?(0|[1-9]\d{0,14})(\.\d{1,3})?$/;

/** Clocks that differ by less agree, in milliseconds. */
const CLOCK_TOLERANCE = 5_000;

/** The card shows a longer text in a smaller size. */
export const LONGEST_TEXT = 13;

/** As long as the longest body that the card reads, in bytes. */
const LONGEST_BODY = 64 * 1024;

/** The card refuses a deeper nesting. A plain response has five opening brackets in all. */
const MOST_BRACKETS = 32;

/** Half a pair of surrogates, which the card reads as another character. */
const HALF_A_PAIR = /\p{Surrogate}/u;

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");

/**
 * `{name, amount, currency, fetchedAt}` of a response that holds one certain balance; undefined for
 * any other. `date` and `age` are what its headers say, in milliseconds.
 *
 * @param {string} json
 * @param {{ date?: number | undefined, age?: number | undefined }} [headers]
 * @returns {PlainBalance | undefined}
 */
export function plainBalance(json, { date, age } = {}) {
  try {
    if (json.split(/[[{]/).length - 1 > MOST_BRACKETS) return undefined;
    // TypeScript does not know of the third argument yet.
    const { data, meta } = JSON.parse(json, /** @type {(key: string, value: unknown) => unknown} */ (keepDigits));
    const balances = Array.isArray(data.balances) ? data.balances : [data.balances];
    const [{ name, availableBalance }] = balances;
    const { amount, currency } = availableBalance;
    const digits = amount instanceof Digits ? amount.text : text(amount);
    const isPlain = PLAIN_AMOUNT.test(digits) && /^[A-Z]{3}$/.test(text(currency)) && !HALF_A_PAIR.test(text(name));
    const isFresh = meta?.message === "success" && !meta.stale;
    if (balances.length !== 1 || !isPlain || !isFresh) return undefined;
    const fetchedAt = finite(readersMoment(parseTime(meta.fetched_at), date, age));
    const isZero = decimal(digits) === 0n;
    return { name: text(name), amount: isZero ? "0" : withoutTrailingZeros(digits), currency, fetchedAt };
  } catch {
    // The card reads the response again and shows what is wrong with it.
    return undefined;
  }
}

/** @param {string} digits */
const withoutTrailingZeros = (digits) => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);

/**
 * A time of RFC 3339, in UTC where no zone is named; NaN for another format, undefined for none.
 *
 * @param {unknown} value
 */
function parseTime(value) {
  if (typeof value !== "string") return undefined;
  const [, time, zone] = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/i.exec(value.trim()) ?? [];
  return new Date(`${time?.replace(" ", "T")}${zone ?? "Z"}`).getTime();
}

/** @param {number | undefined} number */
const finite = (number) => (Number.isFinite(number) ? number : undefined);

/**
 * When the balance was fetched, on the reader's clock: `Timestamps::resolve` of
 * `src/model/timestamps.rs`, for the first response. NaN where that is unknown.
 *
 * @param {number | undefined} fetchedAt
 * @param {number | undefined} date
 */
function readersMoment(fetchedAt, date, age = 0) {
  const now = Date.now();
  let past = age;
  if (fetchedAt !== undefined) past = date === undefined ? now - fetchedAt : date - fetchedAt + age;
  const moment = now - Math.trunc(Math.max(past, 0));
  if (fetchedAt === undefined) return moment;
  return Math.abs(moment - fetchedAt) < CLOCK_TOLERANCE ? fetchedAt : moment;
}

/**
 * The same for a response on its way. Its body is left unread for the card.
 *
 * @param {Response} response
 */
export async function readPlainBalance(response) {
  try {
    if (!response.ok || response.redirected) return undefined;
    const date = finite(new Date(response.headers.get("Date") ?? NaN).getTime());
    const age = finite(Number(response.headers.get("Age") ?? undefined) * 1_000);
    const body = await readToEnd(response.clone().body?.getReader());
    return body ? plainBalance(body, { date, age }) : undefined;
  } catch {
    // The connection may break in the middle of the body.
    return undefined;
  }
}

/**
 * To the end: a body that goes on after its JSON is no balance.
 *
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined} reader
 */
async function readToEnd(reader) {
  if (!reader) return undefined;
  const decoder = new TextDecoder();
  let body = "";
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return body + decoder.decode();
    length += value.length;
    if (length > LONGEST_BODY) {
      reader.cancel();
      return undefined;
    }
    body += decoder.decode(value, { stream: true });
  }
}

/**
 * The level of a balance that has none before: `Level::by_amount` of `src/model/level.rs`.
 *
 * @param {{ amount: string }} balance
 * @param {{ lowThreshold: string, criticalThreshold: string }} thresholds
 * @returns {"ok" | "low" | "critical"}
 */
export function levelOf({ amount }, { lowThreshold, criticalThreshold }) {
  const value = decimal(amount) ?? 0n;
  /** @param {bigint | undefined} limit */
  const isWithin = (limit) => limit !== undefined && value <= limit;
  if (isWithin(0n) || isWithin(decimal(criticalThreshold))) return "critical";
  return isWithin(decimal(lowThreshold)) ? "low" : "ok";
}

/**
 * The text of an amount; undefined where it cannot be written.
 *
 * @param {{ amount: string, currency: string }} balance
 * @param {string} lang
 */
export function formatAmount({ amount, currency }, lang) {
  try {
    /** @type {Intl.NumberFormatOptions} */
    const options = { style: "currency", currency, maximumFractionDigits: 18 };
    // As text, which keeps every digit.
    let text = new Intl.NumberFormat(lang, options).format(/** @type {Intl.StringNumericLiteral} */ (amount));
    // Keeps a currency sign at the end beside its letters, in text from right to left.
    if (text.startsWith("\u200f")) text += "\u200e";
    return text;
  } catch {
    return undefined;
  }
}

/** What `Intl` initialises at its first use on a page, which takes long, in steps. */
const WARM_UP_STEPS = [
  () => Intl.getCanonicalLocales("en-Latn-u-nu-latn"),
  () => new Intl.Locale("en").maximize(),
  () => new Intl.NumberFormat("en"),
  () => new Intl.DateTimeFormat("en", { timeStyle: "short" }),
];

/** Initialises `Intl` while the response is on its way, one step a task, so that no task is long. */
export async function warmUpIntl() {
  for (const step of WARM_UP_STEPS.splice(0)) {
    try {
      step();
    } catch {
      // Without this formatter the card writes plainer texts.
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
}
