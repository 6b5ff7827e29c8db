// What every test runs against: the stand-in of the partner API, the real proxy in front of it, the
// built page, and a browser that reports violations of the content security policy.

import { test as base, expect } from "@playwright/test";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { dist, Panel } from "./panel.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = (variable, name) => process.env[variable] ?? resolve(root, "target/debug", name);

/** The folder of the WebAssembly and its glue, which is named after their contents. */
export const cardFolder = () => {
  const [folder] = readdirSync(resolve(dist, "card")).filter((name) => /^[0-9a-f]{16}$/.test(name));
  return `/card/${folder}/`;
};

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Programs that are still running: a test that fails does not stop them itself. */
const running = new Set();

/** Starts a program and waits until it answers. */
export async function start(path, env, url, args = []) {
  const child = spawn(path, args, { env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const program = { url, log: "", child };
  running.add(program);
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (program.log += data));
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${path} ended:\n${program.log}`);
    try {
      await fetch(url);
      return program;
    } catch {
      await new Promise((next) => setTimeout(next, 50));
    }
  }
  throw new Error(`${path} does not answer:\n${program.log}`);
}

export async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

export class StandIn {
  static async start(env = {}) {
    const standIn = new StandIn();
    standIn.secrets = { id: `id-${randomBytes(9).toString("hex")}`, secret: randomBytes(24).toString("hex") };
    const port = await freePort();
    standIn.running = await start(
      binary("AIRALO_SANDBOX_BIN", "airalo-balance-sandbox"),
      {
        SANDBOX_LISTEN: `127.0.0.1:${port}`,
        SANDBOX_CLIENT_ID: standIn.secrets.id,
        SANDBOX_CLIENT_SECRET: standIn.secrets.secret,
        ...env,
      },
      `http://127.0.0.1:${port}/`,
    );
    return standIn;
  }

  get url() {
    return this.running.url;
  }

  async state() {
    return (await fetch(`${this.url}_sandbox/state`)).json();
  }

  async #post(path) {
    const response = await fetch(`${this.url}_sandbox/${path}`, { method: "POST" });
    expect(response.ok, path).toBe(true);
    await this.changed?.();
    return response.json();
  }

  play = (scenario) => this.#post(`scenario?name=${scenario}`);
  order = (amount) => this.#post(`order?amount=${amount}`);
  topUp = (amount) => this.#post(`top-up?amount=${amount}`);
  setBalance = (amount) => this.#post(`balance?amount=${amount}`);
}

/** `port` starts a proxy where another one was stopped. */
export async function startProxy(standIn, env = {}, port = undefined, args = []) {
  port ??= await freePort();
  return start(
    binary("AIRALO_PROXY_BIN", "airalo-balance-proxy"),
    {
      AIRALO_BASE_URL: standIn.url,
      AIRALO_CLIENT_ID: standIn.secrets.id,
      AIRALO_CLIENT_SECRET: standIn.secrets.secret,
      LISTEN: `127.0.0.1:${port}`,
      ASSETS_DIR: dist,
      BALANCE_TTL: "1",
      ...env,
    },
    `http://127.0.0.1:${port}/`,
    args,
  );
}

/** Holds the WebAssembly back until the returned function is called, and then has the server send it. */
export async function holdWebAssembly(page, answer = (route) => route.continue()) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await answer(route);
  });
  return release;
}

/** Records every text that stands in the place of the amount, from now on. */
export const recordAmounts = (page) =>
  page.evaluate(() => {
    const element = document.querySelector("airalo-balance");
    window.amounts = new Set();
    const record = () => window.amounts.add(element.shadowRoot.querySelector(".amount bdi")?.textContent ?? "none");
    new MutationObserver(record).observe(element.shadowRoot, { childList: true, subtree: true, characterData: true });
    record();
  });

/** Locators for what a reader sees of a card, inside its shadow root. */
export class Card {
  constructor(page, selector = "airalo-balance") {
    this.host = page.locator(selector).first();
    this.amount = this.host.locator(".item .amount bdi[aria-hidden]");
    /** The amount in the skeleton. */
    this.preview = this.host.locator(".item .amount bdi:not([aria-hidden])");
    this.title = this.host.locator(".message .title");
    this.advice = this.host.locator(".message .advice");
    this.outdated = this.host.locator(".outdated");
    this.status = this.host.locator(".status");
    this.refreshButton = this.host.getByRole("button", { name: "Refresh" });
    this.retryButton = this.host.getByRole("button", { name: "Try again" });
    this.topUp = this.host.getByRole("link", { name: "Top up" });
  }

  snapshot() {
    return this.host.evaluate((element) => element.snapshot);
  }
}

/** Counts the requests for the balance that the page makes. */
export function countRequests(page) {
  const balanceUrl = /\/api\/balance$/;
  const counted = { requests: 0, failed: 0 };
  page.on("request", (request) => balanceUrl.test(request.url()) && (counted.requests += 1));
  page.on("requestfailed", (request) => balanceUrl.test(request.url()) && (counted.failed += 1));
  return counted;
}

/** What the server sends for a page, less the balance in it. */
export async function fetchPage(route) {
  const response = await route.fetch();
  const html = (await response.text()).replace(/[^>]*<script type="application\/json">.*?<\/script>/s, "");
  return { response, html };
}

async function withoutBalance(route) {
  const { response, html } = await fetchPage(route);
  await route.fulfill({ response, body: html });
}

export const test = base.extend({
  cleanup: [
    async ({}, use) => {
      await use();
      for (const program of running) await stop(program);
      running.clear();
    },
    { auto: true },
  ],

  standIn: async ({}, use) => {
    const standIn = await StandIn.start();
    await use(standIn);
    await stop(standIn.running);
  },

  /** Starts a panel with these pages, and stops it after the test. */
  panel: async ({}, use) => {
    const panels = [];
    await use(async (pages, options) => {
      const panel = await Panel.start(typeof pages === "string" ? { "/": pages } : pages, options);
      panels.push(panel);
      return panel;
    });
    for (const panel of panels) await panel.stop();
  },

  /**
   * A proxy that knows nothing older than what the test has the stand-in play before the first page,
   * and whose page has no balance embedded: the card asks for what the test is about.
   */
  server: async ({ standIn, context }, use) => {
    const server = await startProxy(standIn);
    let isInUse = false;
    context.on("request", (request) => (isInUse ||= request.url().startsWith(server.url)));
    await context.route((url) => url.href.split(/[?#]/)[0] === server.url, withoutBalance);
    // It asks Airalo when it starts.
    standIn.changed = async () => {
      if (isInUse) return;
      await stop(server);
      Object.assign(server, await startProxy(standIn, {}, new URL(server.url).port));
    };
    await use(server);
    standIn.changed = undefined;
    await stop(server);
  },

  // Every test fails on a violation of the policy and on an uncaught exception.
  page: async ({ page }, use) => {
    const violations = [];
    const errors = [];
    await page.exposeFunction("reportViolation", (text) => violations.push(text));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        // Firefox asks for an icon of every page.
        if (event.blockedURI.endsWith("/favicon.ico")) return;
        window.reportViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
      });
      window.cardEvents = [];
      for (const name of ["ready", "change", "error", "top-up", "level"]) {
        addEventListener(`airalo-balance-${name}`, (event) => {
          window.cardEvents.push({ name, detail: structuredClone(event.detail), composed: event.composed });
        });
      }
    });
    // Firefox reports a file that it refuses as an exception, although the promise is handled.
    const isOfBrowser = ({ message }) => /^(Loading module from|None of the “sha384” hashes|The page’s settings blocked)/.test(message);
    page.on("pageerror", (error) => isOfBrowser(error) || errors.push(error.message));
    // Many tests cause network errors on the console; invalid markup is an error in every test.
    page.on("console", (message) => /^Error: <\w+> attribute/.test(message.text()) && errors.push(message.text()));
    page.violations = violations;
    page.cardEvents = (name) => page.evaluate((name) => window.cardEvents.filter((event) => event.name === name), name);
    await use(page);
    expect(violations, "the page violated its own policy").toEqual(page.expectedViolations ?? []);
    expect(errors, "an exception was not caught").toEqual([]);
  },
});

export { expect };
