// The text and the tables of proxy.md.

import { round, shown, table } from "../report.mjs";
import { targets } from "./targets.mjs";
import { method } from "./wrk.mjs";

const megabytes = (kilobytes) => (kilobytes / 1024).toFixed(1);

const thousands = (count) => Math.round(count).toLocaleString("en-US").replaceAll(",", " ");

export function report(bench) {
  const { cases, results, sizes, memory, machine, minutes, rounds, seconds, quick } = bench;
  const row = (title, runs) => [
    title,
    shown(runs.map(({ rate }) => rate)),
    shown(runs.map(({ p50 }) => p50), 2),
    shown(runs.map(({ p99 }) => p99), 2),
    shown(runs.map(({ cpu }) => cpu), 1),
  ];
  const measured = ({ name, title }) => {
    const { ours, theirs } = results.get(name);
    const { body, ourHead, theirHead } = sizes.get(name);
    const head = [`${title}, ${body} bytes`, "requests/s", "p50, ms", "p99, ms", "processor, µs a request"];
    const heads = `Heads of ${ourHead} bytes here and ${theirHead} with nginx.`;
    return `${table(head, [row("**This proxy**", ours), row("nginx", theirs)])}\n\n${heads}`;
  };
  const remembered = (title, { idle, early, late }) => [
    title,
    ...[idle, early, late].map(({ resident }) => megabytes(resident)),
    megabytes(late.peak),
    megabytes(late.proportional),
  ];
  const { early, late } = memory.ours;
  return `# The proxy beside nginx

Written by \`cargo xtask bench proxy${quick ? " --quick" : ""}\` in ${minutes.toFixed(0)} minutes.
Medians, with the lowest and highest value in brackets.
Both servers ran on one machine, beside the load: ratios are reliable where nothing else ran, absolute figures depend
on the machine.

- Machine: ${machine.hardware}; load ${machine.load} at the start
- System: ${machine.system}; Node ${machine.node}
- airalo-balance-proxy ${machine.version} at ${machine.commit}, release build; ${machine.nginx}; ${machine.wrk}

## Targets

${table(
    ["against nginx", "target", "measured", "met"],
    targets(bench).map(({ what, sign, limit, measured, met }) => [what, `${sign} ${limit}`, round(measured, 2), met ? "yes" : "**no**"]),
  )}

## Load

${cases.map(measured).join("\n\n")}

## Memory

Megabytes, all processes of a server together. After ${thousands(early.requests)} and after ${thousands(late.requests)} requests
(nginx: ${thousands(memory.theirs.early.requests)} and ${thousands(memory.theirs.late.requests)}), for the balance and for the stylesheet in turns of 2 s.

${table(
    ["", "resident, idle", "early", "late", "its peak", "late, shared pages divided"],
    [remembered("**This proxy**", memory.ours), remembered("nginx", memory.theirs)],
  )}

## How it is measured

- wrk with ${method.CONNECTIONS} connections that are kept and ${method.THREADS} ${method.THREADS === 1 ? "thread" : "threads"}; ${rounds} ${rounds === 1 ? "round" : "rounds"} of this proxy, nginx, nginx, this proxy, ${seconds} s each, after both have been warmed up.
- Before and after, both answers are compared: status, every byte of the body, the names of all headers, and the values that a browser goes by. A run with an error, or a status other than 200, ends the bench.
- nginx answers \`/api/balance\` from \`proxy_cache\`, behind the same rule about the header of the card, gives each answer an id, and sends the compressed files themselves, with \`sendfile\` and \`open_file_cache\`. It has as many workers as there are processors, and no access log; this proxy logs warnings.
- Processor time is user and system time of all processes of a server, before and after a run, from \`/proc\`.
`;
}
