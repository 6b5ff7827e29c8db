// Shows the state of the sandbox, updated every second, and sends the forms.

const byId = (id) => document.getElementById(id);
const LABELS = {
  token_requests: "Token requests",
  tokens_issued: "Tokens given out",
  balance_requests: "Balance requests",
  orders: "Orders paid",
  orders_refused: "Orders refused",
  top_ups: "Top-ups",
};

// `Intl` formats a string of digits exactly. The balance is taken from the text of the state,
// because `JSON.parse` would round a long amount.
const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const digitsOf = (text, name) => text.match(new RegExp(`"${name}":(-?[0-9.]+)`))?.[1] ?? "";

const setChildren = (parent, nodes) => byId(parent).replaceChildren(...nodes);
const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

function show(text) {
  const state = JSON.parse(text);
  byId("amount").textContent = money.format(digitsOf(text, "balance"));
  byId("pace").textContent = state.order_every ? `An order comes in every ${state.order_every} s.` : "Orders come in when you place them.";
  // While the list has the focus, somebody may be choosing from it.
  if (document.activeElement !== byId("name")) byId("name").value = state.scenario;
  setChildren("counts", Object.entries(LABELS).flatMap(([key, label]) => [element("dt", label), element("dd", state.counts[key])]));
  setChildren("orders", state.newest_orders.map(({ id, price }) => Object.assign(element("li", money.format(price)), { value: id })));
}

async function refresh() {
  const response = await fetch("/_sandbox/state");
  show(await response.text());
}

async function send(path, form) {
  const query = new URLSearchParams(new FormData(form));
  const response = await fetch(`/_sandbox/${path}?${query}`, { method: "POST" });
  const text = await response.text();
  if (response.ok) {
    byId("error").textContent = "";
    return show(text);
  }
  const { reason, error } = JSON.parse(text);
  byId("error").textContent = reason ?? error;
}

const showStopped = () => { byId("error").textContent = "The stand-in has stopped."; };

for (const path of ["order", "top-up", "balance", "reset"]) {
  byId(path).addEventListener("submit", (event) => {
    event.preventDefault();
    send(path, event.target).catch(showStopped);
  });
}
byId("name").addEventListener("change", (event) => send("scenario", event.target.form).catch(showStopped));

const scenarios = await (await fetch("/_sandbox/scenarios")).json();
setChildren("name", scenarios.map(({ name, about }) => Object.assign(element("option", about), { value: name })));
await refresh();
setInterval(() => document.hidden || refresh().catch(showStopped), 1000);
