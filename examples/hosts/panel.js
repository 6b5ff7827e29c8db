// What a panel does with a card, without a framework: it listens to it, changes it, takes it away and
// brings it back.

const [place, warn, toggle] = ["credit", "warn", "toggle"].map((id) => document.getElementById(id));

// docs:event
// Events bubble, so one listener hears all cards in it.
place.addEventListener("airalo-balance-level", ({ detail }) => {
  document.querySelector("output").value = detail.level;
});
// docs:end

warn.addEventListener("click", () => {
  // docs:change
  for (const card of place.querySelectorAll("airalo-balance")) card.lowThreshold = 500;
  // docs:end
});

const contents = [...place.childNodes];
toggle.addEventListener("click", () => {
  const isShown = place.childNodes.length > 0;
  place.replaceChildren(...(isShown ? [] : contents));
  toggle.textContent = isShown ? "Show" : "Hide";
});
