// What it costs to ask again, with nothing new and with a new balance.
//
// The pages of all variants are open at the same time and refreshed one after the other, so that
// each has its rest meanwhile: the card lets two refreshes by hand be two seconds apart.

import { setTimeout as sleep } from "node:timers/promises";

import { mainThread } from "./browser.mjs";
import { median, rotated } from "./numbers.mjs";
import { AMOUNT } from "./server.mjs";

const REST = 2_200;

/** Long after the answer has come and what follows from it is done. */
const SETTLED = 300;

/**
 * A refresh that does not happen tells what the measuring itself costs; a button that fetches and
 * does nothing with the answer, what any refresh must cost.
 */
const KINDS = ["nothing", "fetch", "same", "new"];

export async function measureRefreshes(visitor, variants, text, rounds) {
  const { server } = visitor;
  server.delay = 0;
  server.amount = AMOUNT;
  const tabs = [];
  for (const variant of variants) {
    const tab = await visitor.fresh(text);
    await visitor.go(tab.page, variant);
    await tab.page.evaluate(countMutations);
    await tab.page.evaluate(addBareButton);
    tabs.push({ ...tab, variant, amount: AMOUNT, asked: Date.now(), minute: minute(), found: [] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of KINDS) for (const tab of rotated(tabs, round)) await refreshOnce(server, tab, kind);
  }
  for (const { context } of tabs) await context.close();
  server.amount = AMOUNT;
  return new Map(tabs.map(({ variant, found }) => [variant.name, net(found)]));
}

const minute = () => Math.floor(Date.now() / 60_000);

const rested = (tab) => sleep(Math.max(0, tab.asked + REST - Date.now()));

async function refreshOnce(server, tab, kind) {
  if (kind === "new") tab.amount += 1;
  server.amount = tab.amount;
  await rested(tab);
  // The cards say when their balance was fetched: only within one minute is there nothing new.
  while (kind === "same" && tab.minute !== minute()) {
    await tab.page.evaluate(act, kind);
    Object.assign(tab, { asked: Date.now(), minute: minute() });
    await rested(tab);
  }
  await tab.page.evaluate(() => (window.bench.mutations = 0));
  const before = await mainThread(tab.protocol);
  await tab.page.evaluate(act, kind);
  await sleep(SETTLED);
  const after = await mainThread(tab.protocol);
  if (kind === "same" || kind === "new") Object.assign(tab, { asked: Date.now(), minute: minute() });
  const mutations = await tab.page.evaluate(() => window.bench.mutations);
  tab.found.push({ kind, busy: after.tasks - before.tasks, mutations });
}

/** The series of each kind, without what it costs to look. */
function net(found) {
  const of = (kind) => found.filter((one) => one.kind === kind);
  const floor = median(of("nothing").map(({ busy }) => busy));
  const series = (kind) => ({
    busy: of(kind).map(({ busy }) => busy - floor),
    mutations: of(kind).map(({ mutations }) => mutations),
  });
  return { fetch: series("fetch"), same: series("same"), new: series("new") };
}

function countMutations() {
  const card = document.querySelector("[data-card]");
  const observer = new MutationObserver((records) => (window.bench.mutations += records.length));
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(card.shadowRoot ?? card, everything);
}

function addBareButton() {
  const button = document.body.appendChild(document.createElement("button"));
  button.className = "bare";
  button.onclick = () => void fetch("/api/balance", { cache: "no-store" }).then((answer) => answer.json());
}

/** Presses the button that every card has. */
function act(kind) {
  if (kind === "nothing") return;
  if (kind === "fetch") return document.querySelector(".bare").click();
  const card = document.querySelector("[data-card]");
  (card.shadowRoot ?? card).querySelector(".refresh, [part~=refresh]").click();
}
