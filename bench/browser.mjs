// One visit to one page: a new profile, a network, a processor, and everything that is measured there.

import { chromium } from "playwright-core";

import { probe } from "./probe.mjs";

const QUIET = ["disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
const ARGUMENTS = ["--disable-gpu", "--disable-dev-shm-usage", ...QUIET.map((name) => `--${name}`)];

/** Megabits and milliseconds in the terms of the browser's protocol. */
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

  /** A page in a new profile, with an empty cache. */
  async open(text, { cards = 1, net, cpu, completeEvent } = {}) {
    const context = await this.browser.newContext({ locale: "en-US", timezoneId: "UTC" });
    await context.addInitScript(probe, { text, cards, completeEvent });
    const page = await context.newPage();
    const protocol = await context.newCDPSession(page);
    // The thread's own clock, which stands still while other programs use the processor.
    await protocol.send("Performance.enable", { timeDomain: "threadTicks" });
    if (net) {
      await protocol.send("Network.enable");
      await protocol.send("Network.emulateNetworkConditions", network(net));
    }
    if (cpu) await protocol.send("Emulation.setCPUThrottlingRate", { rate: cpu });
    return { context, page, protocol };
  }

  /** Opens the page of a variant; resolves with the time at which its last balance was painted. */
  async visit(page, variant, cards = 1) {
    await page.goto(`${this.server.origin}/${variant.name}/?cards=${cards}`, { waitUntil: "commit" });
    return page.evaluate(() => window.bench.painted);
  }

  async measure(variant, text, case_) {
    const { cards = 1, delay, warm, thorough } = case_;
    const tab = await this.open(text, { ...case_, completeEvent: variant.completeEvent });
    const complete = () => tab.page.evaluate(() => window.bench.complete);
    try {
      this.server.delay = delay;
      // A cache is full only when the whole card has loaded.
      if (warm) await this.visit(tab.page, variant, cards).then(complete);
      this.server.log = [];
      const painted = await this.visit(tab.page, variant, cards);
      const measured = { painted, complete: await complete() };
      const { sent, answered } = await tab.page.evaluate(requestTimes);
      Object.assign(measured, { sent, afterAnswer: painted - answered });
      if (thorough) Object.assign(measured, await this.#measureThreadAndMemory(tab));
      const { log } = this.server;
      return { ...measured, files: log.filter(({ api }) => !api), requests: log.filter(({ api }) => api).length };
    } finally {
      await tab.context.close();
    }
  }

  /** Measured after the page has been idle for a while. */
  async #measureThreadAndMemory({ page, protocol }) {
    await page.waitForTimeout(400);
    const { tasks, scripts } = await mainThread(protocol);
    const { longestTask, longestScript } = await page.evaluate(() => {
      const { longestTask, longestScript } = window.bench;
      return { longestTask, longestScript };
    });
    await protocol.send("HeapProfiler.collectGarbage");
    const { usedSize } = await protocol.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(() => {
      return [...window.bench.memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    });
    return { tasks, scripts, longestTask, longestScript, heap: usedSize, wasm };
  }
}

/** Milliseconds that the page's main thread has been busy since the page was opened. */
export async function mainThread(protocol) {
  const { metrics } = await protocol.send("Performance.getMetrics");
  const milliseconds = (name) => metrics.find((metric) => metric.name === name).value * 1000;
  return { tasks: milliseconds("TaskDuration"), scripts: milliseconds("ScriptDuration") };
}

/** When the page sent its last request for a balance, and when it had the response. */
function requestTimes() {
  const requests = performance.getEntriesByType("resource").filter(({ name }) => /\/balances?$/.test(name));
  // A page that contains its balance may request none.
  const { startTime: sent = NaN, responseEnd: answered = NaN } = requests.at(-1) ?? {};
  return { sent, answered };
}
