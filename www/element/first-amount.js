// The amount of the first response, shown before the WebAssembly that reads the rest of it.
//
// Only a certain case is handled here: one balance, fresh, above its thresholds. It is formatted as
// `src/browser/intl.rs` formats it, so that nothing changes when the card takes over. Every other
// response waits for the card.

import { decimal } from "./attributes.js";

/** Keeps the digits of a number as they stand in the response; a JavaScript number may round them. */
const numberAsText = (_, value, { source }) => (typeof value === "number" ? source : value);

/** No sign, no exponent, and far below the largest amount that the card accepts. */
const PLAIN_AMOUNT = /^(0|[1-9]\d{0,14})(\.\d{1,3})?$/;

/** The card shows a longer text in a smaller size. */
const LONGEST_TEXT = 13;

/** `{amount, currency}` of a response that holds one certain balance; undefined for any other. */
export function plainBalance(json) {
  try {
    const { data, meta } = JSON.parse(json, numberAsText);
    const balances = Array.isArray(data.balances) ? data.balances : [data.balances];
    const { amount, currency } = balances[0].availableBalance;
    const isPlain = PLAIN_AMOUNT.test(amount) && /^[A-Z]{3}$/.test(currency);
    const isFresh = meta?.message === "success" && !meta.stale;
    if (balances.length === 1 && isPlain && isFresh) return { amount, currency };
  } catch {
    // The card reads the response again and shows what is wrong with it.
  }
  return undefined;
}

/** The same for a response on its way. Its body is left unread for the card. */
export async function readPlainBalance(response) {
  try {
    if (!response.ok || response.redirected) return undefined;
    const reader = response.clone().body.getReader();
    // One balance fits into the first chunk.
    const { value } = await reader.read();
    reader.cancel();
    return plainBalance(new TextDecoder().decode(value));
  } catch {
    return undefined;
  }
}

/** The text of an amount; undefined where the card shows more than the plain text. */
export function formatAmount({ amount, currency }, { lang, thresholds }) {
  const value = decimal(String(amount));
  if ([0n, ...thresholds.map(decimal)].some((threshold) => value <= threshold)) return undefined;
  try {
    const options = { style: "currency", currency, maximumFractionDigits: 18 };
    let text = new Intl.NumberFormat(lang, options).format(amount);
    // Keeps a currency sign at the end beside its letters, in text from right to left.
    if (text.startsWith("\u200f")) text += "\u200e";
    return text.length <= LONGEST_TEXT ? text : undefined;
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
    step();
    await new Promise((resolve) => setTimeout(resolve));
  }
}
