// Opens the gallery with the clock of the pictures, and every card in the state of its row.

import { expect } from "./stack.mjs";

export const VARIANTS = ["card", "compact", "inline"];
export const THEMES = ["light", "dark"];

/** Opens the gallery with these query parameters, and waits until every card has its state. */
export async function openGallery(page, server, parameters = {}) {
  const patience = { timeout: 50_000, intervals: [100] };
  // The clock goes on only with each look at the cards: on a busy machine they would grow a minute old.
  await page.clock.install({ time: new Date("2026-03-14T10:42:00Z") });
  await page.clock.pauseAt(new Date("2026-03-14T10:42:01Z"));
  await page.goto(`${server.url}gallery.html?${new URLSearchParams(parameters)}`);
  const unfinished = async () => {
    await page.clock.runFor(200);
    return page.evaluate(
      () =>
        [...document.querySelectorAll("airalo-balance:not([data-state=loading])")].filter((card) => {
          const { state, error } = card.snapshot;
          const failureExpected = card.dataset.state.includes("missed") && !error;
          return state === "loading" || failureExpected || card.matches(":state(busy)");
        }).length,
    );
  };
  await expect.poll(unfinished, patience).toBe(0);
  // The gallery adds these cards last, because they make the whole page offline.
  const offline = page.locator("airalo-balance[data-state=offline]");
  if (!parameters.state) await expect.poll(async () => (await unfinished(), offline.count()), patience).toBeGreaterThan(0);
  await expect.poll(unfinished, patience).toBe(0);
  await page.evaluate(() => document.fonts.ready);
  await page.clock.resume();
}
