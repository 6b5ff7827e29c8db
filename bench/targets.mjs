// What the card wants to reach, and what it has.

import { median, ratio } from "./numbers.mjs";
import { NETS } from "./cases.mjs";

const AT_MOST = "≤";
const KILOBYTE = 1000;

export function targets({ cases, results, refreshes, variants }) {
  const has = (...names) => names.every((name) => variants.some((variant) => variant.name === name));
  if (!has("card")) return [];
  const series = (case_, variant, key = "painted") => results.get(case_).get(variant).map((visit) => visit[key]);
  const rows = [];
  const add = (what, goal, reached, unit = "") => {
    rows.push({ what, goal: `${AT_MOST} ${goal}${unit}`, reached, unit, met: reached <= goal });
  };

  const [visit] = results.get("none-200").get("card");
  add("everything for the card, brotli", 50, visit.files.reduce((sum, { bytes }) => sum + bytes, 0) / KILOBYTE, " KB");

  const goals = { none: 1, cable: 1, slow: 1.2 };
  for (const [net, goal] of has("lit") ? Object.entries(goals) : []) {
    const reached = ratio(series(`${net}-200`, "card"), series(`${net}-200`, "lit"));
    add(`balance painted, against Lit, answer after 200 ms, ${NETS[net].title}`, goal, reached);
  }

  if (has("card-in-page", "lit")) {
    const reached = ratio(series("none-200", "card-in-page"), series("none-200", "lit"));
    add("balance painted, where the page carries it, against Lit, no throttle", 0.6, reached);
  }

  for (const adyen of ["adyen", "adyen-one-slow"].filter((name) => has(name))) {
    const compared = cases.filter(({ name }) => results.get(name).get(adyen).length > 0);
    const found = compared.map(({ name }) => [ratio(series(name, "card"), series(name, adyen)), name]);
    const [reached, where] = found.sort(([a], [b]) => b - a)[0];
    const name = adyen === "adyen" ? "Adyen's" : "Adyen's with one slow request";
    add(`balance painted, against ${name}, the worst of ${found.length} cases (${where})`, 0.5, reached);
  }

  add("twenty cards against one", 1.5, ratio(series("many", "card"), series("none-200", "card")));
  add("requests of twenty cards", 1, median(series("many", "card", "asked")));
  const { same, fetch } = refreshes.get("card");
  add("mutations of a refresh with the same balance", 0, Math.max(...same.mutations));
  add("main thread of such a refresh", 1, median(same.busy), " ms");
  add("the same, beyond what a bare fetch costs", 1, median(same.busy) - median(fetch.busy), " ms");
  return rows;
}
