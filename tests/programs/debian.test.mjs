// The Debian package: installed, started as its service would be, upgraded, removed and purged, below a
// folder of its own.

import assert from "node:assert/strict";
import { chmod, chown, lstat, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { balance, find, get, has, isRoot, NOBODY, partner, program, run, scratch, start } from "./support.mjs";

const file = find(/\.deb$/);
const ENVIRONMENT = "etc/airalo-balance-proxy.env";
const UNIT = "usr/lib/systemd/system/airalo-balance-proxy.service";

let system;
const at = (path) => join(system, path);

/** dpkg below the folder. No script of the package reaches the services of this machine. */
async function dpkg(...values) {
  const guard = at("guard");
  await mkdir(guard, { recursive: true });
  await writeFile(join(guard, "systemctl"), '#!/bin/sh\necho "$@" >> "$0.log"\n', { mode: 0o755 });
  const env = { PATH: `${guard}:/usr/sbin:/usr/bin:/sbin:/bin`, DEBIAN_FRONTEND: "noninteractive" };
  const options = [`--root=${system}`, "--log=/dev/null", "--force-not-root", "--force-script-chrootless", "--force-depends"];
  const [command, first] = isRoot ? ["dpkg", []] : ["fakeroot", ["dpkg"]];
  return run(command, [...first, ...options, ...values], { env });
}

before(async () => {
  system = await scratch();
  await chmod(system, 0o755);
  await mkdir(at("var/lib/dpkg/info"), { recursive: true });
  await mkdir(at("var/lib/dpkg/updates"), { recursive: true });
  await writeFile(at("var/lib/dpkg/status"), "");
  await dpkg("--install", file);
});

test("lintian finds no error in it", async (context) => {
  if (!(await has("lintian"))) return context.skip("this machine has no lintian");
  const said = await run("lintian", ["--allow-root", "--fail-on", "error", "--no-cfg", file]);
  assert.doesNotMatch(said, /^[EW]: /m);
});

test("it has the very program, the unit, its configuration that only root reads, a manual page and the licences", async () => {
  assert.ok((await readFile(at("usr/bin/airalo-balance-proxy"))).equals(await readFile(program)));
  assert.equal((await stat(at(ENVIRONMENT))).mode & 0o777, 0o600);
  const info = await run("dpkg-deb", ["--info", file, "conffiles"]);
  assert.equal(info.trim(), `/${ENVIRONMENT}`);
  const doc = "usr/share/doc/airalo-balance-proxy";
  for (const path of [UNIT, `${doc}/licences/program.txt`, `${doc}/licences/card.txt`, "usr/share/man/man1/airalo-balance-proxy.1.gz", `${doc}/copyright`]) {
    assert.ok(existsSync(at(path)), path);
  }
});

test("what the pages of the package say of nginx, Caddy, Prometheus and Grafana is beside them", async () => {
  const docs = at("usr/share/doc/airalo-balance-proxy/docs");
  for (const page of ["install.md", "quick-start.md", "operating.md", "alerts.md"]) {
    // Long ones are compressed, as Debian wants it.
    const path = join(docs, page);
    const text = existsSync(path) ? await readFile(path, "utf8") : gunzipSync(await readFile(`${path}.gz`)).toString();
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, href]) => href).filter((href) => !/^[a-z]+:/.test(href));
    assert.ok(links.length > 3, page);
    for (const href of links.filter((href) => !href.startsWith("../CHANGELOG"))) {
      const path = join(docs, href);
      assert.ok(existsSync(path) || existsSync(`${path}.gz`), `${page} leads to ${href}`);
    }
  }
});

/** The variables that systemd gives to the service: those of the unit, and of the file that it names. */
async function variables(changes) {
  const unit = await readFile(at(UNIT), "utf8");
  const settings = [...unit.matchAll(/^(\w+)=(.*)$/gm)];
  const values = (name) => settings.filter((setting) => setting[1] === name).map((setting) => setting[2]);
  assert.deepEqual(values("ExecStart"), ["airalo-balance-proxy"]);
  assert.deepEqual(values("EnvironmentFile"), [`/${ENVIRONMENT}`]);
  assert.deepEqual(values("StateDirectory"), ["airalo-balance"]);
  const lines = [...values("Environment"), ...(await readFile(at(ENVIRONMENT), "utf8")).split("\n")];
  const pairs = lines.map((line) => /^([A-Z_]+)=(.*)$/.exec(line)).filter(Boolean).map(([, name, value]) => [name, value]);
  return { ...Object.fromEntries(pairs), ...changes };
}

test("without credentials the service says which variables they belong into", async () => {
  const env = await variables({});
  await assert.rejects(run(at("usr/bin/airalo-balance-proxy"), ["--check"], { env }), /AIRALO_CLIENT_ID is missing[^]*AIRALO_CLIENT_SECRET is missing/);
});

test("with credentials it starts as a user without rights, shows card and balance, and keeps a history", async () => {
  const base = `http://127.0.0.1:${await partner()}`;
  const filled = (await readFile(at(ENVIRONMENT), "utf8")).replace(/^(AIRALO_CLIENT_\w+)=$/gm, "$1=mine");
  await writeFile(at(ENVIRONMENT), filled);
  const { HISTORY } = await variables({});
  // What StateDirectory does.
  const state = at("var/lib/private/airalo-balance");
  await mkdir(state, { recursive: true });
  if (isRoot) await chown(state, NOBODY, NOBODY);
  assert.equal(HISTORY, "/var/lib/airalo-balance/history.db");
  const env = await variables({ LISTEN: "127.0.0.1:0", AIRALO_BASE_URL: base, HISTORY: join(state, "history.db") });
  const rights = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const { url, stop } = await start(at("usr/bin/airalo-balance-proxy"), [], env, { ...rights, cwd: "/" });
  assert.deepEqual(await balance(url), { amount: 225.35, currency: "USD" });
  assert.match(String((await get(`${url}/`)).body), /<airalo-balance[\s>]/);
  assert.equal((await stop()).code, 0);
  assert.ok(existsSync(join(state, "history.db")));
});

test("an upgrade keeps what was written into the configuration, and the history", async () => {
  await dpkg("--install", file);
  assert.match(await readFile(at(ENVIRONMENT), "utf8"), /^AIRALO_CLIENT_SECRET=mine$/m);
  assert.ok(existsSync(at("var/lib/private/airalo-balance/history.db")));
});

test("installing starts and enables nothing", async () => {
  const log = at("guard/systemctl.log");
  const asked = existsSync(log) ? await readFile(log, "utf8") : "";
  assert.doesNotMatch(asked, /^(?!.*try-restart).*\b(start|restart|enable)\b/m);
  // The link leads to where the unit is on a machine of its own.
  await assert.rejects(lstat(at("etc/systemd/system/multi-user.target.wants/airalo-balance-proxy.service")), /ENOENT/);
});

test("removed it leaves configuration and history, purged it leaves nothing", async () => {
  await dpkg("--remove", "airalo-balance-proxy");
  assert.ok(!existsSync(at("usr/bin/airalo-balance-proxy")));
  assert.ok(existsSync(at(ENVIRONMENT)) && existsSync(at("var/lib/private/airalo-balance/history.db")));
  await dpkg("--purge", "airalo-balance-proxy");
  assert.ok(!existsSync(at(ENVIRONMENT)) && !existsSync(at("var/lib/private/airalo-balance")));
});
