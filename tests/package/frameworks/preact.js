import { h, render } from "preact";
import { useState } from "preact/hooks";
import "./card.js";

function App() {
  const [threshold, setThreshold] = useState(300);
  const [level, setLevel] = useState("");
  const headers = () => ({ "X-Framework": "preact" });
  const card = { "proxy-url": "/api/balance", "low-threshold": threshold, "no-refresh": true, headers };
  return h(
    "main",
    null,
    h("airalo-balance", { ...card, "onairalo-balance-level": ({ detail }) => setLevel(detail.level) }),
    h("button", { onClick: () => setThreshold(undefined) }, "Ease"),
    h("output", null, level),
  );
}

render(h(App), document.body);
