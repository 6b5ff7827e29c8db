// What the page has written into the element.

/** Whether there is text, besides slotted elements and scripts. */
export const hasText = (element) =>
  [...element.childNodes].some((node) => !node.slot && node.nodeName !== "SCRIPT" && node.textContent.trim());

/** The response of the proxy that a server has written into the page; undefined where there is none. */
export const initialData = (element) =>
  element.querySelector(':scope > script[type="application/json"]')?.textContent;
