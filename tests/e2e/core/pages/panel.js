// Records what the card tells the page, and what must not happen on it.

window.cardEvents = [];
window.problems = [];

for (const name of ["ready", "change", "error", "top-up", "level"]) {
  addEventListener(`airalo-balance-${name}`, ({ detail }) => window.cardEvents.push({ name, detail }));
}

addEventListener("error", ({ message }) => window.problems.push(message));
addEventListener("unhandledrejection", ({ reason }) => window.problems.push(String(reason)));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  window.problems.push(`${violatedDirective}: ${blockedURI}`);
});
