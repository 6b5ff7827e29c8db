// Load, and what wrk prints about it.

import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

const CONNECTIONS = 64;

/** Half of the processors are left to the server. */
const THREADS = Math.max(1, Math.floor(availableParallelism() / 2));

const MILLISECONDS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** Requests as fast as they are answered, over connections that are kept. */
export async function load(url, headers, seconds) {
  const options = [`-t${THREADS}`, `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "10s", "--latency"];
  const all = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const { stdout } = await promisify(execFile)("wrk", [...options, ...all, url]);
  return parse(stdout);
}

/** A run with a single error measures something else, so it is none. */
export function parse(output) {
  const errors = output.match(/^.*(?:Non-2xx|Socket errors).*$/gm);
  if (errors) throw new Error(`wrk: ${errors.map((line) => line.trim()).join("; ")}`);
  const [, requests, seconds, unit] = output.match(/(\d+) requests in ([\d.]+)(us|ms|s|m),/) ?? [];
  if (!(Number(requests) > 0)) throw new Error(`wrk has sent nothing: ${output}`);
  const percentile = (percent) => {
    const [, value, unit] = output.match(new RegExp(`^ +${percent}% +([\\d.]+)(us|ms|s|m)$`, "m"));
    return Number(value) * MILLISECONDS[unit];
  };
  const took = Number(seconds) * MILLISECONDS[unit];
  return { requests: Number(requests), rate: (Number(requests) / took) * 1000, p50: percentile(50), p99: percentile(99) };
}

export const method = { CONNECTIONS, THREADS };
