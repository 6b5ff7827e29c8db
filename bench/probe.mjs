// What observes the page. It runs before anything else on the page and is the same for every
// variant. It reacts to what the browser reports and never polls.

/**
 * Sets `window.bench`. `painted` resolves with the time since the navigation began at which the
 * frame with the last balance was sent to the screen. `complete` resolves with the same for the whole
 * card, where `completeEvent` names an event for it, and is equal to `painted` otherwise.
 */
export function probe({ text, cards, completeEvent }) {
  const seen = new Set();
  const bench = (window.bench = { longestTask: 0, longestScript: 0, memories: new Set() });
  let resolvePainted;
  bench.painted = new Promise((resolve) => (resolvePainted = resolve));

  const cardOf = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const root = node.getRootNode();
    return (root instanceof ShadowRoot ? root.host : element)?.closest("[data-card]");
  };
  const afterFrame = (callback) =>
    requestAnimationFrame(() => {
      // A message is delivered after the frame has been laid out and painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => callback(performance.now());
      port2.postMessage(null);
    });
  const addSeen = (card) => {
    if (!card || seen.has(card) || seen.size === cards) return;
    seen.add(card);
    if (seen.size === cards) afterFrame(resolvePainted);
  };
  bench.complete = bench.painted;
  if (completeEvent) {
    let left = cards;
    bench.complete = new Promise((resolve) => {
      document.addEventListener(completeEvent, () => (left -= 1) || afterFrame(resolve));
    });
  }
  const inspect = (node) => {
    if (node.nodeName === "SCRIPT" || !node.textContent?.includes(text)) return;
    const card = cardOf(node);
    if (card) return addSeen(card);
    for (const card of node.querySelectorAll?.("[data-card]") ?? []) if (card.textContent.includes(text)) addSeen(card);
  };
  const observer = new MutationObserver((records) => {
    if (seen.size === cards) return;
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") inspect(target);
      else addedNodes.forEach(inspect);
    }
  });
  const observe = (root) => observer.observe(root, { childList: true, characterData: true, subtree: true });
  observe(document);

  // An observer of the document sees nothing inside a shadow root.
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    observe(root);
    return root;
  };

  // The memory of WebAssembly is found only through its instance.
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const result = await original.apply(WebAssembly, args);
      const exported = Object.values((result.instance ?? result).exports);
      exported.filter((value) => value instanceof WebAssembly.Memory).forEach((memory) => bench.memories.add(memory));
      return result;
    };
  }

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.longestTask = Math.max(bench.longestTask, duration);
  }).observe({ type: "longtask", buffered: true });

  new PerformanceObserver((list) => {
    const scripts = list.getEntries().flatMap((frame) => frame.scripts);
    const own = scripts.filter(({ sourceURL }) => sourceURL.startsWith(location.origin));
    bench.longestScript = Math.max(bench.longestScript, ...own.map(({ duration }) => duration));
  }).observe({ type: "long-animation-frame", buffered: true });
}
