import assert from "node:assert/strict";
import { test } from "node:test";

import { configuration } from "./nginx.mjs";
import { cpuSeconds, fieldsAfterName, kilobytes, memory, tree } from "./processes.mjs";
import { targets } from "./targets.mjs";

test("a process may have brackets and spaces in its name", () => {
  assert.deepEqual(fieldsAfterName("7 (a) b (c)) S 1 7").slice(0, 3), ["S", "1", "7"]);
});

test("this process is in its own tree, takes time and has memory", () => {
  const pids = tree(process.pid);
  assert.equal(pids[0], process.pid);
  assert.ok(cpuSeconds([process.pid]) >= 0);
  const { resident, peak, proportional } = memory([process.pid]);
  assert.ok(peak >= resident && resident >= proportional && proportional > 1000);
  assert.equal(kilobytes("VmRSS:\t  123 kB\nVmHWM:\t 456 kB\n", "VmHWM"), 456);
});

test("nginx sends the headers of the proxy, and its own date, length, tag and id", () => {
  const headers = { "content-type": "text/css", "content-encoding": "br", etag: '"1"', date: "now", vary: "accept-encoding", "x-request-id": "7" };
  const files = [{ path: "/a.css", file: "/dist/a.css.br", answer: { headers } }];
  const text = configuration({ folder: "/tmp/x", port: 1, upstream: "http://127.0.0.1:2", files, isRoot: false });
  assert.ok(text.includes('add_header content-encoding "br";') && text.includes('add_header vary "accept-encoding";'));
  assert.ok(text.includes("add_header x-request-id $request_id;") && !text.includes("add_header x-request-id \"7\""));
  assert.ok(!/add_header (?:etag|date|content-type)/.test(text) && !text.includes("user root"));
});

test("a target is met on its own side only", () => {
  const run = (rate, p99, cpu) => [{ rate, p99, cpu }];
  const results = new Map([["wasm", { ours: run(80, 3, 2), theirs: run(100, 2, 1) }]]);
  const memory = { ours: { early: { resident: 10 }, late: { resident: 12 } } };
  const rows = targets({ cases: [{ name: "wasm", title: "a" }], results, memory });
  assert.deepEqual(rows.map(({ met }) => met), [true, true, false, false]);
});
