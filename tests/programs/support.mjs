// What the tests of the programs share: where they are, how one is started, and who is asked instead
// of Airalo.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createPlainServer, request as httpRequest } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const dist = process.env.AIRALO_DIST ?? join(root, "dist");

/** The folder that `cargo xtask package` or `cargo xtask test programs` has filled. */
export const programs = process.env.AIRALO_PROGRAMS ?? join(root, "target/programs");

/** The one file in it whose name ends like this, if there is one. */
export function find(ending) {
  const names = readdirSync(programs).filter((name) => name.startsWith("airalo-balance-proxy") && ending.test(name));
  assert.ok(names.length <= 1, `${programs} has several versions: ${names.join(", ")}`);
  return names.length === 1 ? join(programs, names[0]) : undefined;
}

/** The static program. */
export const program = find(/-linux-[a-z0-9_]+$/);

export const isRoot = process.getuid() === 0;

/** Nobody's, which has no rights. */
export const NOBODY = 65534;

/** Runs a program and returns what it prints; its exit with an error is one here. */
export async function run(command, values, options = {}) {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, values, { maxBuffer: 1 << 26, ...options });
    return stdout + stderr;
  } catch (error) {
    throw new Error(`${command} ${values.join(" ")} has failed:\n${error.stdout ?? ""}${error.stderr ?? error}`);
  }
}

/** Whether a program is on this machine. */
export const has = (command) => run("sh", ["-c", `command -v ${command}`]).then(() => true, () => false);

const closing = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

/** A folder that is deleted after the tests. */
export async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), "airalo-programs-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the proxy with these variables and no others; returns its address once it listens. */
export async function start(command, values, env, options = {}) {
  const child = spawn(command, values, { env: { LISTEN: "127.0.0.1:0", LOG_FORMAT: "text", ...env }, ...options });
  let log = "";
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, "exit");
    }
    return { code: child.exitCode, log };
  };
  closing.push(stop);
  const url = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`it ended with ${code}:\n${log}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        log += data;
        const listening = /listening on (http:\/\/[\d.:]+)\//.exec(log);
        if (listening) resolve(listening[1]);
      });
    }
  });
  return { url, stop, pid: child.pid };
}

/** The response as it comes, whatever its encoding. */
export async function get(url, headers = {}) {
  const request = httpRequest(url, { headers: { "X-Airalo-Widget": "1", ...headers } }).end();
  const [response] = await once(request, "response");
  const parts = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
}

/** The balance that the proxy at this address serves. */
export async function balance(url) {
  const { status, body } = await get(`${url}/api/balance`);
  assert.equal(status, 200, String(body));
  return JSON.parse(body).data.balances[0].availableBalance;
}

/** Stands in for Airalo, with TLS where it is given a certificate; returns its port. */
export async function partner(tls) {
  const token = { data: { token_type: "Bearer", expires_in: 86400, access_token: "token" }, meta: { message: "success" } };
  const answer = readFileSync(join(root, "contract/balance.json"));
  const listener = (request, response) => {
    request.resume();
    response.setHeader("Content-Type", "application/json");
    response.end(request.url.endsWith("/token") ? JSON.stringify(token) : answer);
  };
  const server = tls ? createTlsServer(tls, listener) : createPlainServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

/** A certificate for a name, and the file with the root that it is verified with. */
export async function certificate(name) {
  const folder = await scratch();
  const at = (file) => join(folder, file);
  const key = (file) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", at(file), "-days", "2"];
  await run("openssl", ["req", "-x509", ...key("root.key"), "-out", at("root.pem"), "-subj", "/CN=Root of a test"]);
  const extensions = ["-addext", `subjectAltName=DNS:${name}`, "-addext", "basicConstraints=critical,CA:FALSE"];
  const signed = ["-CA", at("root.pem"), "-CAkey", at("root.key"), "-out", at("leaf.pem"), "-subj", "/CN=Airalo of a test"];
  await run("openssl", ["req", "-x509", ...key("leaf.key"), ...extensions, ...signed]);
  return { root: at("root.pem"), tls: { key: await readFile(at("leaf.key")), cert: await readFile(at("leaf.pem")) } };
}
