// A page without a framework.

import "airalo-balance";
import { AiraloBalanceElement, configure, define, mount } from "airalo-balance/element";
import { mountHistory } from "airalo-balance/history";
import type { AiraloBalanceElement as Card, Balance, CardOptions, ErrorCode, HeadersSource, Level, Snapshot } from "airalo-balance/types";

configure({ assetBase: "/assets/" });
define("partner-balance");

const card = document.createElement("airalo-balance");
card satisfies AiraloBalanceElement;
card satisfies Card;
card.proxyUrl = "/api/balance";
card.refreshInterval = 60;
card.lowThreshold = 200;
card.criticalThreshold = "50.5";
card.theme = "dark";
card.noTopUp = true;
card.headers = { "X-CSRF-Token": "1" };
card.headers = () => null;
card.headers = async () => ({ Authorization: "Bearer 1" });
card.messages = { label: "Credit", "top-up": "Add credit" };
card.messages = null;

card.addEventListener("airalo-balance-change", (event) => {
  const amounts: string[] = event.detail.balances.map((balance: Balance) => balance.amount);
  const [first] = event.detail.previous;
  console.log(amounts, first?.currency);
});
// They bubble.
document.addEventListener("airalo-balance-top-up", (event) => {
  event.preventDefault();
  const url: string | null = event.detail.url;
  console.log(url);
});
window.addEventListener("airalo-balance-level", ({ detail }) => {
  const level: Level = detail.level;
  console.log(level, detail.previous);
});
card.addEventListener("airalo-balance-error", ({ detail }) => {
  const code: ErrorCode = detail.code;
  console.log(code, detail.retryAfter?.toFixed(), detail.retryable);
});
card.addEventListener("click", (event) => console.log(event.clientX));

const snapshot: Snapshot = await card.refresh();
console.log(snapshot.forecast?.daysLeft.middle, (await card.reset()).fetchedAt);

const headers: HeadersSource = { "X-A": "1" };
const options: CardOptions = { proxyUrl: "/api/balance", lowThreshold: 200, headers, label: undefined };
const mounted = mount("#card", options);
mounted.update({ variant: "compact" });
const element: AiraloBalanceElement = mounted.element;
console.log(element.label, (await mounted.refresh()).state);
mounted.destroy();
mount(document.body);
mount(element.shadowRoot ?? document.body);

const history = await mountHistory(document.body, { url: "/api/balance/history", locale: "de" });
history.update({ url: "/api/balance/history" });
await mountHistory("#history", { url: "/api/balance/history" });
history.destroy();

const version: string = AiraloBalanceElement.version;
console.log(version, document.querySelector("airalo-balance")?.snapshot.balances);

// @ts-expect-error the types hold no class
console.log(new Card());
// @ts-expect-error there is no such theme
card.theme = "blue";
// @ts-expect-error a number is no text
card.label = 5;
// @ts-expect-error seconds are a number
card.refreshInterval = "60";
// @ts-expect-error a header is text
card.headers = { "X-A": 1 };
// @ts-expect-error there is no such message
card.messages = { labl: "Credit" };
// @ts-expect-error the snapshot is read-only
card.snapshot = snapshot;
// @ts-expect-error the snapshot is frozen
snapshot.stale = false;
// @ts-expect-error there is no such property
mount("#card", { proxyURL: "/api/balance" });
// @ts-expect-error there is no such credentials mode
mounted.update({ credentials: "all" });
// @ts-expect-error the detail has no such property
card.addEventListener("airalo-balance-change", (event) => event.detail.balance);
// @ts-expect-error the URL is required
await mountHistory(document.body, {});
