// The lines of the page about who may ask: a panel gives its page a token, with which the card asks the
// proxy at another origin.

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { addRoute } from "../../../examples/widget-token/route.mjs";
import { dist, pageWith } from "../panel.mjs";
import { Card, expect, startProxy, stop, test as base } from "../stack.mjs";

const examples = new URL("../../../examples/", import.meta.url);
const packages = fileURLToPath(new URL("servers/node/package.json", examples));
const isHere = existsSync(new URL("servers/node/node_modules/express", examples));
const secret = "a key of thirty-two bytes or more";

const test = base.extend({
  /** A panel whose session and login the test sets, and the proxy at its side. */
  tokenPanel: async ({ standIn }, use) => {
    base.skip(!isHere, "Express is not installed; `cargo xtask test` installs it where it can");
    const express = createRequire(packages)("express");
    const app = express();
    const panel = { user: "user-7", hasLoginPage: false };
    app.use((request, response, next) => {
      request.session = { user: panel.user };
      if (panel.hasLoginPage && !panel.user && request.path !== "/login") response.redirect("/login");
      else next();
    });
    app.get("/login", (_, response) => response.send(pageWith("<form>\n</form>\n")));
    app.get("/page.js", (_, response) => response.sendFile(fileURLToPath(new URL("widget-token/page.js", examples))));
    addRoute(app);
    app.use(express.static(dist));
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    panel.url = `http://127.0.0.1:${server.address().port}/`;
    process.env.WIDGET_TOKEN_SECRET = secret;
    const proxy = await startProxy(standIn, { WIDGET_TOKEN_SECRET: secret, ALLOWED_ORIGINS: new URL(panel.url).origin });
    app.get("/panel", (_, response) => {
      const card = `<airalo-balance loading="manual" proxy-url="${proxy.url}api/balance"></airalo-balance>`;
      response.send(pageWith(`${card}<script type="module" src="/page.js"></script>`));
    });
    await use(panel);
    delete process.env.WIDGET_TOKEN_SECRET;
    await stop(proxy);
    server.closeAllConnections();
    server.close();
  },
});

for (const [program, file, use] of [
  ["node", "token.mjs", (path) => `import ${JSON.stringify(path)};`],
  ["php", "token.php", (path) => `<?php require ${JSON.stringify(path)};`],
]) {
  test(`${file} makes no token for a program that takes its function from it`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "airalo-balance-"));
    try {
      const main = join(folder, `panel${file.slice("token".length)}`);
      await writeFile(main, use(fileURLToPath(new URL(`widget-token/${file}`, examples))));
      const env = { PATH: process.env.PATH, WIDGET_TOKEN_SECRET: secret };
      const { status, error, stdout, stderr } = spawnSync(program, [main, "--port", "3000"], { env, encoding: "utf8" });
      base.skip(error?.code === "ENOENT", `${program} is not on this machine`);
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

test("the token of a panel's own route lets the card ask the proxy at another origin", async ({ page, tokenPanel }) => {
  await page.goto(`${tokenPanel.url}panel`);
  await expect(new Card(page).amount).toHaveText("$225.35");
  const response = await page.request.get(`${tokenPanel.url}widget-token`);
  expect(response.headers()["cache-control"]).toBe("no-store");
  expect(response.headers()["content-type"]).toContain("text/plain");
});

for (const [name, hasLoginPage] of [["refuses it", false], ["leads to its login", true]]) {
  test(`a card whose session is over says so, where the panel ${name}`, async ({ page, tokenPanel }) => {
    await page.goto(`${tokenPanel.url}panel`);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    Object.assign(tokenPanel, { user: undefined, hasLoginPage });
    await page.waitForTimeout(2_100);
    const { error, balances } = await card.host.evaluate((element) => element.refresh());
    expect(error.code).toBe("unauthorized");
    expect(balances).toHaveLength(1);
  });
}
