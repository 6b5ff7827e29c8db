// The pages of the documentation in the order in which they are read.

/** The files of `docs/`, without `.md`, below the headings of the menu. */
export const NAVIGATION = [
  ["Start", ["README", "quick-start", "install"]],
  ["Your page", ["html", "server-rendering", "iframe", "cross-origin"]],
  ["Frameworks", ["react", "next", "vue", "svelte", "angular", "htmx", "turbo", "yew"]],
  ["Looks", ["theming", "bootstrap", "tabler", "coreui"]],
  ["Your own backend", ["your-own-backend", "node", "php", "laravel", "python", "wordpress"]],
  ["The proxy", ["operating", "access", "history", "alerts", "variables"]],
  ["Reference", ["reference", "security", "troubleshooting", "forecast", "upgrading", "changelog"]],
];

/** Pages whose text is elsewhere in the project. */
export const ELSEWHERE = { changelog: "CHANGELOG.md" };

/** The file of a page, seen from the folder of the project. */
export const fileOf = (name) => ELSEWHERE[name] ?? `docs/${name}.md`;

/** The page of a file; undefined where the file is none. */
export function pageOf(file) {
  const [elsewhere] = Object.entries(ELSEWHERE).find(([, path]) => path === file) ?? [];
  return elsewhere ?? /^docs\/([a-z-]+|README)\.md$/.exec(file)?.[1];
}

/** The address of a page, seen from another one. */
export const addressOf = (name) => `${name === "README" ? "index" : name}.html`;
