// What is asked for, and the check that both servers answer it alike.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";

const BROTLI = { "Accept-Encoding": "br" };

/** The answer of the API, the largest file and a small one, as a page asks for them. */
export function cases(dist) {
  const hashed = readdirSync(join(dist, "card")).find((name) => /^[0-9a-f]{16}$/.test(name));
  const file = (name, title, path) => ({ name, title, path, file: join(dist, `${path}.br`), headers: BROTLI });
  return [
    { name: "balance", title: "`/api/balance`", path: "/api/balance", headers: { "X-Airalo-Widget": "1" } },
    file("wasm", "the WebAssembly (brotli)", `/card/${hashed}/airalo-balance_bg.wasm`),
    file("css", "the stylesheet (brotli)", "/airalo-balance.css"),
  ];
}

/** An answer with every byte of its body as sent. */
export const ask = (url, headers) =>
  new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    }).on("error", reject);
  });

const ALIKE = ["content-type", "content-encoding", "content-length", "cache-control", "vary"];

/** Both answers, if they are the same to a browser. */
export async function compare({ title, path, headers, file }, proxy, nginx) {
  const [ours, theirs] = await Promise.all([proxy, nginx].map(({ url }) => ask(url + path, headers)));
  assert.equal(ours.status, 200, `${title}: our status`);
  assert.equal(theirs.status, 200, `${title}: nginx's status`);
  assert.ok(ours.body.equals(theirs.body), `${title}: the bodies differ`);
  const missing = Object.keys(ours.headers).filter((name) => !(name in theirs.headers));
  assert.deepEqual(missing, [], `${title}: headers that nginx does not send`);
  for (const name of ALIKE) assert.equal(theirs.headers[name], ours.headers[name], `${title}: ${name}`);
  if (file) assert.equal(ours.headers["content-encoding"], "br", `${title} is not compressed; is the card built?`);
  return { ours, theirs };
}

/** The bytes of a head as sent, which differ where the servers write different headers. */
export const headBytes = ({ headers }) => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 200 OK\r\n${lines.join("")}\r\n`.length;
};
