// A page of `docs/` as HTML: its headings can be linked to, its code copied, its tables scrolled.

import { posix } from "node:path";
import GithubSlugger from "github-slugger";
import { Marked } from "marked";
import { addressOf, pageOf } from "./navigation.mjs";
import { panelPageOf } from "./panels.mjs";
import { sourceOf } from "./snippets.mjs";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escape = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

/** What the site calls the language of a block. */
const LANGUAGES = {
  css: "CSS", html: "HTML", http: "HTTP", ini: "Settings", js: "JavaScript", json: "JSON", jsx: "JSX", nginx: "nginx", php: "PHP",
  python: "Python", rust: "Rust", sh: "Shell", svelte: "Svelte", text: "Text", toml: "TOML", ts: "TypeScript", tsx: "TSX", vue: "Vue",
};

/** The text of tokens without their markup. */
const plain = (tokens) => tokens.map((token) => (token.tokens ? plain(token.tokens) : (token.text ?? ""))).join("");

/** The address of a link on the site. Files that are no pages are copied, as text. */
function address(href, file, files) {
  if (/^(?:[a-z]+:|#)/.test(href)) return href;
  const [path, anchor] = href.split("#");
  const target = posix.normalize(posix.join(posix.dirname(file), path));
  const page = pageOf(target);
  if (page) return addressOf(page) + (anchor ? `#${anchor}` : "");
  const panel = panelPageOf(target);
  if (panel) return panel;
  files.add(target);
  return `files/${target}.txt`;
}

/** The pieces of a page, whose Markdown is the text of `file`. */
export function render(markdown, file) {
  const slugger = new GithubSlugger();
  const files = new Set();
  const headings = [];
  let blocks = 0;
  let description;

  const renderer = {
    heading({ tokens, depth }) {
      const id = slugger.slug(plain(tokens));
      const html = this.parser.parseInline(tokens);
      headings.push({ id, depth, html });
      if (depth === 1) return `<h1 id="${id}">${html}</h1>\n`;
      return `<h${depth} id="${id}">${html} <a class="anchor" href="#${id}" aria-label="Link to “${escape(plain(tokens))}”">#</a></h${depth}>\n`;
    },
    paragraph({ tokens }) {
      description ??= plain(tokens).replaceAll("\n", " ");
      return `<p>${this.parser.parseInline(tokens)}</p>\n`;
    },
    link({ href, tokens }) {
      return `<a href="${escape(address(href, file, files))}">${this.parser.parseInline(tokens)}</a>`;
    },
    code({ text, lang }) {
      // Without a language it is a drawing, which nobody pastes.
      if (!lang) return `<pre tabindex="0"><code>${escape(text)}</code></pre>\n`;
      const source = sourceOf(lang);
      if (source) files.add(source.path);
      const id = `code-${(blocks += 1)}`;
      const title = source
        ? `<a href="files/${source.path}.txt">${source.path}</a>`
        : (LANGUAGES[lang.split(" ")[0]] ?? escape(lang));
      return `<div class="snippet"><p id="${id}">${title}</p><pre tabindex="0" aria-labelledby="${id}"><code>${escape(text)}</code></pre></div>\n`;
    },
    // Comments mark what is generated; there is no other HTML in these pages.
    html({ text }) {
      if (text.trim().startsWith("<!--")) return "";
      throw new Error(`${file} has HTML: ${text}`);
    },
    table({ header, rows }) {
      const head = header.map(({ tokens }) => this.parser.parseInline(tokens));
      const heads = head.map((html) => (html ? `<th role="columnheader">${html}</th>` : '<td role="cell"></td>')).join("");
      // On a phone the cells are below each other, and each says what it is.
      const label = (index) => (index > 0 && header[index].text ? ` data-label="${escape(plain(header[index].tokens))}"` : "");
      const cell = ({ tokens }, index) => `<td role="cell"${label(index)}>${this.parser.parseInline(tokens)}</td>`;
      const body = rows.map((row) => `<tr role="row">${row.map(cell).join("")}</tr>`).join("\n");
      return `<div class="table" tabindex="0" role="group" aria-label="Table"><table role="table"><thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${body}</tbody></table></div>\n`;
    },
    // A list to check off is read here, and checked off where it is copied to.
    checkbox: () => "",
    image({ href, text }) {
      const name = posix.normalize(posix.join(posix.dirname(file), href));
      files.add(name);
      return `<img src="files/${name}" alt="${escape(text)}" loading="lazy" />`;
    },
  };
  const html = new Marked({ renderer }).parse(markdown);
  const title = headings.find(({ depth }) => depth === 1)?.html.replace(/<[^>]+>/g, "");
  if (!title) throw new Error(`${file} has no heading`);
  return { html, title, description, headings, files };
}
