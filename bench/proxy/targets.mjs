// What the proxy has to reach, each against nginx in the same run.

import { ratio } from "../numbers.mjs";

const RATE = { balance: 1, wasm: 0.8, css: 0.8 };

/** More than this is no noise of the allocator. */
const FLAT = 1.1;

export function targets({ cases, results, memory }) {
  const rows = cases.flatMap(({ name, title }) => {
    const { ours, theirs } = results.get(name);
    const against = (key) => ratio(ours.map((run) => run[key]), theirs.map((run) => run[key]));
    return [
      { what: `${title}: requests per second`, sign: "≥", limit: RATE[name], measured: against("rate") },
      { what: `${title}: 99 % of the answers within`, sign: "≤", limit: 1.5, measured: against("p99") },
      { what: `${title}: processor time a request`, sign: "≤", limit: 1, measured: against("cpu") },
    ];
  });
  const { early, late } = memory.ours;
  rows.push({ what: "memory after the last request, against early", sign: "≤", limit: FLAT, measured: late.resident / early.resident });
  return rows.map((row) => ({ ...row, met: row.sign === "≥" ? row.measured >= row.limit : row.measured <= row.limit }));
}
