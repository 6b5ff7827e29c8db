// With a stand-in behind it, the page shows what a card does: it looks often enough to see the
// orders come in, warns on the way down, and its top-up link leads to where topping up is free.

const standIn = document.querySelector(".stand-in a");

if (standIn) {
  Object.assign(document.querySelector("airalo-balance"), {
    refreshInterval: 10,
    lowThreshold: "200",
    criticalThreshold: "50",
    topUpUrl: standIn.href,
  });
}

// The standalone page takes another proxy URL from its own address, for trying things out.
// Only one of the same origin: a link must not be able to show somebody else's figures here.

const given = new URLSearchParams(location.search).get("proxy-url");

if (given !== null) {
  const card = document.querySelector("airalo-balance");
  try {
    const url = new URL(given, location.href);
    if (url.origin !== location.origin) throw new Error("it is of another origin");
    card.setAttribute("proxy-url", url.href);
  } catch (error) {
    console.warn(`?proxy-url= was ignored: ${error.message}`);
  }
}
