// The class shows an amount before the WebAssembly has loaded, and the card reads the same body
// again. Whatever the body, the two agree: nothing was shown early, or the same amount.

import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { Card, expect, test } from "./stack.mjs";

const contract = new URL("../../contract/", import.meta.url);
const money = '{"amount":225.35,"currency":"USD"}';
const meta = '"meta":{"message":"success"}';
const around = (balances, rest = meta) => `{"data":{"balances":${balances}},${rest}}`;
const one = (available = money, name = '"balance"') => `{"name":${name},"availableBalance":${available}}`;
const plain = around(`[${one()}]`);
const amount = (text) => around(one(`{"amount":${text},"currency":"USD"}`));
const currency = (text) => around(one(`{"amount":5,"currency":${text}}`));
const nested = (depth) => around(`[{"more":${"[".repeat(depth)}${"]".repeat(depth)},${one().slice(1)}]`);

/** Bodies by what is special about them. A body that is no string is made of bytes. */
const BODIES = {
  plain,
  "a byte order mark": `\ufeff${plain}`,
  "two byte order marks": `\ufeff\ufeff${plain}`,
  "white space around": ` \t\r\n${plain}\n\n`,
  "a no-break space after": `${plain}\u00a0`,
  "a zero byte after": `${plain}\0`,
  "a digit after": `${plain}0`,
  "a notice after": `${plain}<br />\n<b>Notice</b>: Undefined variable`,
  "a notice before": `<b>Notice</b>: Undefined variable\n${plain}`,
  "a second object after": plain + plain,
  "no end": plain.slice(0, -1),
  "a comma too many": `${plain.slice(0, -1)},}`,
  "a comment": `${plain}//`,
  "UTF-16": Buffer.from(`\ufeff${plain}`, "utf16le"),
  "nothing": "",
  "longer than the limit": plain + " ".repeat(64 * 1024),
  "as long as the limit": plain + " ".repeat(64 * 1024 - plain.length),
  "one byte more than the limit": plain + " ".repeat(64 * 1024 - plain.length + 1),

  "message: failed": around(one(), '"meta":{"message":"failed"}'),
  "message: none": around(one(), '"meta":{}'),
  "message: true": around(one(), '"meta":{"message":true}'),
  "message: null": around(one(), '"meta":{"message":null}'),
  "message: a list": around(one(), '"meta":{"message":["success"]}'),
  "message: escaped": around(one(), '"meta":{"message":"succ\\u0065ss"}'),
  "message: in capitals": around(one(), '"meta":{"message":"SUCCESS"}'),
  "meta: none": `{"data":{"balances":${one()}}}`,
  "meta: a text": around(one(), '"meta":"success"'),
  "meta: a list": around(one(), '"meta":["success"]'),
  "stale: 1": around(one(), '"meta":{"message":"success","stale":1}'),
  "stale: a text": around(one(), '"meta":{"message":"success","stale":"false"}'),
  "stale: true": around(one(), '"meta":{"message":"success","stale":true}'),
  "another status": around(one(), `${meta},"code":89`),

  "two of data": `{"data":{"balances":[]},"data":{"balances":${one()}},${meta}}`,
  "two of data, the second without": `{"data":{"balances":${one()}},"data":{"balances":[]},${meta}}`,
  "two of balances": `{"data":{"balances":null,"balances":${one()}},${meta}}`,
  "two of amount": around(one('{"amount":1,"amount":2,"currency":"USD"}')),
  "two of amount, the second unusable": around(one('{"amount":1,"amount":"x","currency":"USD"}')),
  "two of currency": around(one('{"amount":1,"currency":"EUR","currency":"USD"}')),
  "two of message": around(one(), '"meta":{"message":"success","message":"failed"}'),
  "a key that is escaped": plain.replace("amount", "amoun\\u0074"),
  "a key in capitals": plain.replace("amount", "Amount"),
  "__proto__": `{"__proto__":{"data":{"balances":${one()}}},${meta}}`,
  "__proto__ of a balance": around(`{"__proto__":${one()}}`),
  "toString as a key": around(one('{"amount":{"toString":"5"},"currency":"USD"}')),

  "accounts": `{"data":{"accounts":${one()}},${meta}}`,
  "accounts beside balances: null": `{"data":{"balances":null,"accounts":[${one()}]},${meta}}`,
  "accounts beside balances": `{"data":{"balances":${one()},"accounts":[]},${meta}}`,
  "balances: an empty list": around("[]"),
  "balances: a list in a list": around(`[[${one()}]]`),
  "balances: a text": around('"225.35"'),
  "balances: a number": around("225.35"),
  "balances: null among others": around(`[${one()},null]`),
  "balances: an object by index": around(`{"0":${one()},"length":1}`),
  "data: a list": `{"data":[${one()}],${meta}}`,
  "a list around all": `[${plain}]`,
  "a text around all": JSON.stringify(plain),
  "available: a list": around(`{"name":"balance","availableBalance":[${money}]}`),
  "available: a number": around('{"name":"balance","availableBalance":225.35}'),

  "deep: 20": nested(20),
  "deep: 29": nested(29),
  "deep: 30": nested(30),
  "deep: 31": nested(31),
  "deep: 32": nested(32),
  "deep: 400": nested(400),

  "amount: 1E2": amount("1E2"),
  "amount: 1e-2": amount("1e-2"),
  "amount: 2.50": amount("2.50"),
  "amount: 1.500000000": amount("1.500000000"),
  "amount: 0.001": amount("0.001"),
  "amount: 0.0001": amount("0.0001"),
  "amount: 123456789012345.678": amount("123456789012345.678"),
  "amount: 1e400": amount("1e400"),
  "amount: 01": amount("01"),
  "amount: 1.": amount("1."),
  "amount: +1": amount("+1"),
  "amount: -1": amount("-1"),
  "amount: NaN": amount("NaN"),
  "amount: a hexadecimal number": amount("0x10"),
  'amount: "225.35"': amount('"225.35"'),
  'amount: " 225.35 "': amount('" 225.35 "'),
  'amount: "225.35\\n"': amount('"225.35\\n"'),
  'amount: "225,35"': amount('"225,35"'),
  'amount: "1_000"': amount('"1_000"'),
  'amount: "\u0661"': amount('"\u0661"'),
  "amount: a list": amount("[225.35]"),
  "amount: a list with a text": amount('["225.35"]'),
  "amount: an object": amount('{"digits":"225.35"}'),
  "amount: true": amount("true"),
  "amount: null": amount("null"),

  "currency: usd": currency('"usd"'),
  'currency: " USD "': currency('" USD "'),
  "currency: US": currency('"US"'),
  "currency: USDT": currency('"USDT"'),
  "currency: XYZ": currency('"XYZ"'),
  "currency: U5D": currency('"U5D"'),
  "currency: a list": currency('["USD"]'),
  "currency: a number": currency("840"),
  "currency: none": around(one('{"amount":5}')),
  "currency: with a full-width letter": currency('"US\uff24"'),

  "name: none": around(`{"availableBalance":${money}}`),
  "name: a number": around(one(money, "7")),
  "name: a list": around(one(money, '["x"]')),
  "name: an emoji": around(one(money, '"\\ud83d\\ude00"')),
  "name: half a pair": around(one(money, '"a\\ud83d"')),
  "name: the other half": around(one(money, '"\\ude00b"')),
  "name: a control character": around(one(money, '"a\u0001b"')),
  "name: a tab": around(one(money, '"a\tb"')),
  "name: a wrong escape": around(one(money, '"a\\xb"')),
  "name: half an escape": around(one(money, '"a\\u12"')),
  "name: braces": around(one(money, `"${"{[".repeat(40)}"`)),
  "name: markup": around(one(money, '"</script><b>\\"x\\""')),
  "name: a line separator": around(one(money, '"a\u2028b"')),
};

const latin1 = (text) => Buffer.from(text, "latin1");
Object.assign(BODIES, {
  "a Latin-1 name": latin1(around(one(money, '"Cr\u00e9dit"'))),
  "a Latin-1 key": latin1(around(`{"cl\u00e9":1,${one().slice(1)}`)),
  "a Latin-1 amount": latin1(amount('"225.35\u20ac"')),
  "a Latin-1 currency": latin1(currency('"\u00a3"')),
  "a Latin-1 message": latin1(around(one(), '"meta":{"message":"succ\u00e8s"}')),
  "a Latin-1 byte between the members": latin1(plain.replace(",", "\u00a0,")),
  "a character that is cut off": Buffer.concat([Buffer.from(plain.slice(0, 30)), Buffer.of(0xe2, 0x82), Buffer.from(plain.slice(30))]),
});
for (const name of readdirSync(contract)) BODIES[`contract/${name}`] = readFileSync(new URL(name, contract));
// One byte of the plain response is another one, at every fifth place; the same bytes in every run.
for (let at = 0; at < plain.length; at += 5) {
  const bytes = Buffer.from(plain);
  bytes[at] = (bytes[at] * 7 + 13 * at) % 256;
  BODIES[`byte ${at} is ${bytes[at]}`] = bytes;
}

const names = Object.keys(BODIES);

/** Opens a page with a card for each body, with or without a WebAssembly that arrives at some time. */
async function open(page, server, wasm) {
  await page.route("**/*.wasm", wasm);
  await page.route("**/corpus/*", (route) => {
    const body = Buffer.from(BODIES[names[Number(route.request().url().split("/").pop())]]);
    return route.fulfill({ body, contentType: "application/json" });
  });
  const cards = names.map((_, at) => `<airalo-balance locale="en" proxy-url="/corpus/${at}"></airalo-balance>`);
  const body = `<!doctype html><meta charset="utf-8"><script type="module" src="/airalo-balance.js"></script>${cards.join("")}`;
  await page.route(`${server.url}corpus.html`, (route) => route.fulfill({ contentType: "text/html", body }));
  let answers = 0;
  page.on("requestfinished", (request) => request.url().includes("/corpus/") && (answers += 1));
  await page.goto(`${server.url}corpus.html`);
  await expect.poll(() => answers, { timeout: 60_000 }).toBe(names.length);
  await page.waitForTimeout(500);
}

/** What each card shows: the text of its amount, or null. */
const shown = (page, amount) =>
  page.evaluate((amount) => {
    const cards = [...document.querySelectorAll("airalo-balance")];
    return cards.map(({ shadowRoot }) => shadowRoot.querySelector(amount)?.textContent ?? null);
  }, amount);

const snapshots = (page) => page.evaluate(() => [...document.querySelectorAll("airalo-balance")].map(({ snapshot }) => snapshot));

test("what is shown before the card is what the card shows, or nothing, whatever the response", async ({ page, server }) => {
  test.setTimeout(120_000);
  expect(names.length).toBeGreaterThan(120);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await open(page, server, async (route) => {
    await held;
    await route.continue();
  });
  const early = await shown(page, ".item .amount bdi:not([aria-hidden])");
  release();
  await expect.poll(async () => (await snapshots(page)).filter(({ state }) => state === "loading").length, { timeout: 60_000 }).toBe(0);
  const late = await shown(page, ".item .amount bdi[aria-hidden]");
  const wrong = names.filter((_, at) => early[at] !== null && early[at] !== late[at]);
  expect(wrong).toEqual([]);
  const isEarly = (name) => early[names.indexOf(name)] !== null;
  const isRead = (name) => late[names.indexOf(name)] !== null;
  for (const name of ["plain", "a byte order mark", "a Latin-1 name", "two of amount", "contract/balance-list.json"]) expect(isEarly(name), name).toBe(true);
  for (const name of ["name: half a pair", "a character that is cut off", "as long as the limit"]) expect(isRead(name), name).toBe(true);
  for (const name of ["a digit after", "a Latin-1 amount", "one byte more than the limit"]) expect(isRead(name), name).toBe(false);

  // A page whose WebAssembly is missing gets the same balances from the class.
  const cards = await snapshots(page);
  await page.unrouteAll();
  await open(page, server, (route) => route.fulfill({ status: 404, body: "gone" }));
  await expect.poll(async () => (await snapshots(page)).filter(({ state }) => state === "loading").length, { timeout: 60_000 }).toBe(0);
  const alone = await snapshots(page);
  const differ = names.filter((_, at) => {
    // It shows more than before the card: what is low, zero or long too.
    if (alone[at].state === "error") return early[at] !== null;
    const [one, other] = [alone[at], cards[at]].map(({ state, balances, level }) => JSON.stringify({ state, balances, level }));
    return one !== other;
  });
  expect(differ).toEqual([]);
  expect(alone[names.indexOf("amount: -1")].balances[0].amount).toBe("-1");
});

// A response that goes on after its JSON: the class waits for the end before it shows anything.
for (const [what, end] of Object.entries({
  "a digit": (response) => response.end("0"),
  "a notice of PHP": (response) => response.end("<br />\n<b>Warning</b>: Undefined array key"),
  "a cut connection": (response) => response.destroy(),
})) {
  test(`nothing is shown of a balance that is followed by ${what}`, async ({ page, server }) => {
    const slow = createServer((request, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" });
      if (request.method === "OPTIONS") return response.end();
      response.write(plain);
      setTimeout(() => end(response), 900);
    }).listen(0, "127.0.0.1");
    await once(slow, "listening");
    const url = `http://127.0.0.1:${slow.address().port}/`;
    const body = `<!doctype html><meta charset="utf-8"><script type="module" src="/airalo-balance.js"></script>
      <airalo-balance locale="en" refresh-interval="0" proxy-url="${url}"></airalo-balance>`;
    await page.route(`${server.url}slow.html`, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.addInitScript(() => {
      window.amounts = [];
      const look = () => {
        const amount = document.querySelector("airalo-balance")?.shadowRoot?.querySelector(".amount bdi")?.textContent;
        if (amount) window.amounts.push(amount);
        requestAnimationFrame(look);
      };
      look();
    });
    await page.goto(`${server.url}slow.html`);
    const code = what === "a cut connection" ? "network" : "invalid-response";
    await expect.poll(async () => (await new Card(page).snapshot()).error?.code).toBe(code);
    expect(await page.evaluate(() => window.amounts)).toEqual([]);
    slow.close();
  });
}
