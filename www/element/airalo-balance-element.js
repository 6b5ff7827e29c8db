// The class of <airalo-balance>. Importing this file changes nothing, in a browser or in Node.
//
// The class owns the element: its attributes, its shadow root, its place on the page.
// What the card shows and says is decided in the WebAssembly that it loads.

import { breakDown, isRunning, load, myTurn, watchForTraps } from "./card-instance.js";
import { fetchWords, placeOf, words } from "./card-words.js";
import { plainBalance, warmUp, write } from "./first-amount.js";
import { giveUp, startRequest } from "./first-request.js";
import { entitle, painted, preview, regionOf, sheetOf, skeleton, unsupported } from "./skeleton.js";

const VERSION = "0.1.0";
const TAG = "airalo-balance";

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

/** A card rather speaks English for a moment than waits longer than this for its words. */
const PATIENCE = 1_000;

/** A request that takes longer than this is seen to be under way. */
const MOMENT = 150;

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
  #region; // what is said aloud
  #cameWith = ""; // the URL that an answer in the page belongs to
  #request; // the first request, until the card takes it over
  #turn = 0; // counts mounts, so that one that comes too late knows it
  #updating = false;
  #snapshot = nothingKnown;
  #waiting = []; // promises of refresh()
  #busy; // the timer of the state of that name
  #internals;
  #states = new Set(); // those that are on

  constructor() {
    super();
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.#internals = this.attachInternals?.();
    shadow.addEventListener("beforetoggle", giveFocusBack, true);
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
    try {
      // What travels goes first: everything else can be done while it is on its way. What the
      // page brought along need not be asked for, or not yet.
      this.#cameWith = this.proxyUrl;
      const given = this.#given() !== undefined;
      this.#request = given ? null : startRequest(this);
      // With its balance on the page already, that is to be seen first.
      if (given && !isRunning()) {
        this.#dress();
        await painted();
        if (turn !== this.#turn) return;
      }
      const home = load();
      if (!this.#stage) this.#dress();
      if (!home.running) setTimeout(warmUp);
      if (!given) this.#preview(this.#request?.balance);
      else if (!hasText(this)) painted().then(() => this.#preview(plainBalance(this.#given())));
      const wordsOrNot = Promise.race([this.#words(), after(PATIENCE)]);
      const [glue] = await Promise.all([home.ready, wordsOrNot]);
      await myTurn();
      // An answer that is there already is seen sooner if the card waits for a moment.
      if (this.#request?.answered) await Promise.race([this.#request.seen, after(MOMENT)]);
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
        const place = { ...placeOf(this), initialData: this.#given() };
        this.#card = glue.mount(this, this.#root, place, request, hear);
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

  /** The answer that the page brought along, unless the card has been pointed elsewhere since. */
  #given() {
    return this.proxyUrl === this.#cameWith ? givenTo(this)?.textContent : undefined;
  }

  /** What can be seen before there is a card. */
  #dress() {
    this.shadowRoot.adoptedStyleSheets = [sheetOf(this.ownerDocument)];
    this.#region ??= this.shadowRoot.appendChild(regionOf(this.ownerDocument));
    const { language, wanted } = placeOf(this);
    // English is what a card speaks by itself; other words may still be on their way.
    const label = this.label || this.#say("label", wanted ? undefined : "Available credit");
    const withMeter = Number(this.creditLimit) > 0;
    const withText = hasText(this);
    this.#show(skeleton(this.ownerDocument, { label, language: language ?? wanted ?? "en", withMeter, withText }));
  }

  /** Shows the amount once it is known, if the card has not done so. */
  async #preview(balance) {
    const [turn, url] = [this.#turn, this.proxyUrl];
    const known = await balance;
    const late = turn !== this.#turn || url !== this.proxyUrl || this.#stage === this.#root;
    if (!known || late) return;
    const { locale, lowThreshold, criticalThreshold } = this;
    const text = write(known, { ...placeOf(this), locale, thresholds: [lowThreshold, criticalThreshold] });
    if (text) preview(this.#stage, text);
  }

  #end() {
    this.#turn += 1;
    this.#guard(() => this.#card?.destroy());
    this.#leave();
    if (this.#request) giveUp(this.#request);
    this.#request = undefined;
    this.#stage?.remove();
    this.#stage = undefined;
    this.#region.textContent = "";
    this.#know(nothingKnown);
    this.#busyFor(false);
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
      } else if (this.#request !== undefined && this.#given() === undefined) {
        // The card is still loading: make sure that the right thing is being asked.
        const before = this.#request;
        this.#request = startRequest(this);
        if (before) giveUp(before);
        if (before !== this.#request) this.#dress();
        this.#preview(this.#request?.balance);
      }
    });
  }

  /** Fetches the words that are wanted here, if nobody has; the card speaks them once they are there. */
  async #words() {
    const { wanted } = placeOf(this);
    if (!wanted || words.has(wanted)) return;
    await fetchWords(wanted);
    if (this.#card) this.#update();
    const waits = this.#stage && this.#stage !== this.#root;
    if (waits && !this.label) entitle(this.#stage, this.#say("label"));
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
      this.#busyFor(detail);
      return true;
    }
    if (name === "announcement") {
      this.#region.lang = placeOf(this).language ?? "en";
      this.#region.textContent = detail;
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
    // Whatever is said to the browser about states has it look through the styles again.
    if (this.#states.has(name) === Boolean(on)) return;
    this.#states[on ? "add" : "delete"](name);
    try {
      if (on) this.#internals.states.add(name);
      else this.#internals.states.delete(name);
    } catch {
      // Older browsers have no states, or spell them in another way; they do without.
    }
  }

  /** What is over in a moment would only flicker, and a turning sign is drawn again and again. */
  #busyFor(busy) {
    clearTimeout(this.#busy);
    if (busy) this.#busy = setTimeout(() => this.#state("busy", true), MOMENT);
    else this.#state("busy", false);
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
    this.#turn += 1;
    if (this.#request) giveUp(this.#request);
    this.#request = undefined;
    this.#leave();
    this.#busyFor(false);
    if (!this.#stage) this.#dress();
    const say = (key, english) => this.#say(key, english);
    const stage = unsupported(this.ownerDocument, say, hasText(this));
    this.#region.textContent = stage.querySelector(".title").textContent;
    this.#show(stage);
    const detail = { code: "unsupported", retryable: false, status: null, retryAfter: null };
    this.#know(freeze({ ...nothingKnown, state: "error", error: { ...detail } }));
    this.#dispatch("error", detail);
    this.#settle();
  }

  /** One of the few sentences that a card needs before, or without, its code. */
  #say(key, english) {
    return this.#messages?.[key] ?? placeOf(this).messages?.[key] ?? english;
  }

  /** A property that was set before the element was one would hide the accessor for ever. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }
}

/** The answer that the page has put into the element, if it has. */
const givenTo = (element) => element.querySelector(':scope > script[type="application/json"]');

/** Whether there is something to read in the element, besides slots and scripts. */
const hasText = (element) =>
  [...element.childNodes].some((node) => !node.slot && node.nodeName !== "SCRIPT" && node.textContent.trim());

/**
 * Who closes the details stands again where they were opened. Browsers do that by themselves, but
 * Chromium (156) does not inside a shadow root.
 */
function giveFocusBack({ newState, target }) {
  const root = target.getRootNode();
  if (newState === "closed" && target.contains(root.activeElement)) root.querySelector(".more").focus();
}

const after = (milliseconds) => new Promise((next) => setTimeout(next, milliseconds));

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
