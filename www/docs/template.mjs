// The page around a text: where the reader is, where else there is something, and what is next.

import { escape } from "./markdown.mjs";
import { addressOf } from "./navigation.mjs";
import { PANELS } from "./panels.mjs";

const link = (name, title, current) =>
  `<a href="${addressOf(name)}"${name === current ? ' aria-current="page"' : ""}>${title}</a>`;

const menu = (sections, current) =>
  sections
    .map(([heading, pages], index) => {
      const items = pages.map(({ name, label }) => `<li>${link(name, label, current)}</li>`).join("\n            ");
      return `<p id="menu-${index}">${heading}</p>
          <ul aria-labelledby="menu-${index}">
            ${items}
          </ul>`;
    })
    .join("\n          ");

function contents(headings) {
  const parts = headings.filter(({ depth }) => depth === 2);
  if (parts.length < 2) return "";
  const items = parts.map(({ id, html }) => `<li><a href="#${id}">${html.replace(/<\/?a\b[^>]*>/g, "")}</a></li>`).join("\n          ");
  return `<nav class="contents" aria-labelledby="contents">
        <p id="contents">On this page</p>
        <ul>
          ${items}
        </ul>
      </nav>`;
}

/** The pages before and after this one. */
function neighbours(sections, current) {
  const pages = sections.flatMap(([, pages]) => pages);
  const index = pages.findIndex(({ name }) => name === current);
  const side = (page, rel, word) =>
    page ? `<a rel="${rel}" href="${addressOf(page.name)}"><small>${word}</small> ${page.label}</a>` : "";
  return `<nav class="neighbours" aria-label="Next to this page">
          ${side(pages[index - 1], "prev", "Before")}
          ${side(pages[index + 1], "next", "Next")}
        </nav>`;
}

/** A whole page. `sections` are those of the menu: headings with their pages, each `{name, label}`. */
export const page = ({ name, title, description, html, headings, sections, version }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} – Airalo Balance</title>
    <meta name="description" content="${escape(description)}" />
    <link rel="icon" href="../icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="../site.css" />
    <link rel="stylesheet" href="../docs.css" />
    <link rel="stylesheet" href="../docs-text.css" />
    <script type="module" src="../docs.js"></script>
  </head>
  <body class="docs">
    <a class="skip" href="#text">Skip to the text</a>
    <header class="top">
      <nav aria-label="Pages">
        <a href="../index.html">Airalo Balance</a>
        <!-- history -->
        <a href="../playground.html">Playground</a>
        <a href="../gallery.html">Gallery</a>
        <a href="./index.html" aria-current="${name === "README" ? "page" : "true"}">Documentation</a>
      </nav>
      <p class="version">Version ${version}</p>
      <button type="button" class="menu-button" popovertarget="menu">Menu</button>
    </header>
    <div class="sheet">
      <nav id="menu" popover aria-label="Documentation">
        <div class="menu-scroll">
          ${menu(sections, name)}
          <p id="menu-try">Try it</p>
          <ul aria-labelledby="menu-try">
            <li><a href="../playground.html">Playground</a></li>
            <li><a href="../gallery.html">Gallery</a></li>
            ${Object.entries(PANELS)
              .map(([panel, { title }]) => `<li><a href="../panels/${panel}.html">${title}, with the card</a></li>`)
              .join("\n            ")}
          </ul>
        </div>
      </nav>
      ${contents(headings)}
      <main id="text">
        <article>
${html}
        </article>
        ${neighbours(sections, name)}
      </main>
    </div>
  </body>
</html>
`;
