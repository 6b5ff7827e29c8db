// One visit to one page: a new profile, a network, a processor, and everything that is measured there.

import { chromium } from "playwright-core";

import { probe } from "./probe.mjs";

const QUIET = ["disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
const ARGUMENTS = ["--disable-gpu", "--disable-dev-shm-usage", ...QUIET.map((name) => `--${name}`)];

/** Megabits and milliseconds, as people speak of networks, for the browser. */
const network = ({ megabits, latency }) => {
  const bytes = (megabits * 1e6) / 8;
  return { offline: false, latency, downloadThroughput: bytes, uploadThroughput: bytes };
};

export function launch() {
  const args = process.getuid?.() === 0 ? [...ARGUMENTS, "--no-sandbox"] : ARGUMENTS;
  return chromium.launch({ executablePath: process.env.AIRALO_CHROMIUM ?? "/usr/bin/chromium", args });
}

export class Visitor {
  constructor(browser, server) {
    Object.assign(this, { browser, server });
  }

  /** A page in a profile that has never seen anything. */
  async fresh(text, { cards = 1, net, cpu, complete } = {}) {
    const context = await this.browser.newContext({ locale: "en-US", timezoneId: "UTC" });
    await context.addInitScript(probe, { text, cards, complete });
    const page = await context.newPage();
    const protocol = await context.newCDPSession(page);
    // On the thread's own clock, which stands still while other programs have the processor.
    await protocol.send("Performance.enable", { timeDomain: "threadTicks" });
    if (net) {
      await protocol.send("Network.enable");
      await protocol.send("Network.emulateNetworkConditions", network(net));
    }
    if (cpu) await protocol.send("Emulation.setCPUThrottlingRate", { rate: cpu });
    return { context, page, protocol };
  }

  /** Goes to the page of a variant; resolves with the time at which its last balance was painted. */
  async go(page, variant, cards = 1) {
    await page.goto(`${this.server.origin}/${variant.name}/?cards=${cards}`, { waitUntil: "commit" });
    return page.evaluate(() => window.bench.painted);
  }

  async measure(variant, text, case_) {
    const { cards = 1, delay, warm, thorough } = case_;
    const tab = await this.fresh(text, { ...case_, complete: variant.complete });
    try {
      this.server.delay = delay;
      // All of it has to be there, and not only what is seen first.
      if (warm) await this.go(tab.page, variant, cards).then(() => tab.page.evaluate(() => window.bench.complete));
      this.server.log = [];
      const painted = await this.go(tab.page, variant, cards);
      const complete = await tab.page.evaluate(() => window.bench.complete);
      const { sent, answered } = await tab.page.evaluate(requestTimes);
      const found = { painted, complete, sent, afterAnswer: painted - answered };
      if (thorough) Object.assign(found, await this.#thorough(tab));
      const { log } = this.server;
      return { ...found, files: log.filter(({ api }) => !api), asked: log.filter(({ api }) => api).length };
    } finally {
      await tab.context.close();
    }
  }

  /** What is known only once the page has come to rest. */
  async #thorough({ page, protocol }) {
    await page.waitForTimeout(400);
    const { tasks, scripts } = await mainThread(protocol);
    const { longest, script } = await page.evaluate(() => ({ ...window.bench, memories: [], roots: [] }));
    await protocol.send("HeapProfiler.collectGarbage");
    const { usedSize } = await protocol.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(() => {
      return [...window.bench.memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    });
    return { tasks, scripts, longest, script, heap: usedSize, wasm };
  }
}

/** Milliseconds that the page's main thread has been busy since it was opened. */
export async function mainThread(protocol) {
  const { metrics } = await protocol.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value * 1000;
  return { tasks: of("TaskDuration"), scripts: of("ScriptDuration") };
}

/** When the page sent its last request for a balance, and when it had the answer. */
function requestTimes() {
  const requests = performance.getEntriesByType("resource").filter(({ name }) => /\/balances?$/.test(name));
  // A page that has its balance already may have asked for none.
  const { startTime: sent = NaN, responseEnd: answered = NaN } = requests.at(-1) ?? {};
  return { sent, answered };
}
