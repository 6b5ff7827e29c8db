// How everything is measured, for the reader of results.md.

export const METHOD = [
  `One Node server sends everything over HTTP/1.1: files compressed beforehand with brotli at quality 11 and marked
  immutable, pages as \`no-cache\`, responses of the API as \`no-store\`. There is no content security policy, no
  service worker and no CDN.`,
  `The page of the card is the two lines of the README, without hints. "With hints" adds those of the project's own
  page: \`modulepreload\` for the glue and \`preload\` for the WebAssembly. Leptos has hints for its script and its
  WebAssembly. The others are one module in the head, which the browser finds as early as a hint.`,
  `The card paints its amount when the response is there, and the rest when its WebAssembly runs: the event
  \`airalo-balance-ready\` has a row of its own. All others paint everything at once.`,
  `No page preloads the response of the API: each variant requests it when its own code runs.`,
  `\`probe.mjs\` observes every page in the same way: a \`MutationObserver\` on the document and on each shadow root
  sees the formatted amount, and the time is taken in the first message after the next animation frame.`,
  `Networks and processors are the browser's own emulation. It slows down the main thread only: WebAssembly is
  compiled on another one.`,
  `A refresh with the same balance takes place within one minute: every card shows the minute of its balance.`,
  `Adyen's component shows a balance above a list of transactions, and does more than a card. Its session is in the
  page, and its translations and settings come from this server at once and empty, which is faster than its own.
  Every request to its API is delayed; in the row below it, only that for the balance itself is.`,
].map((line) => line.replace(/\s+/g, " "));
