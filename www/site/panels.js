// A panel is as light or dark as its reader's system, until they choose. It runs before the page is drawn.

const root = document.documentElement;

function show(theme) {
  // Bootstrap and Tabler read the first, CoreUI the second.
  for (const attribute of ["data-bs-theme", "data-coreui-theme"]) root.setAttribute(attribute, theme);
}

show(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector(".airalo-bar");
  bar.querySelector("button").addEventListener("click", () => {
    show(root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark");
  });
});
