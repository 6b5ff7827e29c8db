// The card as `trunk build --release` makes it without `cargo xtask`: with the standard library as
// it comes with Rust.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Card, expect, startProxy, stop, test } from "./stack.mjs";

const { AIRALO_PLAIN_DIST } = process.env;
const dist = AIRALO_PLAIN_DIST ?? fileURLToPath(new URL("../../target/plain-dist", import.meta.url));

test("a card that Trunk alone has built shows the balance", async ({ page, standIn }) => {
  test.skip(!AIRALO_PLAIN_DIST && !existsSync(dist), "target/plain-dist is missing: `cargo xtask test` builds it");
  const proxy = await startProxy(standIn, { ASSETS_DIR: dist });
  await page.goto(proxy.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  expect(await card.snapshot()).toMatchObject({ state: "ready", stale: false, error: null });
  await stop(proxy);
});
