// The static program: it needs nothing of the machine, and has the whole card in it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { test } from "node:test";
import { balance, certificate, dist, get, partner, program, run, scratch, start } from "./support.mjs";

const CREDENTIALS = { AIRALO_CLIENT_ID: "id", AIRALO_CLIENT_SECRET: "secret" };

test("it is one file that needs no library of the system", async () => {
  const said = await run("sh", ["-c", 'ldd "$0" 2>&1 || true', program], { env: { ...process.env, LC_ALL: "C" } });
  assert.match(said, /not a dynamic executable|statically linked/);
  assert.match(await run(program, ["--version"], { env: {} }), /^airalo-balance-proxy \d+\.\d+\.\d+$/m);
});

test("in an empty folder and with no variable set it shows the card with the figures of the stand-in", async () => {
  const { url, stop } = await start(program, ["--sandbox"], {}, { cwd: await scratch() });
  const page = await get(`${url}/`);
  assert.equal(page.status, 200);
  assert.match(String(page.body), /<airalo-balance[\s>]/);
  assert.equal((await balance(url)).currency, "USD");
  assert.equal((await stop()).code, 0);
});

test("it serves every file of the build, byte for byte and in each encoding, and no other", async () => {
  const { url } = await start(program, ["--sandbox"], {});
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  // Those with a placeholder for the balance are not served as they are.
  const isServed = (file) => !/\.(br|gz)$/.test(file) && !["index.html", "card.html"].includes(file.slice(dist.length + 1));
  const served = files.filter(isServed);
  assert.ok(served.length > 50, "there is no build");
  for (const file of served) {
    const [start, end] = extname(file) === ".html" ? (await readFile(file, "utf8")).split("<!-- history -->") : [];
    if (end !== undefined) {
      // The stand-in has a history, to which such a page links.
      const page = String((await get(`${url}${file.slice(dist.length)}`)).body);
      assert.ok(page.startsWith(start) && page.endsWith(end), file);
      assert.match(page.slice(start.length, -end.length), /^<a href="[./]+history\.html">History<\/a>$/);
      continue;
    }
    for (const [suffix, encoding] of [["", "identity"], [".br", "br"], [".gz", "gzip"]].filter(([suffix]) => files.includes(file + suffix))) {
      const { status, headers, body } = await get(`${url}${file.slice(dist.length)}`, { "Accept-Encoding": encoding });
      assert.equal(status, 200, file + suffix);
      assert.equal(headers["content-encoding"] ?? "identity", encoding, file);
      assert.ok(body.equals(await readFile(file + suffix)), file + suffix);
      if (extname(file) === ".wasm") assert.equal(headers["content-type"], "application/wasm");
    }
  }
  assert.equal((await get(`${url}/airalo-balance.js.br`)).status, 404);
});

test("ASSETS_DIR names another build, and then nothing of the one in the program is served", async () => {
  const folder = await scratch();
  await writeFile(join(folder, "index.html"), "mine: <!-- balance -->");
  const { url } = await start(program, ["--sandbox"], { ASSETS_DIR: folder });
  assert.match(String((await get(`${url}/`)).body), /^mine: /);
  assert.equal((await get(`${url}/airalo-balance.js`)).status, 404);
});

test("--check names the build, and the status says that all is well", async () => {
  const said = await run(program, ["--sandbox", "--check"], { env: {} });
  const [digits] = await readdir(join(dist, "card"));
  assert.ok(said.includes(`in this program, the build card/${digits}`), said);
});

test("it resolves a name, and verifies the certificate by the roots of the machine or of SSL_CERT_FILE", async (context) => {
  const { root, tls } = await certificate("localhost");
  const AIRALO_BASE_URL = `https://localhost:${await partner(tls)}`;
  const trusting = await start(program, [], { ...CREDENTIALS, AIRALO_BASE_URL, SSL_CERT_FILE: root });
  assert.deepEqual(await balance(trusting.url), { amount: 225.35, currency: "USD" });
  if (!hasRoots()) return context.diagnostic("this machine has no root certificates");
  const other = await start(program, [], { ...CREDENTIALS, AIRALO_BASE_URL });
  assert.equal((await get(`${other.url}/api/balance`)).status, 502);
  assert.match((await other.stop()).log, /certificate/i);
});

function hasRoots() {
  return execFileSync("sh", ["-c", "ls /etc/ssl/certs | wc -l"], { encoding: "utf8" }).trim() !== "0";
}
