// The attributes of the element, and a property for each of them.

/** The value of the property while the attribute is absent. Its type is the type of the property. */
const DEFAULTS = {
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

export const ATTRIBUTES = Object.keys(DEFAULTS);

const camelCase = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

function read(element, name, initial) {
  const value = element.getAttribute(name);
  if (typeof initial === "boolean") return value !== null;
  if (typeof initial === "number") return value?.trim() && Number(value) >= 0 ? Number(value) : initial;
  return value ?? initial;
}

function write(element, name, initial, value) {
  if (typeof initial === "boolean") element.toggleAttribute(name, Boolean(value));
  else if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

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
  keywords.find((keyword) => keyword === value.trim().toLowerCase()) ?? keywords[0];
