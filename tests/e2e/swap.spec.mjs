// Libraries that morph a page or swap parts of it.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, holdWebAssembly, test } from "./stack.mjs";

const CARD = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';
const at = (seconds) => new Date(Date.now() + seconds * 1_000).toISOString();
const script = (amount, seconds) =>
  `<script type="application/json">${balanceJson(amount, { fetched_at: at(seconds) })}</script>`;
const withData = (amount, seconds) => CARD.replace("></", `>${script(amount, seconds)}</`);

test("newer data that a morph writes into the element is taken, and older data is not", async ({ page, panel }) => {
  const host = await panel(pageWith(withData(7.5, -60)));
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$7.50");
  const write = (json) =>
    card.host.evaluate((element, json) => (element.querySelector("script").firstChild.data = json), json);
  await write(balanceJson(8, { fetched_at: at(-30) }));
  await expect(card.amount).toHaveText("$8.00");
  await write(balanceJson(9, { fetched_at: at(-90) }));
  await page.waitForTimeout(300);
  await expect(card.amount).toHaveText("$8.00");
  // A morph may also replace the script.
  await card.host.evaluate((element, json) => {
    const script = document.createElement("script");
    script.type = "application/json";
    script.textContent = json;
    element.replaceChildren(script);
  }, balanceJson(10, { fetched_at: at(-10) }));
  await expect(card.amount).toHaveText("$10.00");
  expect(host.requests.length).toBe(0);
  expect((await page.cardEvents("change")).map(({ detail }) => detail.balances[0].amount)).toEqual(["8", "10"]);
});

test("newer data that comes before the WebAssembly is shown at once", async ({ page, panel }) => {
  const host = await panel(pageWith(withData(7.5, -60)));
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.preview).toHaveText("$7.50");
  await card.host.evaluate((element, json) => (element.querySelector("script").textContent = json), balanceJson(8, { fetched_at: at(-30) }));
  await expect(card.preview).toHaveText("$8.00");
  release();
  await expect(card.amount).toHaveText("$8.00");
  expect(host.requests.length).toBe(0);
});

test("a morph to another URL, with old data of that, before the WebAssembly shows nothing of the first URL", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (_, { url }) => ({ body: balanceJson(url.endsWith("?account=2") ? 2 : 1) });
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.preview).toHaveText("$1.00");
  await card.host.evaluate((element, json) => {
    element.setAttribute("proxy-url", "/api/balance?account=2");
    const script = document.createElement("script");
    script.type = "application/json";
    script.textContent = json;
    element.append(script);
  }, balanceJson(3, { fetched_at: at(-1_200) }));
  await expect(card.preview).toHaveText("$3.00");
  release();
  await expect(card.amount).toHaveText("$2.00");
  expect(host.requests.map(({ url }) => url)).toEqual(["/api/balance", "/api/balance?account=2"]);
  expect((await page.cardEvents("ready")).map(({ detail }) => detail.balances[0].amount)).toEqual(["3"]);
});

test("the answer that a card has left unused, because its tab was hidden, is not that of a later card", async ({ page, panel }) => {
  // The second card has no URL, and its error tells that both have mounted.
  const host = await panel(pageWith(CARD + '<airalo-balance id="last"></airalo-balance>'));
  host.answer = (number) => ({ body: balanceJson(number) });
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.preview).toHaveText("$1.00");
  const setHidden = (hidden) =>
    page.evaluate((hidden) => void Object.defineProperty(document, "hidden", { value: hidden, configurable: true }), hidden);
  await setHidden(true);
  release();
  await expect(new Card(page, "#last").title).toBeVisible();
  await expect(card.amount).toHaveCount(0);
  await setHidden(false);
  await card.host.evaluate((element) => element.replaceWith(element.cloneNode()));
  await expect(card.amount).toHaveText("$2.00");
});

test("an element whose script comes after it in the same task makes no request", async ({ page, panel }) => {
  const host = await panel(pageWith("<main></main>"));
  await page.goto(host.url);
  await page.waitForFunction(() => customElements.get("airalo-balance"));
  await page.evaluate((json) => {
    // As jQuery's html() does: scripts are inserted with another type, which is set right afterwards.
    const element = document.createElement("airalo-balance");
    element.setAttribute("proxy-url", "/api/balance");
    document.querySelector("main").append(element);
    const script = document.createElement("script");
    script.type = "true/application/json";
    script.textContent = json;
    element.append(script);
    script.type = "application/json";
  }, balanceJson(7.5, { fetched_at: at(-30) }));
  await expect(new Card(page).amount).toHaveText("$7.50");
  expect(host.requests.length).toBe(0);
});

/** Replaces the card by a new one, and records what each frame shows until the new card is ready. */
const swap = (page) =>
  page.evaluate(async () => {
    const old = document.querySelector("airalo-balance");
    const fresh = document.createElement("airalo-balance");
    for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
    old.replaceWith(fresh);
    const frames = [];
    do {
      await new Promise((next) => requestAnimationFrame(next));
      frames.push(fresh.shadowRoot.querySelector(".amount bdi")?.textContent ?? "none");
    } while (fresh.snapshot.state === "loading" && frames.length < 600);
    await new Promise((next) => setTimeout(next, 300));
    return frames;
  });

test("an element that is swapped for a new one goes on with the balance and its age, and makes no request", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = () => ({ body: balanceJson(225.35, { fetched_at: at(-120) }) });
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  for (let round = 0; round < 5; round += 1) {
    expect(new Set(await swap(page))).toEqual(new Set(["$225.35"]));
    await expect(card.status).toContainText("2 minutes ago");
  }
  expect(host.requests.length).toBe(1);
});

test("an element that is swapped while its request is on its way uses that request", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  let release;
  host.answer = () => new Promise((resolve) => (release = () => resolve({ body: balanceJson(225.35) })));
  await page.goto(host.url);
  await expect.poll(() => host.requests.length).toBe(1);
  await page.waitForTimeout(1_000);
  for (let round = 0; round < 5; round += 1) {
    await page.evaluate(() => document.querySelector("airalo-balance").replaceWith(document.querySelector("airalo-balance").cloneNode()));
    await page.waitForTimeout(100);
  }
  release();
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(host.requests.length).toBe(1);
});

test("a card that comes back later starts with the balance that is known, and renews it", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => ({ body: balanceJson(number) });
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("$1.00");
  await page.waitForTimeout(2_100);
  const first = await page.evaluate(async () => {
    const element = document.querySelector("airalo-balance");
    element.remove();
    await new Promise((next) => setTimeout(next, 1_500));
    document.body.append(element);
    await new Promise((next) => requestAnimationFrame(next));
    return element.shadowRoot.querySelector(".amount bdi")?.textContent;
  });
  expect(first).toBe("$1.00");
  await expect(new Card(page).amount).toHaveText("$2.00");
  expect(host.requests.length).toBe(2);
});

test("a card that comes back for a user who is signed out does not keep the balance", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => (number === 1 ? { body: balanceJson(225.35) } : { status: 401 });
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.waitForTimeout(2_100);
  await page.evaluate(async () => {
    const element = document.querySelector("airalo-balance");
    element.remove();
    await new Promise((next) => setTimeout(next, 1_500));
    document.body.append(element);
  });
  await expect(card.title).toHaveText("You’re not signed in");
  await expect(card.amount).toHaveCount(0);
});

test("a card that is swapped again and again obeys the backoff of a failing server", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = () => ({ status: 503, headers: { "Retry-After": "60" } });
  await page.goto(host.url);
  await expect(new Card(page).title).toBeVisible();
  await page.evaluate(async () => {
    const end = performance.now() + 6_000;
    while (performance.now() < end) {
      const element = document.querySelector("airalo-balance");
      element.replaceWith(element.cloneNode());
      await new Promise((next) => setTimeout(next, 200));
    }
  });
  expect(host.requests.length).toBe(1);
});

/**
 * Replaces the card by a new one after `pause`, calls a method of that in the same task, and records what
 * each frame shows until the method has settled.
 */
const swapAndCall = (page, method, pause) =>
  page.evaluate(
    async ([method, pause]) => {
      const old = document.querySelector("airalo-balance");
      const fresh = document.createElement("airalo-balance");
      for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
      old.remove();
      await new Promise((next) => setTimeout(next, pause));
      document.body.append(fresh);
      let settled;
      fresh[method]().then((snapshot) => (settled = snapshot));
      const frames = new Set();
      while (!settled) {
        await new Promise((next) => requestAnimationFrame(next));
        frames.add(fresh.shadowRoot.querySelector(".amount bdi")?.textContent ?? "none");
      }
      return { frames: [...frames], state: settled.state, amount: settled.balances[0]?.amount };
    },
    [method, pause],
  );

const slowly = (answer) => new Promise((resolve) => setTimeout(() => resolve(answer), 300));

for (const pause of [0, 1_500]) {
  test(`reset() of a card that was inserted right before shows nothing of another user, ${pause} ms after the last card`, async ({ page, panel }) => {
    const host = await panel(pageWith(CARD));
    host.answer = (number) => (number === 1 ? { body: balanceJson(225.35) } : slowly({ body: balanceJson(7) }));
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await page.waitForTimeout(2_100);
    const { frames, amount } = await swapAndCall(page, "reset", pause);
    expect(frames).not.toContain("$225.35");
    expect(amount).toBe("7");
    await expect(card.amount).toHaveText("$7.00");
    expect(host.requests.length).toBe(2);
    expect((await page.cardEvents("ready")).map(({ detail }) => detail.balances[0].amount)).toEqual(["225.35", "7"]);
  });
}

test("reset() of a card that was inserted right before keeps nothing of another user where the server fails", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => (number === 1 ? { body: balanceJson(225.35) } : { status: 502 });
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.waitForTimeout(2_100);
  const { frames, state } = await swapAndCall(page, "reset", 0);
  expect(frames).not.toContain("$225.35");
  expect(state).toBe("error");
  await expect(card.title).toBeVisible();
});

test("reset() of a card that was inserted right before joins no request of another user", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => slowly({ body: balanceJson(number) });
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  await expect.poll(() => host.requests.length).toBe(1);
  await page.evaluate(() => {
    const fresh = document.querySelector("airalo-balance").cloneNode();
    document.querySelector("airalo-balance").replaceWith(fresh);
    fresh.reset();
  });
  await expect(new Card(page).preview).toHaveText("$2.00");
  release();
  await expect(new Card(page).amount).toHaveText("$2.00");
});

test("refresh() of a card that was inserted right before resolves with the newer balance", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => (number === 1 ? { body: balanceJson(225.35) } : slowly({ body: balanceJson(7) }));
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  await page.waitForTimeout(2_100);
  const { frames, amount } = await swapAndCall(page, "refresh", 0);
  expect(frames[0]).toBe("$225.35");
  expect(amount).toBe("7");
});
