// The element in the markup of each framework: attributes, a property, an event.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { copyWasm, install, open, run, serve } from "./project.mjs";

const FRAMEWORKS = ["preact", "vue", "svelte", "angular"];

let url;
before(async () => {
  const folder = await install("frameworks");
  await run(folder, process.execPath, "build.mjs");
  await copyWasm(folder, join(folder, "dist/assets"));
  for (const name of FRAMEWORKS) {
    const page = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><body><script type="module" src="/${name}.js"></script>`;
    await writeFile(join(folder, `dist/${name}.html`), page);
  }
  url = await serve(join(folder, "dist"));
});

for (const name of FRAMEWORKS) {
  test(`${name} sets attributes and headers of the card, hears its events, and takes an attribute away`, async () => {
    const page = await open("about:blank");
    const sent = [];
    page.on("request", (request) => request.url().endsWith("/api/balance") && sent.push(request.headers()["x-framework"]));
    await page.goto(`${url}${name}.html`);
    const output = (text) => page.locator("output").filter({ hasText: new RegExp(`^${text}$`) }).waitFor();
    await output("low");
    assert.deepEqual(sent, [name]);
    const card = page.locator("airalo-balance");
    assert.equal(await card.locator(".refresh").isVisible(), false);
    await page.getByRole("button", { name: "Ease" }).click();
    await output("ok");
    assert.equal(await card.getAttribute("low-threshold"), null);
    assert.deepEqual(page.problems, []);
  });
}
