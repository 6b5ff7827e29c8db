// What the property `snapshot` holds while there is no card to fill it.

/** @import { ErrorDetail, Snapshot } from "./types.js" */
/** @import { EarlyBalance } from "./view.js" */

/**
 * A snapshot that a page cannot change.
 *
 * @template Value
 * @param {Value} value
 * @returns {Value}
 */
export function frozen(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** @type {Snapshot} */
export const LOADING = frozen({
  state: "loading",
  balances: [],
  level: null,
  fetchedAt: null,
  stale: false,
  error: null,
  forecast: null,
});

/**
 * The detail of the event `airalo-balance-error` where WebAssembly is refused, absent or broken.
 *
 * @type {ErrorDetail}
 */
export const UNSUPPORTED_ERROR = frozen({ code: "unsupported", problem: null, retryable: false, status: null, retryAfter: null });

/** @type {Snapshot} */
const UNSUPPORTED = frozen({ ...LOADING, state: "error", error: UNSUPPORTED_ERROR });

/**
 * The snapshot where the WebAssembly is refused, absent or broken. A card that has shown a balance
 * keeps it; `early` is the balance that the class has shown before there was a card.
 *
 * @param {Snapshot} snapshot
 * @param {EarlyBalance} [early]
 * @returns {Snapshot}
 */
export function unsupported(snapshot, early) {
  const kept = { stale: true, error: UNSUPPORTED_ERROR };
  if (["ready", "empty"].includes(snapshot.state)) return frozen({ ...snapshot, ...kept });
  if (!early) return UNSUPPORTED;
  const { name, amount, currency, level, fetchedAt } = early;
  return frozen({ state: "ready", balances: [{ name, amount, currency }], level, fetchedAt: fetchedAt ?? null, ...kept, forecast: null });
}
