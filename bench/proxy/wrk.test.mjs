import assert from "node:assert/strict";
import { test } from "node:test";

import { parse } from "./wrk.mjs";

const OUTPUT = `Running 5s test @ http://127.0.0.1:8080/api/balance
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.32ms    1.90ms  40.11ms   90.00%
    Req/Sec    22.05k     1.2k    25.11k    70.00%
  Latency Distribution
     50%  870.00us
     75%    3.00ms
     90%    5.00ms
     99%    1.10s
  110270 requests in 5.00s, 60.00MB read
Requests/sec:  22054.00
Transfer/sec:     12.00MB
`;

test("times are milliseconds, whatever their unit, and the rate has its digits", () => {
  assert.deepEqual(parse(OUTPUT), { requests: 110_270, rate: 22_054, p50: 0.87, p99: 1100 });
});

test("a run with an error is refused with the words of wrk", () => {
  const errors = "  Socket errors: connect 0, read 3, write 0, timeout 0\n  Non-2xx or 3xx responses: 7\n";
  assert.throws(() => parse(OUTPUT + errors), /read 3.*Non-2xx or 3xx responses: 7/);
});

test("a run without a request is refused", () => {
  assert.throws(() => parse(OUTPUT.replace("110270 requests", "0 requests")), /sent nothing/);
});
