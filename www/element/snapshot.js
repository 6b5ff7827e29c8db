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
});

/** The detail of the event `airalo-balance-error` where WebAssembly is refused, absent or broken. */
export const UNSUPPORTED_ERROR = frozen({ code: "unsupported", retryable: false, status: null, retryAfter: null });

export const UNSUPPORTED = frozen({ ...LOADING, state: "error", error: UNSUPPORTED_ERROR });
