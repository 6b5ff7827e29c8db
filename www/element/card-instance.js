// The WebAssembly behind the cards: loaded once for a page, and given up when it breaks.

// `CARD_FOLDER` is put in by www/build.mjs: the address of the card's files, beside this one.
const GLUE = `${CARD_FOLDER}airalo-balance.js`;
const WASM = `${CARD_FOLDER}airalo-balance_bg.wasm`;

const beside = (path) => new URL(path, import.meta.url).href;

// One WebAssembly instance serves every element of the page. A load that failed is forgotten, so
// that the next element may try again; so is an instance that broke. Browsers remember a module
// that failed, so that the next one needs another address.
let instance;
let instances = 0;

export function load() {
  if (instance) return instance;
  const mark = instances === 0 ? "" : `?${instances}`;
  instances += 1;
  const home = { cards: new Set(), running: false, glue: beside(GLUE + mark), wasm: beside(WASM + mark) };
  home.ready = Promise.all([import(home.glue), fetch(home.wasm)])
    .then(([glue, response]) => glue.default({ module_or_path: response }).then(() => glue))
    .then((glue) => {
      home.running = true;
      home.stopAll = glue.stopAll;
      return glue;
    })
    .catch((error) => {
      if (instance === home) instance = undefined;
      throw error;
    });
  instance = home;
  homes.push(home);
  return home;
}

/**
 * Cards are mounted one after the other, each in a task of its own, so that the page is never kept
 * waiting by all of them. It is a condition too: yew's list of what is to be drawn first never gets
 * long, and what it would need for that is left out (`xtask/src/link/unused.rs`).
 */
export const myTurn = () => (turn = turn.then(() => new Promise((next) => setTimeout(next))));
let turn = Promise.resolve();

/** Whether the code is there already, and cards that are connected now only wait for their turn. */
export const isRunning = () => instance?.running === true;

// Every instance there has been: one that broke may still have something to say.
const homes = [];

// A panic in WebAssembly ends in a trap, wherever it was called from: out of an event, a timer or
// an answer it reaches nobody but the window. What was half done stays half done, so the whole
// instance is given up: its cards fall back, the page goes on.
export function watchForTraps() {
  const onError = (event) => {
    const error = event.error ?? event.reason;
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    // Not every browser names the WebAssembly in a stack, but all name the glue that called it.
    const named = (url) => new RegExp(`${url.replace(/[^\w]/g, "\\$&")}(?![\\w?])`).test(error.stack);
    const home = homes.findLast((home) => named(home.wasm) || named(home.glue));
    if (!home) return;
    event.preventDefault();
    breakDown(home, error);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onError);
}

export function breakDown(home, error) {
  if (instance === home) instance = undefined;
  if (home.broken) return;
  home.broken = true;
  console.error("<airalo-balance> broke and was stopped; the rest of the page is not affected.", error);
  try {
    home.stopAll?.();
  } catch {
    // It may trap once more on its way out.
  }
  for (const fall of home.cards) fall();
}
