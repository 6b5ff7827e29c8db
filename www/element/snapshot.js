// What the property `snapshot` holds while there is no card to fill it.

function deepFreeze(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** A snapshot that a page cannot change. */
export const frozen = deepFreeze;

export const LOADING = frozen({
  state: "loading",
  balances: [],
  level: null,
  fetchedAt: null,
  stale: false,
  error: null,
  forecast: null,
});

/** The detail of the event `airalo-balance-error` where WebAssembly is refused, absent or broken. */
export const UNSUPPORTED_ERROR = frozen({ code: "unsupported", retryable: false, status: null, retryAfter: null });

const UNSUPPORTED = frozen({ ...LOADING, state: "error", error: UNSUPPORTED_ERROR });

/**
 * The snapshot where the WebAssembly is refused, absent or broken. A card that has shown a balance
 * keeps it; `early` is the balance that the class has shown before there was a card.
 */
export function unsupported(snapshot, early) {
  const kept = { stale: true, error: UNSUPPORTED_ERROR };
  if (["ready", "empty"].includes(snapshot.state)) return frozen({ ...snapshot, ...kept });
  if (!early) return UNSUPPORTED;
  const { name, amount, currency, fetchedAt } = early;
  // Only a balance above its thresholds is shown early.
  return frozen({ state: "ready", balances: [{ name, amount, currency }], level: "ok", fetchedAt: fetchedAt ?? null, ...kept, forecast: null });
}
