// The attributes of the element, and a property for each of them.
//
// `src/model/config.rs` reads the same attributes; the table `tests/attributes.json` holds both to it.

import { parseDecimal } from "./decimal.js";

/** The value of the property while the attribute is absent. Its type is the type of the property. */
const DEFAULTS = {
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

export const ATTRIBUTES = Object.keys(DEFAULTS);

const camelCase = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Numbers beyond are moved into their range. A timeout of 0 too; any other 0 stays, and turns something off. */
const RANGES = { "refresh-interval": [10, 86_400], "request-timeout": [1, 120], "low-days": [1, 90], "critical-days": [1, 90] };

/** Without the white space of ASCII around it. */
export const trimmed = (text) => text.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, "");

/** Some frameworks write `false` instead of leaving a boolean attribute out. */
const isTrue = (value) => trimmed(String(value)).toLowerCase() !== "false";

function whole(text, name, initial) {
  if (!/^\d+$/.test(text)) return initial;
  const number = Number(text);
  const [least, most] = RANGES[name];
  return number === 0 && name !== "request-timeout" ? 0 : Math.min(Math.max(number, least), most);
}

function read(element, name, initial) {
  const value = element.getAttribute(name);
  if (typeof initial === "boolean") return value !== null && isTrue(value);
  if (typeof initial === "number") return whole(trimmed(value ?? ""), name, initial);
  return value ?? initial;
}

function write(element, name, initial, value) {
  if (typeof initial === "boolean") {
    if (!value || !isTrue(value)) element.removeAttribute(name);
    else if (!read(element, name, initial)) element.setAttribute(name, "");
  } else if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

/** An attribute that holds an amount, to be compared with others; undefined where it has no effect. */
export const decimal = (text) => parseDecimal(trimmed(text));

/** Gives the class an accessor for each attribute. */
export function defineProperties(elementClass) {
  for (const [name, initial] of Object.entries(DEFAULTS)) {
    Object.defineProperty(elementClass.prototype, camelCase(name), {
      configurable: true,
      enumerable: true,
      get() {
        return read(this, name, initial);
      },
      set(value) {
        write(this, name, initial, value);
      },
    });
  }
}

/**
 * Sets again what was set before the element was defined: such a property lies on the element
 * itself and hides the accessor of the class.
 */
export function upgradeProperties(element) {
  for (const name of ["headers", "messages", ...ATTRIBUTES.map(camelCase)]) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}

/** The keyword that an attribute holds. Any other value counts as the first keyword. */
export const keyword = (keywords, value) =>
  keywords.find((keyword) => keyword === trimmed(value).toLowerCase()) ?? keywords[0];

/** Whether a URL is relative, or absolute with the scheme http or https. */
export const isHttp = (url) => {
  const [, scheme] = /^([^:/?#]*):/.exec(url) ?? [];
  return scheme === undefined || /^https?$/i.test(scheme);
};
