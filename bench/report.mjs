// The words and tables of results.md.

import { NETS } from "./cases.mjs";
import { METHOD } from "./method.mjs";
import { median, spread } from "./numbers.mjs";
import { targets } from "./targets.mjs";

const table = (head, rows) => {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
};

const round = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : "–");

/** `310 (290–420)` */
const shown = (values, digits = 0) => {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return "–";
  const { median, low, high } = spread(known);
  return `${round(median, digits)} (${round(low, digits)}–${round(high, digits)})`;
};

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

/** `no throttle, 200 ms`: what distinguishes a case from the others. */
function titleOf({ net, cpu, delay, warm, cards }) {
  const place = cpu ? `processor ${cpu}× slower` : (net ?? NETS.none).title;
  return [place, `${delay} ms`, warm && "warm", cards && `${cards} cards`].filter(Boolean).join(", ");
}

export function report(bench) {
  const { cases, results, refreshes, variants, surroundings, minutes, quick, only } = bench;
  const command = ["cargo xtask bench", quick && "--quick", only && `--only ${only}`].filter(Boolean).join(" ");
  const visits = (case_, variant) => results.get(case_)?.get(variant.name) ?? [];
  const series = (case_, variant, key) => visits(case_, variant).map((visit) => visit[key]);
  const perVariant = (head, cells, among = variants) =>
    table(["", ...head], among.map((variant) => [variant.title, ...cells(variant)]));
  /** A card whose amount comes before the rest has a second line for the rest. */
  const painted = (wanted) => {
    const row = (variant, title, key) => [title, ...wanted.map(({ name }) => shown(series(name, variant, key)))];
    const rows = variants.flatMap((variant) => {
      const all = variant.complete ? [row(variant, "… and all that belongs to it", "complete")] : [];
      return [row(variant, variant.title, "painted"), ...all];
    });
    return table(["", ...wanted.map(titleOf)], rows);
  };

  const goals = targets(bench).map(({ what, goal, reached, unit, met }) => {
    const digits = unit === "" && Number.isInteger(reached) ? 0 : unit === " KB" ? 1 : 2;
    return [what, goal, `${round(reached, digits)}${unit}`, met ? "yes" : "**no**"];
  });
  const filesOf = (variant) => visits("none-200", variant)[0].files;
  const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);
  const fileName = (path) => path.split("/").slice(2).join("/");
  const listed = (variant) => {
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
All of it is one run of one browser, the variants in turn and shuffled anew each time:
ratios can be relied on where absolute times cannot.

- Machine: ${surroundings.machine}; load ${surroundings.load} at the end
- System: ${surroundings.system}; Node ${surroundings.node}
- Browser: ${surroundings.browser}
- ${surroundings.versions.join("; ")}

## Targets

${table(["", "target", "reached", "met"], goals)}

## What is loaded

Bytes of the files as sent (brotli, quality 11), without the page itself, headers and the API's answers.

${perVariant(["KB", "files", "API requests"], (variant) => {
    const files = filesOf(variant);
    return [kilobytes(sum(files)), files.length, median(series("none-200", variant, "asked"))];
  })}

${variants.map(listed).join("\n")}

## From the navigation to the balance

Cold: a new profile each time. The API answers after 0, 200 or 800 ms.

${Object.values(NETS)
  .map((net) => answeredOnNetwork.filter((case_) => (case_.net ?? NETS.none) === net))
  .map(painted)
  .join("\n\n")}

A slow processor, without a throttled network, and a second visit with a full cache:

${painted(others)}

Where the time goes, cold, the answer after 200 ms: when the page sends its last request for the balance,
and how long after the answer the amount is painted.

${perVariant(
    Object.values(NETS).flatMap(({ title }) => [`sent, ${title}`, "painted after the answer"]),
    (variant) => Object.keys(NETS).flatMap((net) => {
      return ["sent", "afterAnswer"].map((key) => shown(series(`${net}-200`, variant, key)));
    }),
  )}

## Main thread and memory

The main thread's own time with a processor four times slower, until 400 ms after the balance was painted,
its longest task, and the longest run of the scripts in it, by the clock on the wall;
memory without any throttle, after a garbage collection.

${perVariant(["tasks", "of these scripts", "longest task", "longest run", "JS heap, KB", "WebAssembly, KB"], (variant) => [
    ...["tasks", "scripts", "longest", "script"].map((key) => shown(series("cpu-200", variant, key))),
    ...["heap", "wasm"].map((key) => kilobytes(median(series("none-200", variant, key)))),
  ])}

A task or a frame counts as long from 50 ms on; 0 means that there was none.

## Twenty cards on a page

${perVariant(
    ["one card", "twenty cards", "API requests of twenty"],
    (variant) => [
      ...["none-200", "many"].map((name) => shown(series(name, variant, "painted"))),
      round(median(series("many", variant, "asked"))),
    ],
    variants.filter(({ single }) => !single),
  )}

Over HTTP/1.1 a browser has six connections to a server, so twenty requests wait for one another.

## A refresh

Milliseconds of the main thread's own time, less what it costs to look, and mutations of the DOM.
A button on the same page that only fetches the same answer is what any refresh costs.

${perVariant(
    ["fetching alone", "same balance", "mutations", "new balance", "mutations"],
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
