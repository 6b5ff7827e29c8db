// The states that a page's stylesheet selects with `:state(…)`.

/** In milliseconds. The refresh icon turns while the state `busy` is set; a shorter request would make it flicker. */
const BUSY_DELAY = 150;

/** @import { Snapshot } from "./types.js" */

const SNAPSHOT_STATES = ["loading", "ready", "empty", "error", "stale", "low", "critical"];

export class States {
  #internals;
  /** @type {Set<string>} */
  #current = new Set();
  /** @type {number | undefined} */
  #busyTimer;

  /** @param {ElementInternals | undefined} internals */
  constructor(internals) {
    this.#internals = internals;
  }

  /**
   * Sets the states of a snapshot and removes the others.
   *
   * @param {Snapshot} snapshot
   */
  update({ state, level, stale }) {
    /** @type {unknown[]} */
    const wanted = [state, level, stale && "stale"];
    for (const name of SNAPSHOT_STATES) this.#toggle(name, wanted.includes(name));
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    clearTimeout(this.#busyTimer);
    if (busy) this.#busyTimer = setTimeout(() => this.#toggle("busy", true), BUSY_DELAY);
    else this.#toggle("busy", false);
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  #toggle(name, on) {
    // Every change of a CustomStateSet makes the browser recalculate styles, even one without effect.
    if (this.#current.has(name) === on) return;
    this.#current[on ? "add" : "delete"](name);
    try {
      this.#internals?.states[on ? "add" : "delete"](name);
    } catch {
      // Older browsers have no custom states, or accept only names with two dashes in front.
    }
  }
}
