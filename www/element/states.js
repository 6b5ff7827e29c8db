// The states that a page's stylesheet selects with `:state(…)`.

/** In milliseconds. The refresh icon turns while the state `busy` is set; a shorter request would make it flicker. */
const BUSY_DELAY = 150;

const SNAPSHOT_STATES = ["loading", "ready", "empty", "error", "stale", "low", "critical"];

export class States {
  #internals;
  #current = new Set();
  #busyTimer;

  constructor(internals) {
    this.#internals = internals;
  }

  /** Sets the states of a snapshot and removes the others. */
  update({ state, level, stale }) {
    const wanted = [state, level, stale && "stale"];
    for (const name of SNAPSHOT_STATES) this.#toggle(name, wanted.includes(name));
  }

  setBusy(busy) {
    clearTimeout(this.#busyTimer);
    if (busy) this.#busyTimer = setTimeout(() => this.#toggle("busy", true), BUSY_DELAY);
    else this.#toggle("busy", false);
  }

  #toggle(name, on) {
    // Every change of a CustomStateSet makes the browser recalculate styles, even one without effect.
    if (this.#current.has(name) === on) return;
    this.#current[on ? "add" : "delete"](name);
    try {
      this.#internals.states[on ? "add" : "delete"](name);
    } catch {
      // Older browsers have no custom states, or accept only names with two dashes in front.
    }
  }
}
