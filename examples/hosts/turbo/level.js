// docs:event
// Turbo keeps the document, so one listener hears the cards of all pages.
document.addEventListener("airalo-balance-level", ({ detail }) => {
  document.querySelector("output").value = detail.level;
});
// docs:end
