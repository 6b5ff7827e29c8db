// What a server and the processes that it has started cost, as Linux counts it.

import { readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** The fields of `/proc/<pid>/stat` after the name, which may hold spaces and brackets. */
export const fieldsAfterName = (stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" ");

const stat = (pid) => fieldsAfterName(readFileSync(`/proc/${pid}/stat`, "utf8"));

/** The process and all of its descendants. */
export function tree(pid) {
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(name), Number(stat(name)[1]));
    } catch {
      // It has ended in the meantime.
    }
  }
  const found = [pid];
  for (const parent of found) {
    found.push(...[...parents].filter(([, its]) => its === parent).map(([child]) => child));
  }
  return found;
}

/** User and system time of all of them, in seconds. */
export function cpuSeconds(pids) {
  const ticks = pids.map((pid) => {
    const fields = stat(pid);
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** Kilobytes: resident, its highest value, and with shared pages divided among those who share them. */
export function memory(pids) {
  const sum = { resident: 0, peak: 0, proportional: 0 };
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    sum.resident += kilobytes(status, "VmRSS");
    sum.peak += kilobytes(status, "VmHWM");
    sum.proportional += kilobytes(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"), "Pss");
  }
  return sum;
}

export const kilobytes = (text, name) => Number(text.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m"))[1]);
