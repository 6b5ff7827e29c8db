// The address of this page sets how its card looks. Whoever frames or links to it chooses the address,
// so nothing in it can name another server or put words of others on this one.

const ATTRIBUTES = [
  "credit-limit",
  "critical-days",
  "critical-threshold",
  "locale",
  "low-days",
  "low-threshold",
  "no-refresh",
  "no-top-up",
  "no-trend",
  "refresh-interval",
  "theme",
  "variant",
];

const card = document.querySelector("airalo-balance");

for (const [name, value] of new URLSearchParams(location.search)) {
  if (ATTRIBUTES.includes(name)) card.setAttribute(name, value);
  else if (name === "fit") fit();
  else console.warn(`?${name}= was ignored; these are read: ${ATTRIBUTES.join(", ")}, fit`);
}

if (self.origin === "null") askByLoading();

/** The card is as high as it needs, and the page around the frame is told. A height is no secret, so any page may be. */
function fit() {
  document.documentElement.classList.add("fit");
  const tell = ([{ borderBoxSize }]) => {
    const height = Math.ceil(borderBoxSize[0].blockSize);
    parent.postMessage({ type: "airalo-balance-resize", height }, "*");
  };
  if (parent !== self) new ResizeObserver(tell).observe(document.body);
}

/**
 * In a frame with `sandbox`, but without `allow-same-origin`, the page has no origin, and nobody could
 * allow it to ask. The balance comes with the page, which is loaded anew where the card would ask.
 */
function askByLoading() {
  const seconds = Number(card.getAttribute("refresh-interval") ?? 300);
  card.setAttribute("refresh-interval", "0");
  card.setAttribute("no-refresh", "");
  const load = () => {
    if (document.hidden) document.addEventListener("visibilitychange", load, { once: true });
    else location.reload();
  };
  if (seconds > 0) setTimeout(load, Math.max(seconds, 10) * 1000);
}
