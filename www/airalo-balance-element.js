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

/** The languages besides English. Each is one small file, fetched by those who read it. */
const LANGUAGES = ["ar", "de", "es", "fr", "he", "hi", "id", "it", "ja", "ko", "pt-BR", "tr", "zh-Hans"];

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

const beside = (path) => new URL(path, import.meta.url).href;

/** The nearest `lang` up the tree, through the borders of shadow roots. */
function nearestLang(element) {
  for (let from = element; from; from = from.getRootNode().host) {
    const holder = from.closest("[lang]");
    if (holder) return holder.getAttribute("lang").trim();
  }
  return "";
}

/** The language and script of a tag, and nothing of one that is no tag. */
function spoken(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return undefined;
  }
}

/** `fr-CA` is served with `fr`; what nobody has translated, with English. */
const languageOf = (tag) => LANGUAGES.find((name) => spoken(name) === spoken(tag));

// The words that have come, and those on their way: once for the page, whoever wants them.
const words = new Map();
const wordsOnTheirWay = new Map();

function fetchWords(language) {
  if (!wordsOnTheirWay.has(language)) {
    const found = fetch(beside(`./words/${language}.json`)).then((answer) => (answer.ok ? answer.json() : null));
    // Those that cannot be had are none, and are not asked for again.
    const settled = found.catch(() => null).then((found) => words.set(language, found));
    wordsOnTheirWay.set(language, settled);
  }
  return wordsOnTheirWay.get(language);
}

/** What the place of an element means for its words, as far as they are there. */
function placeOf(element) {
  const lang = [element.locale, nearestLang(element)].find(spoken);
  const language = languageOf(lang ?? navigator.language);
  const found = words.get(language);
  return found ? { lang, language, words: found } : { lang, wanted: language };
}

/** A card rather speaks English for a moment than waits longer than this for its words. */
const PATIENCE = 1_000;

// One WebAssembly instance serves every element of the page. A load that failed is forgotten, so
// that the next element may try again; so is an instance that broke. Browsers remember a module
// that failed, so that the next one needs another address.
let instance;
let instances = 0;

function load() {
  if (instance) return instance;
  const mark = instances === 0 ? "" : `?${instances}`;
  instances += 1;
  const home = { cards: new Set(), running: false, glue: beside(GLUE + mark), wasm: beside(WASM + mark) };
  home.ready = Promise.all([import(home.glue), fetch(home.wasm)])
    .then(([glue, response]) => glue.default({ module_or_path: response }).then(() => glue))
    .then((glue) => {
      home.running = true;
      home.abandon = glue.abandon;
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

// Every instance there has been: one that broke may still have something to say.
const homes = [];

// A panic in WebAssembly ends in a trap, wherever it was called from: out of an event, a timer or
// an answer it reaches nobody but the window. What was half done stays half done, so the whole
// instance is given up: its cards fall back, the page goes on.
function watchForTraps() {
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

function breakDown(home, error) {
  if (instance === home) instance = undefined;
  if (home.broken) return;
  home.broken = true;
  console.error("<airalo-balance> broke and was stopped; the rest of the page is not affected.", error);
  try {
    home.abandon?.();
  } catch {
    // It may trap once more on its way out.
  }
  for (const fall of home.cards) fall();
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

/** What is not one of the words is the first of them, as everywhere. */
const oneOf = (words, given) => words.find((word) => word === given.trim().toLowerCase()) ?? words[0];

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
  const headers = new Headers(own ?? undefined);
  headers.set("Accept", "application/json");
  headers.set("X-Airalo-Widget", "1");
  // Out of a cache an old balance would come back as a new one.
  return fetch(url, { credentials, headers, signal, cache: "no-store" });
}

/** Starts asking for the balance, so that the answer travels while the card is loading. */
function startRequest(element) {
  const url = requestUrl(element.proxyUrl.trim());
  // A card that runs already asks by itself, or knows the answer from another card. And what
  // nobody can see yet is not asked for: the card does so when its time has come.
  const lazy = oneOf(["eager", "lazy"], element.loading) === "lazy";
  const early = url && !instance?.running && !document.hidden && navigator.onLine && !lazy;
  if (!early) return null;

  const credentials = oneOf(["same-origin", "include", "omit"], element.credentials);
  const { headers } = element;
  const key = `${credentials} ${url} ${nameOf(headers)}`;
  let request = firstRequests.get(key);
  if (!request) {
    const controller = new AbortController();
    const startedAt = performance.now();
    const response = send(url, credentials, headers, controller.signal);
    // Whoever takes the request over hears of its failure; until then nobody else should.
    response.catch(() => {});
    request = {
      key,
      controller,
      startedAt,
      users: 0,
      taken: false,
      // Several cards may hold it out to the one poller that they share; it looks at it once.
      get response() {
        this.taken = true;
        firstRequests.delete(key);
        return response;
      },
    };
    firstRequests.set(key, request);
  }
  request.users += 1;
  return request;
}

/** An element that goes before its card came needs no answer any more. */
function giveUp(request) {
  request.users -= 1;
  if (request.users > 0 || request.taken) return;
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
  #root; // what it draws into
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
    // A document without a window, such as a template's, shows nothing.
    if (!this.ownerDocument.defaultView) return;
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
    this.#headers = Object(value) === value ? value : null;
    this.#update();
  }

  /** Texts in place of the card's own, by their keys. */
  get messages() {
    return this.#messages;
  }

  set messages(value) {
    this.#messages = Object(value) === value ? value : null;
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
      const broken = !this.#card && this.#snapshot.state === "error";
      if (!this.isConnected || broken) this.#settle();
      else this.#guard(() => this.#card?.refresh());
    });
  }

  async #begin() {
    const turn = ++this.#turn;
    this.#show(skeleton(this.ownerDocument));
    try {
      this.#request = startRequest(this);
      const home = load();
      const wordsOrNot = Promise.race([this.#words(), new Promise((next) => setTimeout(next, PATIENCE))]);
      const [glue] = await Promise.all([home.ready, wordsOrNot]);
      if (turn !== this.#turn) return;
      if (home.broken) return this.#fail();
      this.#root = this.ownerDocument.createElement("div");
      this.#root.className = "stage";
      this.#instance = home;
      home.cards.add(this.#fall);
      const hear = this.#hear.bind(this, this.#root);
      const request = this.#request?.taken ? undefined : (this.#request ?? undefined);
      this.#request = undefined;
      this.#guard(() => {
        this.#card = glue.mount(this, this.#root, placeOf(this), request, hear);
      });
      // What was wished for before there was a card, and is not on its way.
      if (this.#waiting.length > 0 && !request) this.#guard(() => this.#card?.refresh());
      // The page may have changed its language meanwhile.
      this.#words();
    } catch (error) {
      if (turn !== this.#turn) return;
      console.error("<airalo-balance> cannot run here.", error);
      this.#fail();
    }
  }

  #end() {
    this.#turn += 1;
    this.#guard(() => this.#card?.destroy());
    this.#leave();
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
        this.#guard(() => this.#card.update(placeOf(this)));
        this.#words();
      } else if (this.#request !== undefined) {
        // The card is still loading: make sure that the right thing is being asked.
        const before = this.#request;
        this.#request = startRequest(this);
        if (before) giveUp(before);
      }
    });
  }

  /** Fetches the words that are wanted here, if nobody has; the card speaks them once they are there. */
  async #words() {
    const { wanted } = placeOf(this);
    if (!wanted || words.has(wanted)) return;
    await fetchWords(wanted);
    if (this.#card) this.#update();
  }

  #show(stage) {
    this.#stage?.remove();
    this.#stage = stage;
    this.shadowRoot.append(stage);
  }

  /** The card speaks: of itself, and of what a page may want to hear. */
  #hear(root, name, detail) {
    // A card that was taken down, or broke, has nothing more to say.
    if (root !== this.#root) return true;
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
    return this.#dispatch(name, detail);
  }

  #dispatch(name, detail) {
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
    this.#root = undefined;
    this.#card = undefined;
  }

  #guard(act) {
    const home = this.#instance;
    try {
      act();
    } catch (error) {
      if (home) breakDown(home, error);
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
    this.#dispatch("error", detail);
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
