// The console: it shows the state every second and sends what is asked for.

const byId = (id) => document.getElementById(id);
const WORDS = {
  token_requests: "Token requests",
  tokens_issued: "Tokens given out",
  balance_requests: "Balance requests",
  orders: "Orders paid",
  orders_refused: "Orders refused",
  top_ups: "Top-ups",
};

// Intl takes a string of digits, so that a long amount keeps all of them. The state is read as
// text for the same reason: JSON.parse would make a binary fraction of it.
const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const exactly = (text, name) => text.match(new RegExp(`"${name}":(-?[0-9.]+)`))?.[1] ?? "";

const children = (parent, nodes) => byId(parent).replaceChildren(...nodes);
const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

function show(text) {
  const state = JSON.parse(text);
  byId("amount").textContent = money.format(exactly(text, "balance"));
  byId("pace").textContent = state.order_every ? `An order comes in every ${state.order_every} s.` : "Orders come in when you place them.";
  // Somebody may be choosing at this moment.
  if (document.activeElement !== byId("name")) byId("name").value = state.scenario;
  children("counts", Object.entries(WORDS).flatMap(([key, word]) => [element("dt", word), element("dd", state.counts[key])]));
  children("orders", state.newest_orders.map(({ id, price }) => Object.assign(element("li", money.format(price)), { value: id })));
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
    byId("said").textContent = "";
    return show(text);
  }
  const { reason, error } = JSON.parse(text);
  byId("said").textContent = reason ?? error;
}

const gone = () => { byId("said").textContent = "The stand-in has stopped."; };

for (const path of ["order", "top-up", "balance", "reset"]) {
  byId(path).addEventListener("submit", (event) => {
    event.preventDefault();
    send(path, event.target).catch(gone);
  });
}
byId("name").addEventListener("change", (event) => send("scenario", event.target.form).catch(gone));

const scenarios = await (await fetch("/_sandbox/scenarios")).json();
children("name", scenarios.map(({ name, about }) => Object.assign(element("option", about), { value: name })));
await refresh();
setInterval(() => document.hidden || refresh().catch(gone), 1000);
