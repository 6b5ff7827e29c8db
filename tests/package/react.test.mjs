// The component for React, whose markup a server renders and React takes over in the browser.

import assert from "node:assert/strict";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { copyWasm, install, open, run, serve } from "./project.mjs";

const MARKUP =
  '<airalo-balance class="credit" proxy-url="/api/balance" low-threshold="300" no-refresh="" loading="manual">' +
  'USD 225.35<b slot="footer">Footer</b></airalo-balance>';

for (const version of [18, 19]) {
  const built = build(version);

  test(`React ${version} renders attributes and children on a server, and no function`, async () => {
    const { html, output } = await built;
    assert.ok(html.includes(MARKUP), html);
    assert.equal(output, html, "React warns of nothing");
  });

  test(`what a server has rendered gets its headers, messages and listeners from React ${version}`, async () => {
    const page = await open((await built).url);
    await seesEverything(page);
  });

  test(`a card that is ready before React ${version} takes it over gets them too, and its page hears of it`, async () => {
    const page = await open(`${(await built).url}?late`);
    // Without its headers the card waits; this page has it ask without them.
    await page.evaluate(() => document.querySelector("airalo-balance").refresh());
    assert.equal(await page.locator("output").textContent(), "");
    await page.evaluate(() => globalThis.start());
    await hasText(page, "output", "ready low");
    await hasText(page, "airalo-balance .label", "Credit 0");
    assert.deepEqual(await page.evaluate(() => globalThis.heard), [true, true], "target and currentTarget are the card");
    assert.deepEqual(page.problems, []);
  });

  test(`a listener that throws as React ${version} takes a ready card over is reported, and takes nothing away`, async () => {
    const page = await open(`${(await built).url}?late`);
    await page.evaluate(() => document.querySelector("airalo-balance").refresh());
    await page.evaluate(() => {
      globalThis.fails = true;
      globalThis.start();
    });
    await hasText(page, "airalo-balance .label", "Credit 0");
    await page.getByRole("button", { name: "Count" }).click();
    await hasText(page, "airalo-balance .label", "Credit 1");
    assert.deepEqual(page.problems, ["Error: a listener of the page"]);
  });

  test(`React ${version} renders the same without a server, in strict mode`, async () => {
    const page = await open(`${(await built).url}alone.html?alone`);
    await seesEverything(page);
    assert.equal(await page.locator("airalo-balance").getAttribute("low-threshold"), "300");
  });
}

/** The page of a project, and what its server has rendered. */
async function build(version) {
  const folder = await install(`react-${version}`);
  await cp(new URL("react", import.meta.url), folder, { recursive: true });
  const options = ["--bundle", "--format=esm", "--define:process.env.NODE_ENV=\"development\""];
  await run(folder, "npx", "esbuild", "client.js", ...options, "--splitting", "--outdir=dist");
  const output = (await run(folder, process.execPath, "server.js")).trim();
  const html = output.slice(output.indexOf("<main>"));
  await mkdir(join(folder, "dist"), { recursive: true });
  const page = (body) => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><div id="root">${body}</div><script type="module" src="/client.js"></script>`;
  await writeFile(join(folder, "dist/index.html"), page(html));
  await writeFile(join(folder, "dist/alone.html"), page(""));
  await copyWasm(folder, join(folder, "dist/assets"));
  return { html, output, url: await serve(join(folder, "dist")) };
}

const hasText = (page, selector, text) => page.locator(selector).filter({ hasText: text }).waitFor();

/** Headers, messages, listeners and the reference work, also after another render. */
async function seesEverything(page) {
  const sent = [];
  page.on("request", (request) => request.url().endsWith("/api/balance") && sent.push(request.headers()["x-count"]));
  await hasText(page, "airalo-balance .amount", "$225.35");
  await hasText(page, "airalo-balance .label", "Credit 0");
  await hasText(page, "output", "ready low, level low");
  assert.deepEqual(await page.evaluate(() => globalThis.heard), [true, true]);
  await page.getByRole("button", { name: "Count" }).click();
  await hasText(page, "airalo-balance .label", "Credit 1");
  await page.evaluate(() => globalThis.card.refresh());
  assert.equal(sent.at(-1), "1");
  await page.locator("airalo-balance .top-up").click();
  await hasText(page, "output", "level low, top-up");
  assert.deepEqual(page.problems, []);
}
