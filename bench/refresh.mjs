// The cost of a refresh, with the same balance and with a new one.
//
// The pages of all variants are open at the same time and refreshed in turn, because the card
// allows two refreshes by hand only two seconds apart.

import { setTimeout as sleep } from "node:timers/promises";

import { mainThread } from "./browser.mjs";
import { median, rotated } from "./numbers.mjs";
import { AMOUNT } from "./server.mjs";

/** Milliseconds between two refreshes of one page. */
const PAUSE = 2_200;

/** Milliseconds after which a refresh and everything that follows from it is done. */
const SETTLED = 300;

/**
 * `nothing` measures the measuring itself; `fetch` is a button that fetches and ignores the
 * response, which is what any refresh costs at least.
 */
const KINDS = ["nothing", "fetch", "same", "new"];

export async function measureRefreshes(visitor, variants, text, rounds) {
  const { server } = visitor;
  server.delay = 0;
  server.amount = AMOUNT;
  const tabs = [];
  for (const variant of variants) {
    const tab = await visitor.open(text);
    await visitor.visit(tab.page, variant);
    await tab.page.evaluate(countMutations);
    await tab.page.evaluate(addFetchButton);
    tabs.push({ ...tab, variant, amount: AMOUNT, refreshedAt: Date.now(), minute: minute(), measured: [] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of KINDS) for (const tab of rotated(tabs, round)) await measureOne(server, tab, kind);
  }
  for (const { context } of tabs) await context.close();
  server.amount = AMOUNT;
  return new Map(tabs.map(({ variant, measured }) => [variant.name, withoutOverhead(measured)]));
}

const minute = () => Math.floor(Date.now() / 60_000);

const pause = (tab) => sleep(Math.max(0, tab.refreshedAt + PAUSE - Date.now()));

const setRefreshed = (tab) => Object.assign(tab, { refreshedAt: Date.now(), minute: minute() });

async function measureOne(server, tab, kind) {
  if (kind === "new") tab.amount += 1;
  server.amount = tab.amount;
  await pause(tab);
  // The cards show the minute of their balance, so only within one minute does nothing change.
  while (kind === "same" && tab.minute !== minute()) {
    await tab.page.evaluate(press, kind);
    setRefreshed(tab);
    await pause(tab);
  }
  await tab.page.evaluate(() => (window.bench.mutations = 0));
  const before = await mainThread(tab.protocol);
  await tab.page.evaluate(press, kind);
  await sleep(SETTLED);
  const after = await mainThread(tab.protocol);
  if (kind === "same" || kind === "new") setRefreshed(tab);
  const mutations = await tab.page.evaluate(() => window.bench.mutations);
  tab.measured.push({ kind, busy: after.tasks - before.tasks, mutations });
}

/** The values of each kind, without the cost of the measuring itself. */
function withoutOverhead(measured) {
  const of = (kind) => measured.filter((one) => one.kind === kind);
  const overhead = median(of("nothing").map(({ busy }) => busy));
  const values = (kind) => ({
    busy: of(kind).map(({ busy }) => busy - overhead),
    mutations: of(kind).map(({ mutations }) => mutations),
  });
  return { fetch: values("fetch"), same: values("same"), new: values("new") };
}

function countMutations() {
  const card = document.querySelector("[data-card]");
  const observer = new MutationObserver((records) => (window.bench.mutations += records.length));
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(card.shadowRoot ?? card, everything);
}

function addFetchButton() {
  const button = document.body.appendChild(document.createElement("button"));
  button.className = "fetch-only";
  button.onclick = () => void fetch("/api/balance", { cache: "no-store" }).then((response) => response.json());
}

/** Presses the refresh button of the card, or the one that only fetches. */
function press(kind) {
  if (kind === "nothing") return;
  if (kind === "fetch") return document.querySelector(".fetch-only").click();
  const card = document.querySelector("[data-card]");
  (card.shadowRoot ?? card).querySelector(".refresh, [part~=refresh]").click();
}
