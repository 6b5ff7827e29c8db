// The card in the panels of examples/servers: before and after somebody has signed in.

import { Card, expect } from "../stack.mjs";
import { Backend, SERVERS, test } from "./servers.mjs";

for (const [name, server] of Object.entries(SERVERS)) {
  test(`the card shows the balance that ${name} serves, once somebody has signed in`, async ({ page, open }) => {
    test.skip(!server.isHere(), "its tools are not on this machine");
    const backend = await open(server);
    const card = new Card(page);
    await page.goto(backend.url);
    await expect(card.title).toBeVisible();
    expect((await card.snapshot()).error).toMatchObject({ code: "unauthorized", status: 401 });
    await page.getByLabel("Password").fill(Backend.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(card.amount).toHaveText("$225.35");
    expect(await card.snapshot()).toMatchObject({ state: "ready", stale: false, error: null });
  });
}
