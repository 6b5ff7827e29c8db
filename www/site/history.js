// The history of the balance over the period that is chosen. The address holds the choice.

import { mountHistory } from "./airalo-balance-history.js";

const HISTORY = new URL("./api/balance/history", location.href);
const query = new URLSearchParams(location.search);

const form = document.querySelector(".period-choice");
const csv = document.querySelector(".csv");
const problem = document.querySelector(".problem");

for (const choice of form.elements.days) choice.checked ||= choice.value === query.get("days");

const address = (more = {}) => `${HISTORY}?${new URLSearchParams({ days: form.elements.days.value, ...more })}`;
const options = () => ({ url: address(), locale: query.get("locale") ?? "" });

/** The proxy wants this header on whatever a browser sends. */
const request = (method) => fetch(address({ format: "csv" }), { method, headers: { "X-Airalo-Widget": "1" }, cache: "no-store" });

const isCsv = (response) => response.ok && /^text\/csv\b/.test(response.headers.get("Content-Type"));

/** A link cannot send a header, so the file is fetched and saved from memory. */
async function download() {
  problem.textContent = "";
  try {
    const response = await request("GET");
    if (!isCsv(response)) throw new Error(`status ${response.status}`);
    const href = URL.createObjectURL(await response.blob());
    const link = Object.assign(document.createElement("a"), { href, download: `airalo-balance-${form.elements.days.value}-days.csv` });
    link.click();
    // Once the browser has begun to save it.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  } catch (error) {
    problem.textContent = `The file could not be downloaded: ${error.message}.`;
  }
}

csv.addEventListener("click", download);
form.addEventListener("submit", (event) => event.preventDefault());

try {
  const page = await mountHistory(document.querySelector(".board"), options());
  form.addEventListener("input", () => {
    query.set("days", form.elements.days.value);
    history.replaceState(null, "", `?${query}`);
    page.update(options());
  });
} catch {
  problem.textContent = "The page can’t run here. Reload it; if that doesn’t help, your browser or a rule of this server blocks WebAssembly.";
}

// A server that keeps no history, or writes no CSV, has no button.
csv.hidden = !(await request("HEAD").then(isCsv, () => false));
