// The lines of the page about Node for a panel with `require`, and those that serve the card's files.

import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dist } from "../panel.mjs";
import { Card, expect } from "../stack.mjs";
import { Backend, SERVERS, test } from "./servers.mjs";

const file = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The blocks that are no example of a file. */
const [route, files] = [...readFileSync(file("docs/node.md"), "utf8").matchAll(/^```js\n([^`]*)^```$/gm)].map(([, code]) => code);

const PANEL = `const express = require("express");
const app = express();
app.use((request, _, next) => {
  request.session = { user: request.headers.cookie?.includes("user=admin") };
  next();
});
app.get("/", (_, response) => response.sendFile(${JSON.stringify(file("examples/servers/panel.html"))}));
app.post("/sign-in", (_, response) => response.cookie("user", "admin").redirect(303, "/"));
${route}
${files}
app.listen(Number(process.env.PORT), "127.0.0.1");
`;

/** A panel as a partner has it: its own file, the two of the route in a folder, and the packages. */
async function writePanel(folder) {
  await mkdir(join(folder, "airalo"));
  await mkdir(join(folder, "node_modules"));
  await writeFile(join(folder, "panel.js"), PANEL);
  await writeFile(join(folder, "airalo/package.json"), '{ "type": "module" }');
  for (const name of ["airalo.js", "balance.js"]) await cp(file(`examples/servers/node/${name}`), join(folder, "airalo", name));
  for (const name of ["express", "lossless-json"]) {
    await symlink(file(`examples/servers/node/node_modules/${name}`), join(folder, "node_modules", name));
  }
  await symlink(dist, join(folder, "node_modules/airalo-balance"));
}

test("a panel with `require` answers the card, and serves its files", async ({ page, open }) => {
  test.skip(!SERVERS.node.isHere(), "its tools are not on this machine");
  const folder = await mkdtemp(join(tmpdir(), "airalo-balance-"));
  try {
    await writePanel(folder);
    const command = () => ["sh", "-c", 'cd "$0" && exec "$1" panel.js', folder, process.execPath];
    const backend = await open({ command });
    const card = new Card(page);
    await page.goto(backend.url);
    await expect(card.title).toHaveText("You’re not signed in");
    await page.getByLabel("Password").fill(Backend.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(card.amount).toHaveText("$225.35");
  } finally {
    await rm(folder, { recursive: true });
  }
});
