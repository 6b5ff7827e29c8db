// What the card wants to reach, and what it has.

import { median, ratio } from "./numbers.mjs";
import { NETS } from "./cases.mjs";

/** Where the page that carries its balance is compared with one that asks for it. */
const IN_PAGE = [
  ...Object.entries(NETS).map(([name, { title }]) => [`${name}-200`, title]),
  ["cpu-200", "processor 4× slower"],
];

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

  for (const [case_, title] of has("card-in-page", "lit") ? IN_PAGE : []) {
    const reached = ratio(series(case_, "card-in-page"), series(case_, "lit"));
    add(`balance painted, where the page carries it, against Lit, ${title}`, 0.6, reached);
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
  add("longest run of its scripts, processor 4× slower", 50, median(series("cpu-200", "card", "script")), " ms");
  const { same, fetch } = refreshes.get("card");
  add("mutations of a refresh with the same balance", 0, Math.max(...same.mutations));
  add("main thread of such a refresh", 1, median(same.busy), " ms");
  add("the same, beyond a button that fetches and does nothing else", 1, median(same.busy) - median(fetch.busy), " ms");
  return rows;
}
