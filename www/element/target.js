// Where a page mounts something.

/**
 * The element itself, or the one that a selector finds. A document is none.
 *
 * @template {ParentNode & Node} Target
 * @param {Target | string} target
 * @returns {(Target | Element) & { ownerDocument: Document }}
 */
export function elementOf(target) {
  const element = typeof target === "string" ? document.querySelector(target) : target;
  if (!element?.append || !element.ownerDocument) throw new TypeError(`airalo-balance: there is no element to mount into (${target})`);
  return /** @type {(Target | Element) & { ownerDocument: Document }} */ (element);
}
