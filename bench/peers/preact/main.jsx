// The card as a Preact component, rendered into each container of the page.

import { render } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import css from "../card.css";
import { fetchBalance } from "../balance.js";

function useBalance(url) {
  const [state, setState] = useState({ busy: true });
  const request = useRef();

  const load = useCallback(async () => {
    request.current?.abort();
    const { signal } = (request.current = new AbortController());
    setState((state) => ({ ...state, busy: true }));
    try {
      setState({ balance: await fetchBalance(url, signal), busy: false });
    } catch {
      if (!signal.aborted) setState((state) => ({ ...state, busy: false, failed: true }));
    }
  }, [url]);

  useEffect(() => {
    load();
    return () => request.current.abort();
  }, [load]);

  return { ...state, load };
}

function Card({ url }) {
  const { balance, busy, failed, load } = useBalance(url);
  const bone = <span class="bone" />;
  return (
    <section class="card" aria-busy={busy}>
      <div class="header">
        <span class="label">Available credit</span>
        <button class="refresh" aria-label="Refresh" disabled={busy} onClick={load}>
          ↻
        </button>
      </div>
      <div class="amount">{balance?.amount ?? bone}</div>
      <div class="status">{balance ? `As of ${balance.time}` : bone}</div>
      {failed && (
        <p class="error" role="alert">
          The balance could not be loaded.{" "}
          <button class="retry" onClick={load}>
            Try again
          </button>
        </p>
      )}
    </section>
  );
}

document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
for (const place of document.querySelectorAll(".balance")) render(<Card url={place.dataset.url} />, place);
