// The lines of the playground are right. Those of frameworks are written to files that their compilers
// check: `tests/package/types.test.mjs`, and for yew `tests/browser/playground.rs`.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { test } from "node:test";
import { FRAMEWORKS, stylesheet } from "./site/snippets.js";

/** All that the playground sets, with signs that mean something in one language or another. */
const ALL = {
  "proxy-url": "/api/balance",
  label: 'A & B\'s "{{credit}}" {x} `${y}` \\ <é>',
  variant: "compact",
  theme: "dark",
  locale: "pt-BR",
  "low-threshold": "200",
  "critical-threshold": "49.50",
  "low-days": "7",
  "critical-days": "2",
  "credit-limit": "1000",
  "refresh-interval": "300",
};

const FILES = {
  React: "package/types/react/playground.tsx",
  Vue: "package/types/vue/Playground.vue",
  Svelte: "package/types/svelte/Playground.svelte",
  Angular: "package/types/angular/playground.ts",
  yew: "browser/playground.rs",
};

// `node www/snippets.test.mjs --update` writes the files anew.
for (const [framework, path] of Object.entries(FILES)) {
  const file = new URL(`../tests/${path}`, import.meta.url);
  if (argv.includes("--update")) await writeFile(file, FRAMEWORKS[framework](ALL));
  test(`the lines for ${framework} are those that its compiler has checked`, async () => {
    assert.equal(await readFile(file, "utf8"), FRAMEWORKS[framework](ALL));
  });
}

test("one attribute stands on the line of its tag", () => {
  assert.ok(FRAMEWORKS.HTML({ "proxy-url": "/a" }).includes('<airalo-balance proxy-url="/a"></airalo-balance>\n'));
  assert.ok(FRAMEWORKS.React({ "proxy-url": "/a" }).endsWith('= () => <AiraloBalance proxyUrl="/a" />;\n'));
  assert.ok(FRAMEWORKS.yew({ "proxy-url": "/a", locale: "en" }).includes('use airalo_balance::BalanceCard;'));
});

test("colours are a rule of a stylesheet, for the element of the framework", () => {
  assert.equal(stylesheet("HTML", { accent: "#123456" }), "airalo-balance {\n  --airalo-balance-accent: #123456;\n}\n");
  assert.equal(stylesheet("yew", { accent: "#123456" }).split(" ")[0], "airalo-balance-card");
  assert.equal(stylesheet("React", {}), "");
});
