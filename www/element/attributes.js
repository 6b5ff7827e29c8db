// The attributes of the element, and a property for each of them.
//
// `src/model/config.rs` reads the same attributes; the table `tests/attributes.json` holds both to it.

import { parseDecimal } from "./decimal.js";

/** @import { PropertyOfAttribute } from "./types.js" */
/** @typedef {keyof PropertyOfAttribute} Name */
/** @typedef {string | number | boolean} Value */

/**
 * The value of the property while the attribute is absent. Its type is the type of the property.
 *
 * @type {PropertyOfAttribute}
 */
export const DEFAULTS = {
  "proxy-url": "",
  "refresh-interval": 300,
  "request-timeout": 10,
  "low-threshold": "",
  "critical-threshold": "",
  "low-days": 0,
  "critical-days": 0,
  "history-url": "",
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
  "no-trend": false,
  "asset-base": "",
};

export const ATTRIBUTES = /** @type {Name[]} */ (Object.keys(DEFAULTS));

/** @param {string} name */
export const camelCase = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/**
 * Numbers beyond are moved into their range. A timeout of 0 too; any other 0 stays, and turns something off.
 *
 * @type {Partial<Record<Name, [least: number, most: number]>>}
 */
const RANGES = { "refresh-interval": [10, 86_400], "request-timeout": [1, 120], "low-days": [1, 90], "critical-days": [1, 90] };

/**
 * Without the white space of ASCII around it.
 *
 * @param {string} text
 */
export const trimmed = (text) => text.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, "");

/**
 * Some frameworks write `false` instead of leaving a boolean attribute out.
 *
 * @param {unknown} value
 */
const isTrue = (value) => trimmed(String(value)).toLowerCase() !== "false";

/**
 * @param {string} text
 * @param {Name} name
 * @param {number} initial
 */
function whole(text, name, initial) {
  if (!/^\d+$/.test(text)) return initial;
  const number = Number(text);
  const [least, most] = RANGES[name] ?? [0, Infinity];
  return number === 0 && name !== "request-timeout" ? 0 : Math.min(Math.max(number, least), most);
}

/**
 * @param {Element} element
 * @param {Name} name
 * @param {Value} initial
 */
function read(element, name, initial) {
  const value = element.getAttribute(name);
  if (typeof initial === "boolean") return value !== null && isTrue(value);
  if (typeof initial === "number") return whole(trimmed(value ?? ""), name, initial);
  return value ?? initial;
}

/**
 * @param {Element} element
 * @param {Name} name
 * @param {Value} initial
 * @param {unknown} value
 */
function write(element, name, initial, value) {
  if (typeof initial === "boolean") {
    if (!value || !isTrue(value)) element.removeAttribute(name);
    else if (!read(element, name, initial)) element.setAttribute(name, "");
  } else if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

/**
 * An attribute that holds an amount, to be compared with others; undefined where it has no effect.
 *
 * @param {string} text
 */
export const decimal = (text) => parseDecimal(trimmed(text));

/**
 * @param {{ prototype: Element }} elementClass
 * @param {string} property
 * @param {boolean} enumerable
 * @param {Name} name
 * @param {(value: unknown) => unknown} convert
 */
function defineProperty(elementClass, property, enumerable, name, convert) {
  const initial = DEFAULTS[name];
  Object.defineProperty(elementClass.prototype, property, {
    configurable: true,
    enumerable,
    /** @this {Element} */
    get() {
      return read(this, name, initial);
    },
    /** @this {Element} */
    set(value) {
      write(this, name, initial, convert(value));
    },
  });
}

/** Angular's `[low-threshold]` writes a property of that very name. Not so for booleans: frameworks mean two things by `""`. */
const ALIASES = ATTRIBUTES.filter((name) => name.includes("-") && typeof DEFAULTS[name] !== "boolean");

/**
 * Gives the class an accessor for each attribute, and one by the attribute's own name.
 *
 * @param {{ prototype: Element }} elementClass
 */
export function defineProperties(elementClass) {
  for (const name of ATTRIBUTES) defineProperty(elementClass, camelCase(name), true, name, (value) => value);
  // Preact, which finds the property, writes "" for what is undefined.
  for (const name of ALIASES) defineProperty(elementClass, name, false, name, (value) => (value === "" ? null : value));
}

/**
 * Sets again what was set before the element was defined: such a property lies on the element
 * itself and hides the accessor of the class.
 *
 * @param {Element} element
 */
export function upgradeProperties(element) {
  for (const name of ["headers", "messages", ...ALIASES, ...ATTRIBUTES.map(camelCase)]) {
    const own = Object.getOwnPropertyDescriptor(element, name);
    if (!own) continue;
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, own.value);
  }
}

/** HTML writes names in small letters: `lowThreshold` in markup is `lowthreshold`. @param {string} name */
const letters = (name) => name.toLowerCase().replace(/[-_]/g, "");

/** @type {Map<string, Name>} */
const BY_LETTERS = new Map(ATTRIBUTES.map((name) => [letters(name), name]));

/** @type {Set<string>} */
const warned = new Set();

/**
 * Warns of names that have no effect and are nearly those of the card, once of each.
 *
 * @param {string[]} names - of attributes, or of properties that the element does not have
 */
export function warnOfMisspelt(names) {
  for (const name of names) {
    const meant = BY_LETTERS.get(letters(name));
    if (!meant || meant === name || warned.has(name)) continue;
    warned.add(name);
    console.warn(`<airalo-balance> ${name} has no effect; write ${meant} as an attribute, or ${camelCase(meant)} as a property.`);
  }
}

/**
 * The keyword that an attribute holds. Any other value counts as the first keyword.
 *
 * @template {string} Keyword
 * @param {[Keyword, ...Keyword[]]} keywords
 * @param {string} value
 */
export const keyword = (keywords, value) =>
  keywords.find((keyword) => keyword === trimmed(value).toLowerCase()) ?? keywords[0];

/**
 * Whether a URL is relative, or absolute with the scheme http or https.
 *
 * @param {string} url
 */
export const isHttp = (url) => {
  const [, scheme] = /^([^:/?#]*):/.exec(url) ?? [];
  return scheme === undefined || /^https?$/i.test(scheme);
};
