// The gallery as a test opens it: on a clock that stands where the pictures were taken, and with
// every card in the state that its row is about.

import { expect } from "./stack.mjs";

export const VARIANTS = ["card", "compact", "inline"];
export const THEMES = ["light", "dark"];

/** Opens the gallery with these wishes, and waits until nothing moves there any more. */
export async function openGallery(page, server, wishes = {}) {
  await page.clock.install({ time: new Date("2026-03-14T10:42:00Z") });
  await page.goto(`${server.url}gallery.html?${new URLSearchParams(wishes)}`);
  const unfinished = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll("airalo-balance:not([data-state=loading])")].filter((card) => {
          const { state, error } = card.snapshot;
          const stillToFail = card.dataset.state.includes("missed") && !error;
          return state === "loading" || stillToFail || card.matches(":state(busy)");
        }).length,
    );
  await expect.poll(unfinished, { timeout: 30_000 }).toBe(0);
  // The one that waits for all others, because a browser is offline for all of its pages.
  const offline = page.locator("airalo-balance[data-state=offline]");
  if (!wishes.state) await expect(offline.first()).toBeAttached();
  await expect.poll(unfinished, { timeout: 30_000 }).toBe(0);
  await page.evaluate(() => document.fonts.ready);
}
