// The card as a custom element without any library.

import css from "../card.css";
import { fetchBalance } from "../balance.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const template = document.createElement("template");
template.innerHTML = `
  <section class="card">
    <div class="header">
      <span class="label">Available credit</span>
      <button class="refresh" aria-label="Refresh">↻</button>
    </div>
    <div class="amount"><span class="bone"></span></div>
    <div class="status"><span class="bone"></span></div>
    <p class="error" role="alert" hidden>The balance could not be loaded. <button class="retry">Try again</button></p>
  </section>`;

class VanillaBalance extends HTMLElement {
  #part = (name) => this.shadowRoot.querySelector(`.${name}`);
  #request;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(template.content.cloneNode(true));
    for (const name of ["refresh", "retry"]) this.#part(name).addEventListener("click", () => this.#load());
  }

  connectedCallback() {
    this.#load();
  }

  disconnectedCallback() {
    this.#request?.abort();
  }

  async #load() {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    this.#setBusy(true);
    try {
      this.#show(await fetchBalance(this.getAttribute("url"), request.signal));
      this.#part("error").hidden = true;
    } catch {
      if (request.signal.aborted) return;
      this.#part("error").hidden = false;
    }
    this.#setBusy(false);
  }

  #show({ amount, time }) {
    const texts = { amount, status: `As of ${time}` };
    for (const [name, text] of Object.entries(texts)) {
      if (this.#part(name).textContent !== text) this.#part(name).textContent = text;
    }
  }

  #setBusy(busy) {
    this.#part("card").ariaBusy = String(busy);
    this.#part("refresh").disabled = busy;
  }
}

customElements.define("vanilla-balance", VanillaBalance);
