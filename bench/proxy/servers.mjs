// The two servers and what is behind them: a partner for the proxy, an answer for the cache of nginx.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { configuration, toReplay } from "./nginx.mjs";

const TOKEN = { token_type: "Bearer", expires_in: 86_400, access_token: "bench" };
const BALANCES = { name: "balance", availableBalance: { amount: 225.35, currency: "USD" } };

export const NGINX = "nginx";

/** A server of this process on a free port, which counts its requests. */
async function listen(respond) {
  const server = createServer((request, response) => {
    listening.requests += 1;
    request.resume().on("end", () => respond(request, response));
  });
  const listening = { server, requests: 0 };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  listening.url = `http://127.0.0.1:${server.address().port}`;
  return listening;
}

/** The partner API in its documented shape. */
export const partner = () =>
  listen(({ url }, response) => {
    const data = url === "/v2/token" ? TOKEN : { balances: BALANCES };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ data, meta: { message: "success" } }));
  });

/** What nginx caches: an answer of the proxy, byte for byte. */
export const replay = (answer) =>
  listen((_request, response) => {
    for (const [name, value] of toReplay(answer.headers)) response.setHeader(name, value);
    response.end(answer.body);
  });

async function freePort() {
  const { server, url } = await listen(() => {});
  server.close();
  await once(server, "close");
  return Number(new URL(url).port);
}

/** A program that listens on this port, until `stop`. */
async function start(program, options, port) {
  const child = spawn(program, options.arguments ?? [], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const said = [];
  child.stderr.on("data", (text) => said.push(text));
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  for (let tries = 0; !(await accepts(port)); tries += 1) {
    await Promise.race([sleep(50), failed]);
    if (child.exitCode !== null || tries > 200) throw new Error(`${program} does not start: ${Buffer.concat(said)}`);
  }
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  return { pid: child.pid, url: `http://127.0.0.1:${port}`, stop };
}

async function accepts(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function startProxy(program, assets, partnerUrl) {
  const port = await freePort();
  const env = {
    AIRALO_BASE_URL: partnerUrl,
    AIRALO_CLIENT_ID: "bench",
    AIRALO_CLIENT_SECRET: "bench",
    LISTEN: `127.0.0.1:${port}`,
    ASSETS_DIR: assets,
    // One answer for the whole bench, so that both servers can be compared byte by byte.
    BALANCE_TTL: "86400",
    RUST_LOG: "warn",
  };
  try {
    // nginx limits nobody either.
    return await start(program, { env: { ...env, RATE_LIMIT: "0" } }, port);
  } catch (error) {
    if (!String(error).includes("RATE_LIMIT is not supported")) throw error;
    return start(program, { env }, port);
  }
}

export async function startNginx(upstream, files) {
  const folder = await mkdtemp(join(tmpdir(), "airalo-bench-"));
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  await writeFile(config, configuration({ folder, port, upstream, files, isRoot: process.getuid() === 0 }));
  const nginx = await start(NGINX, { arguments: ["-p", folder, "-c", config, "-e", join(folder, "error.log")] }, port);
  const stop = async () => {
    await nginx.stop();
    await rm(folder, { recursive: true });
  };
  return { ...nginx, stop };
}
