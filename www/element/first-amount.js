// The amount of the first answer, on the page before the code is there that reads the rest of it.
//
// Only what is beyond doubt: one balance, fresh, above its thresholds. It is written as
// `src/browser/intl.rs` writes it, so that nothing changes when the card takes its place; whatever
// else an answer holds waits for the card.

/** Digits as they stand in the answer, which a number of JavaScript may not be able to keep. */
const exactly = (_, value, { source }) => (typeof value === "number" ? source : value);

/** No sign and no exponent, and far from what a card would refuse. */
const PLAIN = /^(0|[1-9]\d{0,14})(\.\d{1,3})?$/;

/** What takes more letters is drawn smaller; see `LONG` in `src/view/card.rs`. */
const LONG = 13;

/** The amount and the currency that an answer states, if that is all there is to it. */
export function plainBalance(text) {
  try {
    const { data, meta } = JSON.parse(text, exactly);
    const { balances } = data;
    const [balance, other] = Array.isArray(balances) ? balances : [balances];
    const { amount, currency } = balance.availableBalance;
    const plain = PLAIN.test(amount) && /^[A-Z]{3}$/.test(currency);
    if (plain && !other && meta?.message === "success" && !meta.stale) return { amount, currency };
  } catch {
    // Not for here: the card says what is the matter with it.
  }
  return undefined;
}

/** The same, of the first piece of a response: a balance needs no second one. */
export async function plainBalanceOf(response) {
  try {
    if (!response.ok || response.redirected) return undefined;
    // The card reads the whole of it, and needs it unread.
    const reader = response.clone().body.getReader();
    const { value } = await reader.read();
    reader.cancel();
    return plainBalance(new TextDecoder().decode(value));
  } catch {
    return undefined;
  }
}

/** Writes a balance, unless it is one that the card will have something to say about. */
export function write({ amount, currency }, { locale, lang, thresholds }) {
  if (!(Number(amount) > Math.max(...thresholds.map(Number)))) return undefined;
  try {
    const options = { style: "currency", currency, maximumFractionDigits: 18 };
    let text = new Intl.NumberFormat(locale || lang, options).format(amount);
    // From right to left a sign at the end would be torn from its letters.
    if (text.startsWith("\u200f")) text += "\u200e";
    return text.length <= LONG ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What takes a browser long for the first time on a page, and no time after that. A card needs the
 * last two; the others are what the first formatter would do besides, in pieces.
 */
const dear = [
  () => Intl.getCanonicalLocales("en-Latn-u-nu-latn"),
  () => new Intl.Locale("en").maximize(),
  () => new Intl.NumberFormat("en"),
  () => new Intl.DateTimeFormat("en", { timeStyle: "short" }),
];

/** Has it done while the answer is on its way, in pieces that keep nobody waiting. */
export async function warmUp() {
  for (const step of dear.splice(0)) {
    step();
    await new Promise((next) => setTimeout(next));
  }
}
