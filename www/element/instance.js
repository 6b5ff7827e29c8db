// The WebAssembly instance behind the cards: loaded once for a page, and replaced when it fails.

import { fetchWasm, loadFallback, loadGlue, LoadError, startGlue } from "./card-files.js";
import { delay } from "./timing.js";

/** @import { Glue } from "./glue.js" */

/**
 * The instance that new cards use.
 *
 * @type {Instance | undefined}
 */
let current;
/**
 * Every instance that was loaded: callbacks of one that failed may still run.
 *
 * @type {Instance[]}
 */
const instances = [];

class Instance {
  isRunning = false;
  hasFailed = false;
  /**
   * The instance of the glue, once it is running; `ready` resolves with it.
   *
   * @type {Glue | undefined}
   */
  glue;
  /** @type {Set<() => void>} */
  #failureListeners = new Set();

  /** @param {string} [assetBase] */
  constructor(assetBase) {
    this.ready = this.#load(assetBase);
  }

  /**
   * @param {string | undefined} assetBase
   * @returns {Promise<Glue>}
   */
  async #load(assetBase) {
    try {
      const [module, wasm] = await Promise.all([loadGlue(), fetchWasm(assetBase)]);
      this.glue = await startGlue(module, wasm);
      this.glue.users.add(this);
      this.isRunning = true;
      instances.push(this);
      return this.glue;
    } catch (error) {
      // The next card tries again.
      if (current === this) current = undefined;
      if (error instanceof LoadError) await explain(error);
      throw error;
    }
  }

  /** @param {() => void} listener */
  addFailureListener(listener) {
    this.#failureListeners.add(listener);
  }

  /** @param {() => void} listener */
  removeFailureListener(listener) {
    this.#failureListeners.delete(listener);
  }

  /**
   * Runs a call into the WebAssembly. A call that throws has left the instance in an unknown state.
   *
   * @template Result
   * @param {() => Result} call
   */
  run(call) {
    try {
      return call();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /**
   * Stops the instance and tells its cards, once.
   *
   * @param {unknown} error
   */
  fail(error) {
    if (current === this) current = undefined;
    if (this.hasFailed) return;
    this.hasFailed = true;
    console.error("<airalo-balance> failed and was stopped; the rest of the page is not affected.", error);
    this.glue?.retire();
    try {
      this.glue?.stopAll();
    } catch {
      // It may trap again.
    }
    for (const listener of this.#failureListeners) listener();
    for (const user of this.glue?.users ?? []) user.fail(error);
  }

  /**
   * Whether this was thrown out of the WebAssembly of this instance.
   *
   * @param {object} error
   */
  hasThrown(error) {
    return this.glue?.thrown.has(error) === true;
  }
}

/**
 * Says once, for all cards that wait for an instance, why it does not load.
 *
 * @param {LoadError} error
 */
async function explain(error) {
  const fallback = await loadFallback();
  // Sets `message` and `isFile`.
  Object.assign(error, await fallback?.explain(error));
  console.error(`<airalo-balance> cannot run here: ${error.message}`, error.cause ?? "");
}

/**
 * The running instance, or a new one. `assetBase` is the folder of its WebAssembly, where a page names one.
 *
 * @param {string} [assetBase]
 */
export function loadInstance(assetBase) {
  current ??= new Instance(assetBase);
  return current;
}

/** Whether the WebAssembly has loaded, so that a new card mounts at once. */
export const isRunning = () => current?.isRunning === true;

let lastSlot = Promise.resolve();

/** Cards mount one per task, so that twenty cards on a page are not one long task. */
export function nextMountSlot() {
  lastSlot = lastSlot.then(() => delay(0));
  return lastSlot;
}

let isSlotTaken = false;

/** Whether a card may mount in this very task; one may. */
export function takeMountSlot() {
  if (isSlotTaken) return false;
  isSlotTaken = true;
  setTimeout(() => (isSlotTaken = false));
  return true;
}

let isContaining = false;

/**
 * A panic in WebAssembly is a trap, and where the browser lacks something the glue throws. Where it
 * happens in an event, a timer or a promise, only the window hears of it. The instance is in an
 * unknown state then, so all of its cards fall back. Every other error is left to the page.
 */
export function containTraps() {
  if (isContaining) return;
  isContaining = true;
  /** @param {ErrorEvent | PromiseRejectionEvent} event */
  const onError = (event) => {
    const error = "reason" in event ? event.reason : event.error;
    const instance = instances.find((instance) => instance.hasThrown(error));
    if (!instance) return;
    event.preventDefault();
    instance.fail(error);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onError);
}
