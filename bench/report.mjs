// The text and the tables of results.md.

import { NETS } from "./cases.mjs";
import { METHOD } from "./method.mjs";
import { median, spread } from "./numbers.mjs";
import { targets } from "./targets.mjs";

export const table = (head, rows) => {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
};

export const round = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : "–");

/** `310 (290–420)` */
export const shown = (values, digits = 0) => {
  const numbers = values.filter(Number.isFinite);
  if (numbers.length === 0) return "–";
  const { median, low, high } = spread(numbers);
  return `${round(median, digits)} (${round(low, digits)}–${round(high, digits)})`;
};

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

/** The conditions of a case: `no throttle, 200 ms`. */
function titleOf({ net, cpu, delay, warm, cards }) {
  const conditions = cpu ? `processor ${cpu}× slower` : (net ?? NETS.none).title;
  return [conditions, `${delay} ms`, warm && "warm", cards && `${cards} cards`].filter(Boolean).join(", ");
}

export function report(bench) {
  const { cases, results, refreshes, variants, machine, minutes, quick, only } = bench;
  const command = ["cargo xtask bench", quick && "--quick", only && `--only ${only}`].filter(Boolean).join(" ");
  const visits = (case_, variant) => results.get(case_)?.get(variant.name) ?? [];
  const series = (case_, variant, key) => visits(case_, variant).map((visit) => visit[key]);
  const perVariant = (head, cells, among = variants) =>
    table(["", ...head], among.map((variant) => [variant.title, ...cells(variant)]));
  /** A card that paints its amount before the rest has a second row for the rest. */
  const painted = (columns) => {
    const row = (variant, title, key) => [title, ...columns.map(({ name }) => shown(series(name, variant, key)))];
    const rows = variants.flatMap((variant) => {
      const all = variant.completeEvent ? [row(variant, "… and the whole card", "complete")] : [];
      return [row(variant, variant.title, "painted"), ...all];
    });
    return table(["", ...columns.map(titleOf)], rows);
  };

  const targetRows = targets(bench).map(({ what, target, measured, unit, met }) => {
    const digits = { " KB": 1, " ms": 0 }[unit] ?? (Number.isInteger(measured) ? 0 : 2);
    const limit = unit === " ms" ? round(target) : target;
    return [what, `≤ ${limit}${unit}`, `${round(measured, digits)}${unit}`, met ? "yes" : "**no**"];
  });
  const filesOf = (variant) => visits("none-200", variant)[0].files;
  const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);
  const fileName = (path) => path.split("/").slice(2).join("/");
  const fileList = (variant) => {
    const files = filesOf(variant).toSorted((a, b) => b.bytes - a.bytes);
    const names = files.slice(0, 6).map(({ path, bytes }) => `\`${fileName(path)}\` ${bytes}`);
    return `- ${variant.title}: ${names.join(", ")}${files.length > 6 ? `, and ${files.length - 6} smaller ones` : ""}`;
  };
  const answeredOnNetwork = cases.filter(({ cpu, warm, cards }) => !cpu && !warm && !cards);
  const others = cases.filter(({ cpu, warm }) => cpu || warm);
  const refreshable = variants.filter(({ name }) => refreshes.has(name));

  return `# Results

Written by \`${command}\` in ${minutes.toFixed(0)} minutes.
Times are milliseconds: the median, and the lowest and highest value in brackets.
Everything is one run of one browser, with the variants in random order each time:
ratios are reliable, absolute times depend on the machine.

- Machine: ${machine.machine}; load ${machine.load} at the end
- System: ${machine.system}; Node ${machine.node}
- Browser: ${machine.browser}
- ${machine.versions.join("; ")}

## Targets

${table(["", "target", "measured", "met"], targetRows)}

## What is loaded

Bytes of the files as sent (brotli, quality 11), without the page itself, headers and responses of the API.

${perVariant(["KB", "files", "API requests"], (variant) => {
    const files = filesOf(variant);
    return [kilobytes(sum(files)), files.length, median(series("none-200", variant, "requests"))];
  })}

${variants.map(fileList).join("\n")}

## From the navigation to the balance

Cold: a new profile each time. The API answers after 0, 200 or 800 ms.

${Object.values(NETS)
  .map((net) => answeredOnNetwork.filter((case_) => (case_.net ?? NETS.none) === net))
  .map(painted)
  .join("\n\n")}

A slow processor, without a throttled network, and a second visit with a full cache:

${painted(others)}

Cold, with an API that answers after 200 ms: when the page sends its last request for the balance,
and how long after the response the amount is painted.

${perVariant(
    Object.values(NETS).flatMap(({ title }) => [`sent, ${title}`, "painted after the response"]),
    (variant) => Object.keys(NETS).flatMap((net) => {
      return ["sent", "afterAnswer"].map((key) => shown(series(`${net}-200`, variant, key)));
    }),
  )}

## Main thread and memory

The main thread with a processor four times slower, until 400 ms after the balance was painted: the time that it
was busy, its longest task and the longest of its scripts. Memory is without throttle, after a garbage collection.

${perVariant(["tasks", "of these scripts", "longest task", "longest script", "JS heap, KB", "WebAssembly, KB"], (variant) => [
    ...["tasks", "scripts", "longestTask", "longestScript"].map((key) => shown(series("cpu-200", variant, key))),
    ...["heap", "wasm"].map((key) => kilobytes(median(series("none-200", variant, key)))),
  ])}

The browser reports tasks and frames of 50 ms or more; 0 means that there was none.

## Twenty cards on a page

${perVariant(
    ["one card", "twenty cards", "API requests of twenty"],
    (variant) => [
      ...["none-200", "many"].map((name) => shown(series(name, variant, "painted"))),
      round(median(series("many", variant, "requests"))),
    ],
    variants.filter(({ single }) => !single),
  )}

Over HTTP/1.1 a browser has six connections to a server, so most of twenty requests wait.

## A refresh

Milliseconds that the main thread is busy, without the cost of the measuring itself, and mutations of the DOM.
A button on the same page that only fetches the same response shows what any refresh costs at least.

${perVariant(
    ["fetch alone", "same balance", "mutations", "new balance", "mutations"],
    ({ name }) => {
      const { fetch, same, new: changed } = refreshes.get(name);
      return [shown(fetch.busy, 1), ...[same, changed].flatMap((kind) => [shown(kind.busy, 1), shown(kind.mutations)])];
    },
    refreshable,
  )}

## How it is measured

${METHOD.map((line) => `- ${line}`).join("\n")}
- ${cases.map((case_) => `${titleOf(case_)}: ${case_.rounds} rounds`).join("; ")}.
`;
}
