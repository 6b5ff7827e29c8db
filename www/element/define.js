// Registering the element, and mounting a card without markup.

import { warnOfMisspelt } from "./attributes.js";
import { AiraloBalanceElement } from "./element.js";
import { containTraps } from "./instance.js";
import { elementOf } from "./target.js";

const TAG = "airalo-balance";

/** @import { CardOptions, MountedCard } from "./types.js" */

/** On the class that is registered, which every copy on the page sees: one of them warns, once. */
const WARNED = Symbol.for("airalo-balance warned");

/**
 * Registers the element. Where the tag is taken, nothing is registered: by the same build without a
 * word, since a page may load both entry files; by anything else with one warning. Another tag gets
 * the class of this copy.
 *
 * @param {string} [tag]
 * @param {CustomElementRegistry} [registry]
 */
export function define(tag = TAG, registry = globalThis.customElements) {
  // Node has no registry.
  if (!registry) return;
  containTraps();
  /** @type {(CustomElementConstructor & Partial<typeof AiraloBalanceElement>) | undefined} */
  const registered = registry.get(tag);
  if (!registered) {
    // A class can be registered once; another tag needs a class of its own.
    registry.define(tag, tag === TAG ? AiraloBalanceElement : class extends AiraloBalanceElement {});
  } else if (registered.build !== AiraloBalanceElement.build && !Reflect.has(registered, WARNED)) {
    // An assignment would throw where a page has frozen a class of its own.
    Reflect.set(registered, WARNED, true);
    const version = registered.version ?? "unknown";
    console.warn(
      `<${tag}> is defined already, by version ${version}; this copy of version ${AiraloBalanceElement.version} is not used.`,
    );
  }
}

/**
 * Adds a card to `target`, an element or a selector. `config` holds properties of the element.
 *
 * @param {ParentNode & Node | string} target
 * @param {CardOptions} [config]
 * @returns {MountedCard}
 */
export function mount(target, config = {}) {
  const parent = elementOf(target);
  define();
  const element = parent.ownerDocument.createElement(TAG);
  /** @param {Partial<CardOptions>} options */
  const assign = (options) => {
    warnOfMisspelt(Object.keys(options).filter((name) => !(name in element)));
    Object.assign(element, options);
  };
  assign(config);
  parent.append(element);
  return {
    element,
    update: assign,
    refresh: () => element.refresh(),
    // The `remove` of Prototype.js throws for an element that is removed already.
    destroy: () => void element.parentNode?.removeChild(element),
  };
}
