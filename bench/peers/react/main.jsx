// The card as a React component; each container of the page is a root.

import { useCallback, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

import css from "../card.css";
import { fetchBalance } from "../balance.js";

function useBalance(url) {
  const [state, setState] = useState({ busy: true });
  const request = useRef(null);

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
  const bone = <span className="bone" />;
  return (
    <>
      <style href="balance" precedence="default">
        {css}
      </style>
      <section className="card" aria-busy={busy}>
        <div className="header">
          <span className="label">Available credit</span>
          <button className="refresh" aria-label="Refresh" disabled={busy} onClick={load}>
            ↻
          </button>
        </div>
        <div className="amount">{balance?.amount ?? bone}</div>
        <div className="status">{balance ? `As of ${balance.time}` : bone}</div>
        {failed && (
          <p className="error" role="alert">
            The balance could not be loaded.{" "}
            <button className="retry" onClick={load}>
              Try again
            </button>
          </p>
        )}
      </section>
    </>
  );
}

for (const place of document.querySelectorAll(".balance")) {
  createRoot(place).render(<Card url={place.dataset.url} />);
}
