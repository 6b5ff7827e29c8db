// axe-core, run in a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The findings as readable lines, in what `context` selects, or in the whole page. */
export async function findings(page, { context, ...options } = {}) {
  await page.evaluate(axe);
  const { violations, incomplete } = await page.evaluate(
    ([context, options]) => globalThis.axe.run(context ?? document, options),
    [context, options],
  );
  const lines = ({ id, nodes }) => nodes.map(({ target, any }) => `${id} at ${target.flat().join(" ")}: ${any[0]?.message}`);
  return { violations: violations.flatMap(lines), undecided: incomplete.flatMap(lines) };
}
