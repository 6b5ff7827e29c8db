// The WebAssembly instance behind the cards: loaded once for a page, and replaced when it fails.

import { cardFile, loadFallback } from "./card-files.js";

/** The instance that new cards use. */
let current;
/** Every instance that was loaded: callbacks of one that failed may still run. */
const instances = [];

/** What of the card does not load. Why is found out by `load-error.js`, which is loaded only then. */
export class LoadError extends Error {
  constructor(url, cause, known) {
    super(`${url} does not load.`, { cause });
    Object.assign(this, { url, ...known });
  }
}

/** Rejects with a LoadError in place of the error of a promise. */
async function loading(url, promise, known) {
  try {
    return await promise;
  } catch (error) {
    throw new LoadError(url, error, known);
  }
}

class Instance {
  isRunning = false;
  hasFailed = false;
  #failureListeners = new Set();
  #stopAll;

  constructor(number) {
    // Browsers keep a module that failed for its URL, so each further instance has another URL.
    const query = number === 0 ? "" : `?${number}`;
    this.glueUrl = cardFile(`airalo-balance.js${query}`);
    this.wasmUrl = cardFile(`airalo-balance_bg.wasm${query}`);
    /** The exports of the glue, once it is running; `ready` resolves with them. */
    this.glue = undefined;
    this.ready = this.#load();
  }

  async #load() {
    try {
      const [glue, response] = await Promise.all([
        loading(this.glueUrl, import(this.glueUrl), { isImport: true }),
        loading(this.wasmUrl, fetch(this.wasmUrl)),
      ]);
      await loading(this.wasmUrl, glue.default({ module_or_path: response }), { response });
      this.#stopAll = glue.stopAll;
      this.glue = glue;
      this.isRunning = true;
      return glue;
    } catch (error) {
      // The next card tries again.
      if (current === this) current = undefined;
      const fallback = await loadFallback();
      // Sets `message` and `isFile`.
      Object.assign(error, await fallback?.explain(error));
      // Once for all cards that wait for this instance.
      console.error(`<airalo-balance> cannot run here: ${error.message}`, error.cause ?? "");
      throw error;
    }
  }

  addFailureListener(listener) {
    this.#failureListeners.add(listener);
  }

  removeFailureListener(listener) {
    this.#failureListeners.delete(listener);
  }

  /** Runs a call into the WebAssembly. A call that throws has left the instance in an unknown state. */
  run(call) {
    try {
      call();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Stops the instance and tells its cards, once. */
  fail(error) {
    if (current === this) current = undefined;
    if (this.hasFailed) return;
    this.hasFailed = true;
    console.error("<airalo-balance> failed and was stopped; the rest of the page is not affected.", error);
    try {
      this.#stopAll?.();
    } catch {
      // It may trap again.
    }
    for (const listener of this.#failureListeners) listener(error);
  }

  /** Whether a stack names this instance. Some browsers name only the glue, not the WebAssembly. */
  isIn(stack) {
    return [this.wasmUrl, this.glueUrl].some((url) => {
      const literal = url.replace(/[^\w]/g, "\\$&");
      return new RegExp(`${literal}(?![\\w?])`).test(stack);
    });
  }
}

export function loadInstance() {
  if (!current) {
    current = new Instance(instances.length);
    instances.push(current);
  }
  return current;
}

/** Whether the WebAssembly has loaded, so that a new card mounts at once. */
export const isRunning = () => current?.isRunning === true;

let lastSlot = Promise.resolve();

/** Cards mount one per task, so that twenty cards on a page are not one long task. */
export function nextMountSlot() {
  lastSlot = lastSlot.then(() => new Promise((resolve) => setTimeout(resolve)));
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

/**
 * Where an error was thrown: the first line of its stack that names a place. The lines before it are
 * its message, which may hold anything.
 */
const topFrame = (error) =>
  String(error?.stack).split("\n").find((line) => /:(\d+:\d+|wasm-function\[.*\]:0x[\da-f]+)\)?$/.test(line)) ?? "";

let isContaining = false;

/**
 * A panic in WebAssembly is a trap, and where the browser lacks something the glue throws. Where it
 * happens in an event, a timer or a promise, only the window hears of it. The instance is in an
 * unknown state then, so all of its cards fall back. An error of a page's own function that the card
 * has called was thrown elsewhere and is left to the page.
 */
export function containTraps() {
  if (isContaining) return;
  isContaining = true;
  const onError = (event) => {
    const error = event.error ?? event.reason;
    const isTrap = error instanceof WebAssembly.RuntimeError;
    const place = isTrap ? error.stack : topFrame(error);
    const instance = instances.findLast((instance) => instance.isIn(place));
    if (!instance) return;
    event.preventDefault();
    instance.fail(error);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onError);
}
