// The whole bench: builds the peers, visits every variant in turn and writes the results.
//
//   node run.mjs [--quick] [--only card,lit] [--output results.md]

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launch, Visitor } from "./browser.mjs";
import { buildPeer } from "./build.mjs";
import { applies, casesOf, refreshesOf } from "./cases.mjs";
import { environment } from "./environment.mjs";
import { shuffled } from "./numbers.mjs";
import { measureRefreshes } from "./refresh.mjs";
import { report } from "./report.mjs";
import { AMOUNT, BenchServer } from "./server.mjs";
import { VARIANTS } from "./variants.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: { quick: { type: "boolean" }, only: { type: "string" }, output: { type: "string" } },
});
// The results of some variants do not replace those of all.
const output = resolve(at("."), options.output ?? (options.only ? "results-only.md" : "results.md"));

/** The variants of `--only`, as far as they have been built. */
function selectedVariants() {
  const names = options.only?.split(",") ?? VARIANTS.map(({ name }) => name);
  const unknown = names.filter((name) => !VARIANTS.some((variant) => variant.name === name));
  if (unknown.length > 0) {
    const all = VARIANTS.map(({ name }) => name).join(", ");
    throw new Error(`there is no ${unknown.join(", ")}; there are ${all}`);
  }
  const missing = (variant) => variant.name === "leptos" && !existsSync(at("built/leptos/leptos-peer_bg.wasm"));
  return VARIANTS.filter((variant) => names.includes(variant.name)).filter((variant) => {
    if (missing(variant)) console.log("Leptos is left out: `cargo xtask bench` builds its card, with Trunk");
    return !missing(variant);
  });
}

/** In rounds, so that other load on the machine affects all variants alike. */
async function visitAll(visitor, variants, text) {
  const cases = casesOf(options.quick);
  const results = new Map(cases.map(({ name }) => [name, new Map(variants.map(({ name }) => [name, []]))]));
  const rounds = Math.max(...cases.map(({ rounds }) => rounds));
  for (let round = 0; round < rounds; round += 1) {
    for (const case_ of cases.filter(({ rounds }) => round < rounds)) {
      for (const variant of shuffled(variants.filter((variant) => applies(variant, case_)))) {
        results.get(case_.name).get(variant.name).push(await visitor.measure(variant, text, case_));
      }
    }
    console.log(`round ${round + 1} of ${rounds}`);
  }
  return { cases, results };
}

const started = Date.now();
const variants = selectedVariants();
for (const peer of new Set(variants.map(({ peer }) => peer).filter(Boolean))) await buildPeer(peer);

const server = new BenchServer(variants);
await server.start();
const browser = await launch();
try {
  const text = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" }).format(AMOUNT);
  const visitor = new Visitor(browser, server);
  // The first visit includes work that browser and server do only once.
  for (const variant of variants) await visitor.measure(variant, text, { delay: 0 });
  const visits = await visitAll(visitor, variants, text);
  const refreshable = variants.filter(({ single }) => !single);
  console.log("refreshing");
  const refreshes = await measureRefreshes(visitor, refreshable, text, refreshesOf(options.quick));
  const minutes = (Date.now() - started) / 60_000;
  const machine = environment(variants, browser.version());
  await writeFile(output, report({ ...visits, variants, refreshes, minutes, machine, ...options }));
  console.log(`${output} is written, after ${minutes.toFixed(1)} minutes`);
} finally {
  await browser.close();
  server.stop();
}
