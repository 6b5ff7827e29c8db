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
