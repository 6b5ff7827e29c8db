// One component, rendered by a server and taken over by a browser.

import { createElement as h, useEffect, useRef, useState } from "react";
import { AiraloBalance } from "airalo-balance/react";

export function App() {
  const [events, setEvents] = useState([]);
  const [count, setCount] = useState(0);
  const card = useRef(null);
  useEffect(() => {
    globalThis.card = card.current;
  }, []);
  const note = ({ type, detail }) => setEvents((events) => [...events, `${type.replace("airalo-balance-", "")} ${detail.level ?? ""}`.trim()]);
  const topUp = (event) => {
    event.preventDefault();
    note(event);
  };
  // Programs that name or move the card read it from the event.
  const ready = (event) => {
    globalThis.heard = [event.target === card.current, event.currentTarget === card.current];
    note(event);
    if (globalThis.fails) throw new Error("a listener of the page");
  };
  const listeners = { onReady: ready, onChange: note, onLevel: note, onError: note, onTopUp: topUp };
  const properties = { proxyUrl: "/api/balance", lowThreshold: 300, noRefresh: true, noTrend: false, hidden: false, className: "credit" };
  // New objects at every render, as most programs make them.
  const headers = () => ({ "X-Count": String(count) });
  const messages = { label: `Credit ${count}` };
  return h(
    "main",
    null,
    h(AiraloBalance, { ref: card, ...properties, headers, messages, ...listeners }, "USD 225.35", h("b", { slot: "footer" }, "Footer")),
    h("button", { onClick: () => setCount(count + 1) }, "Count"),
    h("output", null, events.join(", ")),
  );
}
