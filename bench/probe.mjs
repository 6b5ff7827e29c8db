// What the page itself is asked to watch. It runs before anything else on the page, is the same for
// every variant, and waits for what the browser reports instead of looking again and again.

/**
 * Sets `window.bench`. `painted` resolves with the time since the navigation began at which the
 * frame that shows the last balance was on its way to the screen; `complete` with the same of all
 * that belongs to it, where that comes later and `complete` names the event that tells so.
 */
export function probe({ text, cards, complete }) {
  const seen = new Set();
  const roots = [];
  const bench = (window.bench = { longest: 0, script: 0, memories: new Set(), roots });
  let settle;
  bench.painted = new Promise((resolve) => (settle = resolve));

  const cardOf = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const root = node.getRootNode();
    return (root instanceof ShadowRoot ? root.host : element)?.closest("[data-card]");
  };
  const afterFrame = (act) =>
    requestAnimationFrame(() => {
      // A message is delivered after the frame has been laid out and painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => act(performance.now());
      port2.postMessage(null);
    });
  const note = (card) => {
    if (!card || seen.has(card) || seen.size === cards) return;
    seen.add(card);
    if (seen.size === cards) afterFrame(settle);
  };
  bench.complete = bench.painted;
  if (complete) {
    let left = cards;
    bench.complete = new Promise((resolve) => {
      document.addEventListener(complete, () => (left -= 1) || afterFrame(resolve));
    });
  }
  const look = (node) => {
    if (node.nodeName === "SCRIPT" || !node.textContent?.includes(text)) return;
    const card = cardOf(node);
    if (card) return note(card);
    for (const card of node.querySelectorAll?.("[data-card]") ?? []) if (card.textContent.includes(text)) note(card);
  };
  const observer = new MutationObserver((records) => {
    if (seen.size === cards) return;
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") look(target);
      else addedNodes.forEach(look);
    }
  });
  const watch = (root) => {
    roots.push(root);
    observer.observe(root, { childList: true, characterData: true, subtree: true });
  };
  watch(document);

  // Nothing of a shadow tree is reported outside it.
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (settings) {
    const root = attachShadow.call(this, settings);
    watch(root);
    return root;
  };

  // How much memory WebAssembly holds is known only to whoever has its instance.
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const result = await original.apply(WebAssembly, given);
      const exported = Object.values((result.instance ?? result).exports);
      exported.filter((value) => value instanceof WebAssembly.Memory).forEach((memory) => bench.memories.add(memory));
      return result;
    };
  }

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.longest = Math.max(bench.longest, duration);
  }).observe({ type: "longtask", buffered: true });

  new PerformanceObserver((list) => {
    const own = list.getEntries().flatMap(({ scripts }) => scripts.filter(({ sourceURL }) => sourceURL.startsWith(location.origin)));
    bench.script = Math.max(bench.script, ...own.map(({ duration }) => duration));
  }).observe({ type: "long-animation-frame", buffered: true });
}
