// Projects of partners: each is a folder beside this file, installed and built in `target/package-tests/`
// with nothing of the card but the packed file.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { once } from "node:events";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { installProject, packed, root, run } from "./install.mjs";

export { run };

const sources = fileURLToPath(new URL(".", import.meta.url));
const installed = process.env.AIRALO_PACKAGE_TESTS ?? join(root, "target/package-tests");
const require = createRequire(join(root, "tests/e2e/package.json"));

/** The file of `npm pack`. */
export const tarball = packed();

/** What a partner copies into a project instead: a build of the card. The old one fails here. */
const vendored = process.env.AIRALO_DIST ?? join(root, "dist");

/**
 * A project with its packages, the card's and a vendored copy of the built card; its folder. One that is
 * an example too is in `examples/hosts/`, and here is what is added to it.
 */
export async function install(name) {
  const folder = join(installed, name);
  const isWhole = existsSync(join(sources, name, "package.json"));
  await installProject(isWhole ? join(sources, name) : join(root, "examples/hosts", name), folder);
  if (!isWhole) await cp(join(sources, name), folder, { recursive: true });
  const parts = ["airalo-balance.js", "airalo-balance-element.js", "card", "words"];
  for (const part of parts) await cp(join(vendored, part), join(folder, "vendor", part), { recursive: true });
  return folder;
}

/** The WebAssembly of the package, for bundlers that leave it behind. */
export async function copyWasm(folder, to) {
  const card = join(folder, "node_modules/airalo-balance/card");
  const [digits] = readdirSync(card);
  await mkdir(to, { recursive: true });
  await cp(join(card, digits, "airalo-balance_bg.wasm"), join(to, "airalo-balance_bg.wasm"));
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

async function sendFile(folder, pathname, response) {
  const file = resolve(folder, `.${pathname.endsWith("/") ? `${pathname}index.html` : pathname}`);
  if (!file.startsWith(folder) || !existsSync(file) || extname(file) === "") return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
  return response.end(await readFile(file));
}

function forward(port, { url, method, headers }, response) {
  const forwarded = httpRequest({ port, host: "127.0.0.1", path: url, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  forwarded.on("error", () => response.writeHead(502).end());
  forwarded.end();
}

const closing = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

/** What the proxy would answer with. */
const ANSWERS = { "/api/balance": "balance", "/api/balance/history": "history-month" };

/** Serves a folder, or what a server at a port serves, with the routes of the proxy; returns the URL. */
export async function serve(folderOrPort) {
  const contract = (name) => readFile(join(root, `contract/${name}.json`));
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    if (pathname in ANSWERS) {
      response.writeHead(200, { "Content-Type": "application/json" });
      return response.end(await contract(ANSWERS[pathname]));
    }
    return typeof folderOrPort === "number" ? forward(folderOrPort, request, response) : sendFile(folderOrPort, pathname, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

async function freePort() {
  const server = createSocketServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a server of a project; `values` are given its port. Returns the port once it answers. */
export async function start(folder, program, values) {
  const port = await freePort();
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(process.execPath, [join(folder, "node_modules", program), ...values(port)], { cwd: folder, env });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += data));
  closing.push(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${log}`);
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) return port;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${program} does not answer:\n${log}`);
}

let browser;

async function launch() {
  const { chromium } = require("playwright-core");
  const executablePath = process.env.AIRALO_CHROMIUM ?? "/usr/bin/chromium";
  const args = ["--disable-gpu", "--disable-dev-shm-usage"];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  const launched = await chromium.launch({ executablePath, args });
  closing.push(() => launched.close());
  return launched;
}

/** Opens a page, and notes what goes wrong on it in `page.problems`. `prepare` is called before. */
export async function open(url, prepare = async () => {}) {
  browser ??= launch();
  const page = await (await browser).newPage({ locale: "en-US" });
  await prepare(page);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.problems.push(message.text()));
  page.on("response", (response) => response.status() >= 400 && page.problems.push(`${response.status()} ${response.url()}`));
  await page.goto(url);
  return page;
}

/** The amount of a card that runs. */
export const AMOUNT = ".item .amount bdi[aria-hidden]";

/** The page has a card that runs, and one in German, whose words are loaded as well. Nothing goes wrong. */
export async function expectCards(url) {
  const page = await open(url);
  const amount = page.locator(`airalo-balance:not([locale]) ${AMOUNT}`);
  const german = page.locator('airalo-balance[locale="de"] .label');
  try {
    await amount.waitFor({ timeout: 30_000 });
    await german.filter({ hasText: "Verfügbares Guthaben" }).waitFor({ timeout: 30_000 });
  } catch (error) {
    throw new Error(`no balance on ${url}: ${page.problems.join("\n")}`, { cause: error });
  }
  assert.equal(await amount.textContent(), "$225.35");
  assert.deepEqual(page.problems, []);
  return page;
}

/** Whether `airalo-balance` and `airalo-balance/element` have given the program one class. */
export const isOneClass = (page) => page.evaluate(() => window.isOneClass);

/** A card whose files could not be loaded once says so, and one that comes later runs. `names` are those of its scripts. */
export async function expectRecovery(url, names) {
  const later = (address) => names.test(address.pathname);
  const page = await open(url, (page) => page.route(later, (route) => route.fulfill({ status: 503 })));
  await page.waitForFunction(() => document.querySelector("airalo-balance").snapshot?.error?.code === "unsupported");
  await page.unroute(later);
  await page.evaluate(() => {
    document.body.replaceChildren(Object.assign(document.createElement("airalo-balance"), { proxyUrl: "/api/balance" }));
  });
  await page.locator(`airalo-balance ${AMOUNT}`).waitFor({ timeout: 30_000 });
}

/** A panel's page with two cards, the second one in another language. */
export const pageWith = (head, { assetBase } = {}) => `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">${head}
  <airalo-balance proxy-url="/api/balance"${assetBase ? ` asset-base="${assetBase}"` : ""}></airalo-balance>
  <airalo-balance proxy-url="/api/balance" locale="de"></airalo-balance>`;
