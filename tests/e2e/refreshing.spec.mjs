// A server that serves an old balance while it gets a newer one.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const ago = (seconds) => new Date(Date.now() - seconds * 1_000).toISOString();

for (const where of ["in an answer", "in the page"]) {
  test(`an old balance ${where} is no alarm while the server gets a newer one, and is soon replaced`, async ({ page, panel }) => {
    const old = balanceJson(225.35, { fetched_at: ago(1_200), stale: true, reason: "refreshing" });
    const inside = where === "in the page" ? `<script type="application/json">${old}</script>` : "";
    const host = await panel(pageWith(`<airalo-balance proxy-url="/api/balance" refresh-interval="3600">${inside}</airalo-balance>`));
    host.answer = () => ({ body: old });
    await page.clock.install();
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await expect(card.status).toContainText("20 minutes ago");
    expect(await card.snapshot()).toMatchObject({ state: "ready", stale: false, error: null });
    const asked = host.requests.length;

    host.answer = () => ({ body: balanceJson(200, { fetched_at: ago(0), stale: false }) });
    await page.clock.runFor(11_000);
    await expect(card.amount).toHaveText("$200.00");
    expect(host.requests.length).toBe(asked + 1);
  });
}
