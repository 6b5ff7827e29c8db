// The proxy beside nginx: starts both, has them asked in turn and writes the results.
//
//   node proxy.mjs [--quick] [--output proxy.md]
//
// AIRALO_PROXY_BIN is the release build of the proxy, AIRALO_DIST the built card.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { commit, crate, hardware, system } from "./environment.mjs";
import { ask, cases as casesOf, compare, headBytes } from "./proxy/cases.mjs";
import { cpuSeconds, memory as memoryOf, tree } from "./proxy/processes.mjs";
import { report } from "./proxy/report.mjs";
import { NGINX, partner, replay, startNginx, startProxy } from "./proxy/servers.mjs";
import { load } from "./proxy/wrk.mjs";

const { values: options } = parseArgs({ options: { quick: { type: "boolean" }, output: { type: "string" } } });
const here = fileURLToPath(new URL(".", import.meta.url));
const output = resolve(here, options.output ?? "proxy.md");
const program = process.env.AIRALO_PROXY_BIN ?? resolve(here, "../target/release/airalo-balance-proxy");
const dist = process.env.AIRALO_DIST ?? resolve(here, "../dist");

const seconds = options.quick ? 2 : 5;
const rounds = options.quick ? 1 : 5;
const [earlyRequests, lateRequests] = options.quick ? [10_000, 110_000] : [100_000, 1_100_000];

/** The first version number that a program prints about itself, wherever it prints it. */
function version(program, ...options) {
  const { stdout, stderr } = spawnSync(program, options, { encoding: "utf8" });
  return `${stdout}${stderr}`.match(/(?:nginx\/|wrk (?:debian\/)?)[\d.][\w.+-]*/)?.[0] ?? "an unknown version";
}

/** One run, with what it has cost the server. */
async function measure(server, { path, headers }) {
  const before = cpuSeconds(tree(server.pid));
  const run = await load(server.url + path, headers, seconds);
  return { ...run, cpu: ((cpuSeconds(tree(server.pid)) - before) / run.requests) * 1e6 };
}

/** The memory before, after the first requests, and after a million more. */
async function remember(server, kinds) {
  let requests = 0;
  const now = () => ({ requests, ...memoryOf(tree(server.pid)) });
  const until = async (count) => {
    for (let turn = 0; requests < count; turn += 1) {
      const { path, headers } = kinds[turn % kinds.length];
      requests += (await load(server.url + path, headers, 2)).requests;
    }
    return now();
  };
  return { idle: now(), early: await until(earlyRequests), late: await until(lateRequests) };
}

const started = Date.now();
const stops = [];
const running = async (starting) => {
  const server = await starting;
  stops.unshift(server.stop ?? (() => server.server.close()));
  return server;
};
try {
  const [busy] = loadavg();
  if (busy > availableParallelism() / 2) {
    console.log(`the machine is busy (load ${busy.toFixed(1)}): figures and ratios are not reliable`);
  }
  const cases = casesOf(dist);
  const api = await running(partner());
  const proxy = await running(startProxy(program, dist, api.url));
  const answers = await Promise.all(cases.map(({ path, headers }) => ask(proxy.url + path, headers)));
  const cached = await running(replay(answers[0]));
  const files = cases.map((one, index) => ({ ...one, answer: answers[index] })).filter(({ file }) => file);
  const nginx = await running(startNginx(cached.url, files));
  for (const { url } of [proxy, nginx]) assert.equal((await ask(`${url}/api/balance`, {})).status, 403, url);

  // Memory comes first, while both servers are new.
  const kinds = cases.filter(({ name }) => name !== "wasm");
  const memory = { ours: await remember(proxy, kinds), theirs: await remember(nginx, kinds) };
  console.log("memory is measured");

  const results = new Map();
  const sizes = new Map();
  for (const one of cases) {
    const { ours, theirs } = await compare(one, proxy, nginx);
    sizes.set(one.name, { body: ours.body.length, ourHead: headBytes(ours), theirHead: headBytes(theirs) });
    const runs = { ours: [], theirs: [] };
    for (const server of [proxy, nginx]) await load(server.url + one.path, one.headers, 1);
    for (let round = 0; round < rounds; round += 1) {
      for (const key of ["ours", "theirs", "theirs", "ours"]) {
        runs[key].push(await measure(key === "ours" ? proxy : nginx, one));
      }
      console.log(`round ${round + 1} of ${rounds}`);
    }
    results.set(one.name, runs);
    await compare(one, proxy, nginx);
    console.log(`${one.title} is measured`);
  }
  // Otherwise something else than the caches was measured.
  assert.ok(api.requests <= 4, `the proxy has asked its partner ${api.requests} times`);
  assert.ok(cached.requests <= 4, `nginx has asked its upstream ${cached.requests} times`);

  const machine = {
    hardware: hardware(),
    load: busy.toFixed(1),
    system: system(),
    node: process.version,
    version: crate("../Cargo.lock", "airalo-balance-proxy"),
    commit: commit(),
    nginx: version(NGINX, "-v"),
    wrk: version("wrk", "-v"),
  };
  const minutes = (Date.now() - started) / 60_000;
  await writeFile(output, report({ cases, results, sizes, memory, machine, minutes, rounds, seconds, quick: options.quick }));
  console.log(`${output} is written, after ${minutes.toFixed(1)} minutes`);
} finally {
  for (const stop of stops) await stop();
}
