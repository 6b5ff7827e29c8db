// The route of the plugin in real WordPress, against the stand-in of the partner API.

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { age, configure, countsOf, expect, expire, isHere, stop, test, User } from "./fixtures.mjs";

test.skip(!isHere(), "WordPress, MariaDB or PHP is not on this machine; `cargo xtask test wordpress` installs them");

const contract = (name) => JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url)));

/** The bytes of a balance, as the contract has them, less `meta.text`. */
function balanceBody(name, fetchedAt) {
  const body = contract(name);
  delete body.meta.text;
  body.meta.fetched_at = fetchedAt;
  return JSON.stringify(body);
}

function expectProblem(answer, name) {
  const { status, code } = contract(`problem-${name}`);
  expect(answer.text).toBe(JSON.stringify({ status, code }));
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
}

const retryAfter = (answer) => Number(answer.headers.get("retry-after"));
const metaOf = (answer) => JSON.parse(answer.text).meta;

test("a hundred cards that ask at once cost one token and one balance, and get the answer of the contract", async ({ admin, configured, distantUrl, standIn }) => {
  await configured.define({ AIRALO_BASE_URL: distantUrl });
  const answers = await Promise.all(Array.from({ length: 100 }, () => admin.ask()));
  const { fetched_at: fetchedAt } = metaOf(answers[0]);
  expect(new Date(fetchedAt).getTime()).toBeGreaterThan(Date.now() - 60_000);
  for (const answer of answers) {
    expect(answer.text).toBe(balanceBody("balance-list", fetchedAt));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  }
  expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
});

test("a filter of another plugin that returns nothing breaks no route", async ({ admin, configured }) => {
  const plugin = join(configured.root, "wp-content/mu-plugins/filters.php");
  await writeFile(plugin, "<?php add_filter( 'rest_pre_serve_request', function () {}, 5 );");
  try {
    const answer = await admin.ask();
    expect(answer.text).toBe(balanceBody("balance-list", metaOf(answer).fetched_at));
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const other = await admin.open("wp-json/wp/v2/types");
    expect(other.status).toBe(200);
    expect(await other.json()).toHaveProperty("post");
  } finally {
    await writeFile(plugin, "");
  }
});

test("an editor learns nothing, and Airalo is not asked", async ({ configured, standIn }) => {
  const editor = await User.signIn(configured, "editor");
  const answer = await editor.ask();
  expect(answer.status).toBe(403);
  expect(answer.text).not.toContain("balances");
  expect(await countsOf(standIn)).toEqual({ tokens: 0, balances: 0 });
});

test("whoever is not signed in has to sign in, and so has whoever brings an old nonce or none", async ({ admin, standIn }) => {
  await admin.ask();
  const strangers = [{ Cookie: undefined, "X-WP-Nonce": undefined }, { "X-WP-Nonce": undefined }, { "X-WP-Nonce": "0123456789" }, { Cookie: undefined }];
  // A page of another site has the cookies of its reader at most.
  strangers.push({ "X-WP-Nonce": undefined, Origin: "https://example.com" });
  for (const headers of strangers) expectProblem(await admin.ask(headers), "unauthorized");
  expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
});

test("the balance is asked for again after a minute, with the token that is known", async ({ admin, configured, standIn }) => {
  await admin.ask();
  await standIn.setBalance("12.34");
  expect((await admin.ask()).text).toContain('"amount":225.35');
  expire(configured);
  expect((await admin.ask()).text).toContain('"amount":12.34');
  expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 2 });
});

test("a token that has expired is renewed once, and one that is refused again is a problem", async ({ admin, configured, standIn }) => {
  await admin.ask();
  await standIn.play("expired-tokens");
  expire(configured);
  expect(metaOf(await admin.ask()).stale).toBe(false);
  expect(await countsOf(standIn)).toEqual({ tokens: 2, balances: 3 });
  await standIn.play("token-refused");
  expire(configured);
  expect(metaOf(await admin.ask())).toMatchObject({ stale: true, reason: "credentials-refused" });
  expect(await countsOf(standIn)).toEqual({ tokens: 3, balances: 5 });
});

for (const [scenario, problem, cause] of [
  ["credentials-refused", "credentials-refused", "/v2/token: status 401"],
  ["address-refused", "address-refused", "/v2/balance: status 403"],
  ["error-500", "upstream", "/v2/balance: status 500"],
  ["html", "invalid-response", "/v2/balance: not the documented JSON"],
  ["not-success", "invalid-response", "/v2/balance: not the documented JSON"],
  ["not-a-number", "invalid-response", "/v2/balance: not the documented JSON"],
  ["no-currency", "invalid-response", "/v2/balance: not the documented JSON"],
  ["token-missing", "invalid-response", "/v2/token: not the documented JSON"],
  ["token-error", "upstream", "/v2/token: status 500"],
  ["reset", "upstream", "/v2/balance: cURL error "],
  ["redirect", "upstream", "/v2/balance: status 302"],
]) {
  test(`${scenario} is the problem ${problem}, the log says why, and Airalo is left alone for a minute`, async ({ admin, configured, standIn }) => {
    await standIn.play(scenario);
    const answer = await admin.ask();
    expectProblem(answer, problem);
    expect(retryAfter(answer)).toBeGreaterThan(50);
    expect(retryAfter(answer)).toBeLessThanOrEqual(60);
    const counts = await countsOf(standIn);
    expectProblem(await admin.ask(), problem);
    expect(await countsOf(standIn)).toEqual(counts);
    expect(counts.tokens).toBeLessThanOrEqual(1);
    await expect.poll(() => configured.log).toContain(`Airalo Balance: no new balance from Airalo: ${problem} (${cause}`);
  });
}

test("Airalo is left alone for as long as it asks for, and the card is told", async ({ admin, standIn }) => {
  await standIn.play("rate-limited-until");
  const answer = await admin.ask();
  expectProblem(answer, "rate-limited");
  expect(retryAfter(answer)).toBeGreaterThan(0);
  const counts = await countsOf(standIn);
  expectProblem(await admin.ask(), "rate-limited");
  expect(await countsOf(standIn)).toEqual(counts);
});

test("while Airalo fails the last balance is served for an hour, with its time and the reason", async ({ admin, configured, standIn }) => {
  const { fetched_at: fetchedAt } = metaOf(await admin.ask());
  await standIn.play("error-500");
  expire(configured);
  expect((await admin.ask()).text).toBe(balanceBody("balance-stale", fetchedAt));
  age(configured, 3600);
  expectProblem(await admin.ask(), "upstream");
});

test("Airalo that cannot be reached is a problem where there is no last balance", async ({ admin, standIn }) => {
  await stop(standIn.running);
  expectProblem(await admin.ask(), "upstream");
});

test("whoever comes while Airalo is slow gets the last balance at once", async ({ admin, configured, standIn }) => {
  await admin.ask();
  await standIn.play("slow-headers");
  expire(configured);
  const slow = admin.ask();
  await expect.poll(async () => (await countsOf(standIn)).balances).toBe(2);
  expect(metaOf(await admin.ask())).toMatchObject({ stale: true, reason: "refreshing" });
  expect((await countsOf(standIn)).balances).toBe(2);
  expect(metaOf(await slow)).toMatchObject({ stale: true, reason: "upstream-timeout" });
});

test("a balance that comes byte by byte is given up before the card gives up", async ({ admin, standIn }) => {
  await standIn.play("slow-body");
  const started = performance.now();
  expectProblem(await admin.ask(), "upstream-timeout");
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("a process that has died with the lock keeps the others waiting for seconds only", async ({ admin, configured }) => {
  configured.php("return (new Airalo_Balance\\Lock(2))->acquire(0);");
  expect((await admin.ask()).status).toBe(200);
});

test("who waits in vain for another process gets a problem before the card gives up", async ({ admin, configured, standIn }) => {
  configured.php("return (new Airalo_Balance\\Lock(60))->acquire(0);");
  const started = performance.now();
  const answer = await admin.ask();
  expect(performance.now() - started).toBeLessThan(10_000);
  expectProblem(answer, "upstream-timeout");
  expect(await countsOf(standIn)).toEqual({ tokens: 0, balances: 0 });
});

test("a lock that has ended is got by one of those who wait for it, and released by nobody else", async ({ configured }) => {
  const results = configured.php(`
    $ended = new Airalo_Balance\\Lock(-5);
    $first = new Airalo_Balance\\Lock(10);
    $second = new Airalo_Balance\\Lock(10);
    $results = array($ended->acquire(0), $first->acquire(0), $second->acquire(0));
    $ended->release();
    $results[] = $second->acquire(0);
    $first->release();
    $results[] = $second->acquire(0);
    return $results;`);
  expect(results).toEqual([true, true, false, false, true]);
});

test("amounts keep every digit, and no account is no problem", async ({ admin, configured, standIn }) => {
  await standIn.play("long-amount");
  const { amount } = /"amount":(?<amount>[^,}]+)/.exec((await admin.ask()).text).groups;
  expect(amount).toBe(/"amount":([^,}]+)/.exec(readFileSync(new URL("../../contract/balance-long-amount.json", import.meta.url), "utf8"))[1]);
  await standIn.play("no-account-data-list");
  expire(configured);
  expect((await admin.ask()).text).toMatch(/^\{"data":\{"balances":\[\]\},"meta":\{"message":"success"/);
});

test("other credentials are another account: nothing of the last one is shown, and its token is not used", async ({ admin, configured, standIn }) => {
  await admin.ask();
  configure(configured, { client_id: standIn.secrets.id, client_secret: "another" });
  expectProblem(await admin.ask(), "credentials-refused");
  expect((await countsOf(standIn)).tokens).toBe(2);
});

test("without credentials Airalo is not asked", async ({ plugin, standIn }) => {
  const admin = await User.signIn(plugin, "admin");
  expectProblem(await admin.ask(), "credentials-refused");
  expect(await countsOf(standIn)).toEqual({ tokens: 0, balances: 0 });
});

test("the secret goes to no address where it would be unencrypted beyond this machine", async ({ admin, configured, standIn }) => {
  // The stand-in answers there too, although it is no loopback address.
  const address = standIn.url.replace("127.0.0.1", "0.0.0.0");
  for (const url of [address, address.replace("http://", "http://127.0.0.1@"), address.replace("http://", "//")]) {
    await configured.define({ AIRALO_BASE_URL: url });
    const answer = await admin.ask();
    expect([answer.status, answer.text], url).toEqual([500, '{"status":500,"code":"internal"}']);
  }
  expect(await countsOf(standIn)).toEqual({ tokens: 0, balances: 0 });
});

test("neither the secret nor the token is in the database as text, nor in an answer or a log", async ({ admin, configured, standIn }) => {
  let told = "";
  for (const scenario of ["normal", "expired-tokens", "error-500", "credentials-refused"]) {
    await standIn.play(scenario);
    const { text, headers } = await admin.ask();
    told += text + JSON.stringify([...headers]);
    expire(configured);
  }
  const stored = configured.stored();
  expect(stored._transient_airalo_balance_token.option_value).not.toBe("");
  const secrets = new RegExp(`${standIn.secrets.secret}|stand-in-[0-9a-f]`);
  expect(told + configured.log + JSON.stringify(stored)).not.toMatch(secrets);
  expect(told + configured.log).not.toContain(standIn.secrets.id);
});

test("nothing of it is loaded with every page of the site", async ({ admin, configured }) => {
  await admin.ask();
  const rows = Object.values(configured.stored()).filter(({ option_name: name }) => /airalo_balance/.test(name));
  expect(rows.map(({ option_name: name }) => name).sort()).toEqual([
    ..."_transient_airalo_balance_state _transient_airalo_balance_token".split(" "),
    ..."_transient_timeout_airalo_balance_state _transient_timeout_airalo_balance_token airalo_balance".split(" "),
  ]);
  for (const { option_name: name, autoload } of rows) expect(["no", "off"], name).toContain(autoload);
});
