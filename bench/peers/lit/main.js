// The card as a Lit element in plain JavaScript, without decorators and compiler.

import { LitElement, html, nothing, unsafeCSS } from "lit";

import css from "../card.css";
import { fetchBalance } from "../balance.js";

class LitBalance extends LitElement {
  static styles = unsafeCSS(css);
  static properties = {
    url: {},
    balance: { state: true },
    failed: { state: true },
    busy: { state: true },
  };

  #request;

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#request?.abort();
  }

  load = async () => {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    this.busy = true;
    try {
      this.balance = await fetchBalance(this.url, request.signal);
      this.failed = false;
    } catch {
      if (request.signal.aborted) return;
      this.failed = true;
    }
    this.busy = false;
  };

  render() {
    const bone = html`<span class="bone"></span>`;
    return html`
      <section class="card" aria-busy=${String(this.busy)}>
        <div class="header">
          <span class="label">Available credit</span>
          <button class="refresh" aria-label="Refresh" ?disabled=${this.busy} @click=${this.load}>↻</button>
        </div>
        <div class="amount">${this.balance?.amount ?? bone}</div>
        <div class="status">${this.balance ? `As of ${this.balance.time}` : bone}</div>
        ${this.failed
          ? html`<p class="error" role="alert">
              The balance could not be loaded. <button class="retry" @click=${this.load}>Try again</button>
            </p>`
          : nothing}
      </section>
    `;
  }
}

customElements.define("lit-balance", LitBalance);
