// The classes that the glue of wasm-bindgen asks values for with `instanceof`. The build puts these
// in the place of the globals, because old libraries give the globals' names to classes of their own:
// with the `Window` of MooTools no page would have a window.

const toString = Object.prototype.toString;

/** A class whose instances are the values that pass the test. */
const classOf = (test) =>
  class {
    static [Symbol.hasInstance](value) {
      return test(value);
    }
  };

export const Window = classOf((value) => value === globalThis);
export const Element = classOf((value) => value?.nodeType === 1);
export const ShadowRoot = classOf((value) => value?.nodeType === 11 && value.host?.nodeType === 1);
/** A polyfill's response is no native one, but an instance of the polyfill's class. */
export const Response = classOf(
  (value) => toString.call(value) === "[object Response]" || value instanceof globalThis.Response,
);
