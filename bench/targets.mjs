// The targets of the card, and what this run has measured for each.

import { NETS } from "./cases.mjs";
import { median, ratio } from "./numbers.mjs";

/** Highest ratio to Lit, cold, with an API that answers after 200 ms, by network. */
const AGAINST_LIT = { none: 1, cable: 1, slow: 1.1 };

/** Where a page that contains its balance is compared with one that requests it. */
const IN_PAGE_CASES = [
  ...Object.entries(NETS).map(([net, { title }]) => [`${net}-200`, title]),
  ["cpu-200", "processor 4× slower"],
];

const KILOBYTE = 1000;

/** `{what, target, measured, unit, met}` for each target of which this run has the variants. */
export function targets({ cases, results, refreshes, variants }) {
  const has = (...names) => names.every((name) => variants.some((variant) => variant.name === name));
  const values = (case_, variant, key = "painted") => results.get(case_).get(variant).map((visit) => visit[key]);
  const rows = [];
  const add = (what, target, measured, unit = "") => rows.push({ what, target, measured, unit, met: measured <= target });

  if (!has("card")) return rows;
  const [{ files }] = results.get("none-200").get("card");
  add("all files of the card, brotli", 96, files.reduce((sum, { bytes }) => sum + bytes, 0) / KILOBYTE, " KB");

  for (const [net, target] of has("lit") ? Object.entries(AGAINST_LIT) : []) {
    const measured = ratio(values(`${net}-200`, "card"), values(`${net}-200`, "lit"));
    add(`balance painted, against Lit, API 200 ms, ${NETS[net].title}`, target, measured);
  }

  if (has("adyen")) {
    const compared = cases.filter(({ name }) => results.get(name).get("adyen").length > 0);
    const ratios = compared.map(({ name }) => [ratio(values(name, "card"), values(name, "adyen")), name]);
    const [worst, name] = ratios.sort(([a], [b]) => b - a)[0];
    add(`balance painted, against Adyen's, the worst of ${ratios.length} cases (${name})`, 0.5, worst);
  }

  for (const [case_, title] of has("card-in-page", "lit") ? IN_PAGE_CASES : []) {
    const measured = ratio(values(case_, "card-in-page"), values(case_, "lit"));
    add(`balance in the page painted, against Lit, ${title}`, 0.6, measured);
  }

  add("twenty cards, against one card", 1.5, ratio(values("many", "card"), values("none-200", "card")));
  add("API requests of twenty cards", 1, median(values("many", "card", "requests")));
  add("DOM mutations of a refresh with the same balance", 0, Math.max(...refreshes.get("card").same.mutations));
  if (has("lit")) {
    const longest = (variant) => median(values("cpu-200", variant, "longestTask"));
    add("longest task, against Lit's, processor 4× slower", longest("lit"), longest("card"), " ms");
  }
  return rows;
}
