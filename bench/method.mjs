// How everything was measured, for the reader of results.md.

export const METHOD = [
  `One Node server speaks HTTP/1.1 to all: files compressed beforehand with brotli at quality 11 and sent as
  immutable, pages as \`no-cache\`, answers of the API as \`no-store\`. No variant has a policy, a service worker or
  a CDN.`,
  `The card's page has the hint that its README asks for: \`modulepreload\` for the class. Leptos has hints for its
  script and its WebAssembly. The others are one module each, in the head: nothing of them could be fetched
  earlier.`,
  `The card shows its amount as soon as it has it, and the rest of itself once its WebAssembly is there: the time of
  its \`airalo-balance-ready\` has a line of its own. All others show everything at once.`,
  `Nobody's page preloads the answer of the API: each asks for it as early as its own code does.`,
  `\`probe.mjs\` watches every page in the same way: a \`MutationObserver\` on the document and on each shadow root
  sees the formatted amount arrive, and the time is taken in the first message after the next animation frame.`,
  `Networks and processors are the browser's own emulation. It slows down the main thread only: WebAssembly is
  compiled beside it.`,
  `The same balance is asked for within one minute: when the minute changes, so does the time on every card.`,
  `Adyen's component shows a balance above a list of transactions, and does more than a card. Its session is in the
  page already, its words and settings come from this server at once and empty, which is kinder than its own. Every
  request to its API takes its time; in the row below it, only that for the balance itself does.`,
].map((line) => line.replace(/\s+/g, " "));
