// The class of <airalo-balance>. Importing this file changes nothing, in a browser or in Node.
//
// The class owns the element: its attributes, its shadow root, its place on the page.
// What the card shows and says is decided in the WebAssembly that it loads.

const VERSION = "0.1.0";
const TAG = "airalo-balance";
const GLUE = "./card/airalo-balance.js";
const WASM = "./card/airalo-balance_bg.wasm";

/** The stylesheet, put in its place by the build. */
const CSS = "/* card.css */";

/** Each attribute is a property too, with the value that the property has without it. */
const ATTRIBUTES = {
  "proxy-url": "",
  "refresh-interval": 300,
  "request-timeout": 10,
  "low-threshold": "",
  "critical-threshold": "",
  "credit-limit": "",
  "top-up-url": "",
  label: "",
  locale: "",
  theme: "auto",
  variant: "card",
  credentials: "same-origin",
  loading: "eager",
  "no-top-up": false,
  "no-refresh": false,
};

/** The states that a page's stylesheet can select with `:state(…)`. */
const STATES = ["loading", "ready", "empty", "error", "stale", "low", "critical"];

// One WebAssembly instance serves every element of the page. A load that failed is forgotten, so
// that the next element may try again; so is an instance that broke.
let instance;
let instances = 0;

function load() {
  if (instance) return instance;
  const beside = (path) => new URL(path, import.meta.url).href;
  // The module of a broken instance stays broken; under another address there is a fresh one.
  const glue = beside(instances === 0 ? GLUE : `${GLUE}?${instances}`);
  const mine = { cards: new Set(), running: false };
  mine.ready = Promise.all([import(glue), fetch(beside(WASM))])
    .then(([glue, response]) => glue.default({ module_or_path: response }).then(() => glue))
    .then((glue) => {
      mine.running = true;
      return glue;
    })
    .catch((error) => {
      if (instance === mine) instance = undefined;
      throw error;
    });
  instance = mine;
  return mine;
}

// A panic in WebAssembly ends in a trap, wherever it was called from: out of an event, a timer or
// an answer it reaches nobody but the window. What was half done stays half done, so the whole
// instance is given up: its cards fall back, the page goes on.
function watchForTraps() {
  const onError = (event) => {
    const error = event.error ?? event.reason;
    if (!(error instanceof WebAssembly.RuntimeError) || !instance || !error.stack?.includes(WASM.slice(1))) return;
    event.preventDefault();
    breakDown(error);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onError);
}

function breakDown(error) {
  const broken = instance;
  if (!broken) return;
  instance = undefined;
  instances += 1;
  console.error("<airalo-balance> broke and was stopped; the rest of the page is not affected.", error);
  for (const fall of broken.cards) fall();
}

// First requests that no card has taken over yet: elements that ask the same share one.
const firstRequests = new Map();

/** The card itself complains about a URL that cannot be asked; here it is only left alone. */
function requestUrl(given) {
  try {
    const url = new URL(given, document.baseURI);
    return given && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// Headers are the same if they are the same object.
const headersSeen = new WeakMap();

function nameOf(headers) {
  if (!headers) return "";
  if (!headersSeen.has(headers)) headersSeen.set(headers, `#${Math.random()}`);
  return headersSeen.get(headers);
}

async function send(url, credentials, given, signal) {
  let own;
  try {
    own = typeof given === "function" ? await given() : given;
  } catch {
    return null; // The card knows that for what it is: nobody is signed in.
  }
  const headers = { ...own, Accept: "application/json", "X-Airalo-Widget": "1" };
  return fetch(url, { credentials, headers, signal });
}

/** Starts asking for the balance, so that the answer travels while the card is loading. */
function startRequest(element) {
  const url = requestUrl(element.proxyUrl.trim());
  // A card that runs already asks by itself, or knows the answer from another card. And what
  // nobody can see yet is not asked for: the card does so when its time has come.
  const early = url && !instance?.running && !document.hidden && navigator.onLine && element.loading !== "lazy";
  if (!early) return null;

  const { credentials, headers } = element;
  const key = `${credentials} ${url} ${nameOf(headers)}`;
  let request = firstRequests.get(key);
  if (!request) {
    const controller = new AbortController();
    const startedAt = performance.now();
    const response = send(url, credentials, headers, controller.signal);
    // Whoever takes the request over hears of its failure; until then nobody else should.
    response.catch(() => {});
    request = { key, url: url.href, response, controller, startedAt, users: 0 };
    firstRequests.set(key, request);
  }
  request.users += 1;
  return request;
}

/** An element that goes before its card came needs no answer any more. */
function giveUp(request) {
  request.users -= 1;
  if (request.users > 0 || firstRequests.get(request.key) !== request) return;
  firstRequests.delete(request.key);
  request.controller.abort();
}

const sheets = new WeakMap();

function sheetOf(document) {
  let sheet = sheets.get(document);
  if (!sheet) {
    // A constructed sheet belongs to one document, and no policy for inline styles stops it.
    sheet = new document.defaultView.CSSStyleSheet();
    sheet.replaceSync(CSS);
    sheets.set(document, sheet);
  }
  return sheet;
}

/** What is on the card before its code is there: the same boxes, with bars instead of words. */
function skeleton(document) {
  const box = (parent, tag, name, part = name) => {
    const element = document.createElement(tag);
    element.className = name;
    if (part) element.part = part;
    parent.append(element);
    return element;
  };
  const stage = document.createElement("div");
  stage.className = "stage";
  const base = box(stage, "section", "card loading", "base");
  base.ariaBusy = "true";
  const label = box(box(base, "div", "header"), "span", "label");
  box(label, "span", "bone", "");
  const amount = box(box(base, "div", "list"), "div", "amount", "");
  // What a server wrote into the element stands here until the card knows better.
  box(box(amount, "slot", "", ""), "span", "bone", "");
  const foot = box(base, "div", "foot", "");
  box(box(box(foot, "div", "status known", "status"), "span", "as-of", ""), "span", "bone", "");
  return stage;
}

const freeze = (value) => {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
};

const nothingKnown = freeze({
  state: "loading",
  balances: [],
  level: null,
  fetchedAt: null,
  stale: false,
  error: null,
});

// In Node there is no HTMLElement, and importing this file must do no harm there.
const Base = globalThis.HTMLElement ?? class {};

/**
 * Shows how much credit is left.
 *
 * @element airalo-balance
 * @fires airalo-balance-ready - a balance, or the absence of an account, is shown for the first time
 * @fires airalo-balance-change - the balances differ from the last ones shown
 * @fires airalo-balance-level - there is more or less cause for concern than before
 * @fires airalo-balance-error - a request failed
 * @fires airalo-balance-top-up - the top-up link was pressed; cancelable
 * @slot - shown until the card is there, and where it cannot run
 * @slot label - in place of the title
 * @slot actions - beside the card's own buttons
 * @slot footer - below everything
 */
export class AiraloBalanceElement extends Base {
  static version = VERSION;
  static observedAttributes = Object.keys(ATTRIBUTES);

  #card; // the mounted card, once its code is there
  #instance; // what it runs in
  #fall = () => this.#fail(); // what to do when that breaks
  #headers = null;
  #messages = null;
  #stage; // what is drawn at present
  #request; // the first request, until the card takes it over
  #turn = 0; // counts mounts, so that one that comes too late knows it
  #updating = false;
  #snapshot = nothingKnown;
  #waiting = []; // promises of refresh()
  #internals;

  constructor() {
    super();
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheetOf(this.ownerDocument)];
    this.#internals = this.attachInternals?.();
  }

  connectedCallback() {
    for (const name of ["headers", "messages", ...Object.keys(ATTRIBUTES).map(camelCase)]) this.#upgrade(name);
    if (this.#stage) this.#update(); // Only moved, perhaps to a place with another language.
    else this.#begin();
  }

  // Its presence keeps `moveBefore()` from taking the element off the page and on again.
  connectedMoveCallback() {
    this.#update();
  }

  disconnectedCallback() {
    // A move is a removal and an insertion in one go; only what stays away is taken down.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  adoptedCallback() {
    this.shadowRoot.adoptedStyleSheets = [sheetOf(this.ownerDocument)];
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#update();
  }

  /**
   * Headers for every request: an object, or a function that returns one or a promise of one and
   * is called before each request.
   */
  get headers() {
    return this.#headers;
  }

  set headers(value) {
    this.#headers = value ?? null;
    this.#update();
  }

  /** Texts in place of the card's own, by their keys. */
  get messages() {
    return this.#messages;
  }

  set messages(value) {
    this.#messages = value ?? null;
    this.#update();
  }

  /** What the card knows: `{state, balances, level, fetchedAt, stale, error}`. Frozen. */
  get snapshot() {
    return this.#snapshot;
  }

  /** Asks for a fresh balance; resolves with the snapshot when it has come, or failed to. */
  refresh() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.isConnected) this.#settle();
      else this.#guard(() => this.#card?.refresh());
    });
  }

  async #begin() {
    const turn = ++this.#turn;
    this.#show(skeleton(this.ownerDocument));
    this.#request = startRequest(this);
    try {
      const home = load();
      const glue = await home.ready;
      if (turn !== this.#turn) return;
      const root = this.ownerDocument.createElement("div");
      root.className = "stage";
      const request = this.#request;
      this.#request = undefined;
      if (request) firstRequests.delete(request.key);
      this.#instance = home;
      home.cards.add(this.#fall);
      this.#guard(() => {
        this.#card = glue.mount(this, root, request, (name, detail) => this.#hear(root, name, detail));
      });
      // A lazy card has to be on the page to come into sight; it draws its own skeleton.
      if (this.#card && this.loading === "lazy") this.#show(root);
    } catch (error) {
      if (turn !== this.#turn) return;
      console.error("<airalo-balance> cannot run here.", error);
      this.#fail();
    }
  }

  #end() {
    this.#turn += 1;
    const card = this.#card;
    this.#leave();
    this.#guard(() => card?.destroy());
    if (this.#request) giveUp(this.#request);
    this.#request = undefined;
    this.#stage?.remove();
    this.#stage = undefined;
    this.#know(nothingKnown);
    this.#state("busy", false);
    this.#settle();
  }

  /** However many attributes change at once, the card looks at them once. */
  #update() {
    if (this.#updating || !this.#stage) return;
    this.#updating = true;
    queueMicrotask(() => {
      this.#updating = false;
      if (this.#card) {
        this.#guard(() => this.#card.update());
      } else if (this.#request !== undefined) {
        // The card is still loading: make sure that the right thing is being asked.
        const before = this.#request;
        this.#request = startRequest(this);
        if (before) giveUp(before);
      }
    });
  }

  #show(stage) {
    this.#stage?.remove();
    this.#stage = stage;
    this.shadowRoot.append(stage);
  }

  /** The card speaks: of itself, and of what a page may want to hear. */
  #hear(root, name, detail) {
    if (name === "snapshot") {
      // The skeleton stays until there is something to take its place.
      if (this.#stage !== root && detail.state !== "loading") this.#show(root);
      this.#know(freeze(detail));
      return true;
    }
    if (name === "busy") {
      this.#state("busy", detail);
      return true;
    }
    if (name === "settled") {
      this.#settle();
      return true;
    }
    const cancelable = name === "top-up";
    const event = new CustomEvent(`${TAG}-${name}`, { detail, cancelable, bubbles: true, composed: true });
    return this.dispatchEvent(event);
  }

  #know(snapshot) {
    this.#snapshot = snapshot;
    const now = [snapshot.state, snapshot.level, snapshot.stale && "stale"];
    for (const state of STATES) this.#state(state, now.includes(state));
  }

  #state(name, on) {
    try {
      if (on) this.#internals.states.add(name);
      else this.#internals.states.delete(name);
    } catch {
      // Older browsers have no states, or spell them in another way; they do without.
    }
  }

  #settle() {
    for (const resolve of this.#waiting.splice(0)) resolve(this.#snapshot);
  }

  #leave() {
    this.#instance?.cards.delete(this.#fall);
    this.#instance = undefined;
    this.#card = undefined;
  }

  #guard(act) {
    try {
      act();
    } catch (error) {
      breakDown(error);
    }
  }

  /** WebAssembly is refused, absent or broken: what the page put into the element remains. */
  #fail() {
    if (this.#request) giveUp(this.#request);
    this.#request = undefined;
    this.#leave();
    const stage = skeleton(this.ownerDocument);
    stage.querySelector("section").className = "card unsupported";
    stage.querySelector("section").ariaBusy = null;
    stage.querySelector(".amount slot").textContent = "—";
    stage.querySelector(".header").remove();
    stage.querySelector(".foot").remove();
    this.#show(stage);
    const detail = { code: "unsupported", retryable: false, status: null, retryAfter: null };
    this.#know(freeze({ ...nothingKnown, state: "error", error: { ...detail } }));
    this.#hear(stage, "error", detail);
    this.#settle();
  }

  /** A property that was set before the element was one would hide the accessor for ever. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }
}

const camelCase = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

for (const [name, initial] of Object.entries(ATTRIBUTES)) {
  Object.defineProperty(AiraloBalanceElement.prototype, camelCase(name), {
    configurable: true,
    enumerable: true,
    get() {
      const value = this.getAttribute(name);
      if (typeof initial === "boolean") return value !== null;
      if (typeof initial === "number") return value?.trim() && Number(value) >= 0 ? Number(value) : initial;
      return value ?? initial;
    },
    set(value) {
      if (typeof initial === "boolean") this.toggleAttribute(name, Boolean(value));
      else if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}

const known = new WeakSet();
let watching = false;

/**
 * Registers the element. A name that is taken is left alone, with one warning if whoever took
 * it is not this very class.
 */
export function define(tag = TAG, registry = globalThis.customElements) {
  if (!registry) return;
  watching ||= (watchForTraps(), true);
  const taken = registry.get(tag);
  if (!taken) {
    // A class can have one name only; a second one is for a class of its own.
    const own = tag === TAG ? AiraloBalanceElement : class extends AiraloBalanceElement {};
    known.add(own);
    registry.define(tag, own);
  } else if (!known.has(taken)) {
    known.add(taken);
    console.warn(`<${tag}> is defined already, by version ${taken.version ?? "unknown"}; ${VERSION} stays aside.`);
  }
}

/** Puts a card into `target` without any markup. `config` holds properties of the element. */
export function mount(target, config = {}) {
  const place = typeof target === "string" ? document.querySelector(target) : target;
  if (!place?.append) throw new TypeError(`airalo-balance: there is no element to mount into (${target})`);
  define();
  const element = place.ownerDocument.createElement(TAG);
  Object.assign(element, config);
  place.append(element);
  return {
    element,
    update: (changes) => void Object.assign(element, changes),
    refresh: () => element.refresh(),
    destroy: () => element.remove(),
  };
}
