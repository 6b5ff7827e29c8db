// The image: what is in it, and that it runs with nothing else, as a container engine would have it run.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { balance, certificate, find, get, isRoot, NOBODY, partner, run, scratch, start } from "./support.mjs";

const archive = find(/-image\.tar$/);
const skip = archive ? false : "no image was made";

let rootfs;
let config;

before(async () => {
  if (!archive) return;
  const folder = await scratch();
  await run("tar", ["-xf", archive, "-C", folder]);
  const [image] = JSON.parse(await readFile(join(folder, "manifest.json")));
  ({ config } = JSON.parse(await readFile(join(folder, image.Config))));
  rootfs = join(folder, "rootfs");
  await mkdir(rootfs);
  for (const layer of image.Layers) await run("tar", ["-xf", join(folder, layer), "-C", rootfs]);
});

test("it has a program with its licences, root certificates and a place for the history, and nothing else", { skip }, async () => {
  const entries = await readdir(rootfs, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(rootfs.length));
  const licences = ["card.txt", "program.txt"].map((name) => `/usr/share/doc/airalo-balance-proxy/${name}`);
  assert.deepEqual(files.sort(), ["/etc/ssl/certs/ca-certificates.crt", "/usr/bin/airalo-balance-proxy", ...licences]);
  const state = await stat(join(rootfs, "var/lib/airalo-balance"));
  if (isRoot) assert.deepEqual([state.uid, state.gid], [NOBODY, NOBODY]);
});

test("it runs as a user without rights, and says where the history lies", { skip }, () => {
  assert.equal(config.User, `${NOBODY}:${NOBODY}`);
  assert.deepEqual(config.Entrypoint, ["/usr/bin/airalo-balance-proxy"]);
  assert.deepEqual(config.Volumes, { "/var/lib/airalo-balance": {} });
  assert.ok(config.Env.includes("HISTORY=/var/lib/airalo-balance/history.db"), String(config.Env));
  assert.deepEqual(Object.keys(config.ExposedPorts).sort(), ["8080/tcp", "9090/tcp"]);
  assert.equal(config.StopSignal, "SIGTERM");
});

/** The image in a change of root, with the files that an engine puts into every container. */
async function runImage(changes) {
  const env = Object.fromEntries(config.Env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
  const asked = { LISTEN: "127.0.0.1:0", ADMIN_LISTEN: "127.0.0.1:0", LOG_FORMAT: "text", ALLOWED_HOSTS: "127.0.0.1", ALLOW_ANONYMOUS: "1" };
  return start("chroot", [`--userspec=${config.User}`, rootfs, ...config.Entrypoint], { ...env, ...asked, ...changes });
}

test("its program finds Airalo by the name server of the container, trusts the right root alone, and keeps the history", {
  skip: skip || (isRoot ? false : "only root may change the root of a program"),
}, async () => {
  const nameServer = await serveNames("127.53.0.1");
  await writeFile(join(rootfs, "etc/resolv.conf"), `nameserver ${nameServer}\n`);
  const { root, tls } = await certificate("airalo.test");
  const credentials = { AIRALO_CLIENT_ID: "id", AIRALO_CLIENT_SECRET: "secret", AIRALO_BASE_URL: `https://airalo.test:${await partner(tls)}` };

  const distrusting = await runImage(credentials);
  assert.equal((await get(`${distrusting.url}/api/balance`)).status, 502);
  assert.match((await distrusting.stop()).log, /certificate/i);

  const certificates = join(rootfs, "etc/ssl/certs/ca-certificates.crt");
  await appendFile(certificates, await readFile(root));
  const { url, stop } = await runImage(credentials);
  assert.deepEqual(await balance(url), { amount: 225.35, currency: "USD" });
  assert.equal((await get(`${url}/`)).status, 200);
  assert.equal((await stop()).code, 0);
  const history = await stat(join(rootfs, "var/lib/airalo-balance/history.db"));
  assert.equal(history.uid, NOBODY);
});

/** A name server at an address of this machine, to which every name is 127.0.0.1. */
async function serveNames(address) {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address: client }) => {
    const end = query.indexOf(0, 12) + 5;
    const isAddress = query.readUInt16BE(end - 4) === 1;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(isAddress ? 1 : 0, 6);
    head.fill(0, 8, 12);
    const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    socket.send(Buffer.concat([head, query.subarray(12, end), ...(isAddress ? [answer] : [])]), port, client);
  });
  socket.bind(53, address);
  await once(socket, "listening");
  after(() => socket.close());
  return address;
}
