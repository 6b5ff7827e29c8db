// The routes of examples/servers, each against the stand-in of the partner API: one table of cases for all.

import { readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, StandIn, stop } from "../stack.mjs";
import { credentialsOf, SERVERS, test } from "./servers.mjs";

const contract = (name) => JSON.parse(readFileSync(new URL(`../../../contract/${name}.json`, import.meta.url)));

/** The bytes of a balance, as the contract has them, less `meta.text`. */
function balanceBody(name, fetchedAt) {
  const body = contract(name);
  delete body.meta.text;
  body.meta.fetched_at = fetchedAt;
  return JSON.stringify(body);
}

/** The bytes of a problem: what the card reads of those in the contract. */
function problemBody(name) {
  const { status, code } = contract(`problem-${name}`);
  return JSON.stringify({ status, code });
}

function expectProblem(answer, name) {
  expect(answer.text).toBe(problemBody(name));
  expect(answer.status).toBe(contract(`problem-${name}`).status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get("cache-control")).toContain("no-store");
}

const retryAfter = (answer) => Number(answer.headers.get("retry-after"));
const metaOf = (answer) => JSON.parse(answer.text).meta;
const amountsOf = (answer) => [...answer.text.matchAll(/"amount":([^,}]+)/g)].map(([, amount]) => amount);
const countsOf = async (standIn) => {
  const { token_requests: tokens, balance_requests: balances } = (await standIn.state()).counts;
  return { tokens, balances };
};

/** Airalo is asked for every answer. */
const ASK_ALWAYS = { BALANCE_TTL: "0" };

for (const [name, server] of Object.entries(SERVERS)) {
  test.describe(name, () => {
    test.skip(!server.isHere(), "its tools are not on this machine; `cargo xtask test` installs them where it can");

    test("a hundred cards that ask at once cost one token and one balance, and get the answer of the contract", async ({ open, standIn, distantUrl }) => {
      const backend = await open(server, { AIRALO_BASE_URL: distantUrl });
      const answers = await Promise.all(Array.from({ length: 100 }, () => backend.ask()));
      const { fetched_at: fetchedAt } = metaOf(answers[0]);
      expect(fetchedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(Math.abs(Date.now() - Date.parse(fetchedAt))).toBeLessThan(60_000);
      for (const { status, text, headers } of answers) {
        expect(status).toBe(200);
        expect(text).toBe(balanceBody("balance-list", fetchedAt));
        expect(headers.get("content-type")).toMatch(/^application\/json/);
        expect(headers.get("cache-control")).toContain("no-store");
      }
      await backend.ask();
      expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
    });

    test("every digit of an amount arrives, no account is an empty list, and nothing else is told", async ({ open, standIn }) => {
      const backend = await open(server, ASK_ALWAYS);
      for (const amount of ["1234567890.12", "0.1", "-0.05", "70000000000000000.01"]) {
        await standIn.setBalance(amount);
        expect(amountsOf(await backend.ask())).toEqual([amount]);
      }
      for (const [scenario, amounts] of [
        ["long-amount", ["12345678901234567.89"]],
        ["string-amount", ["225.350"]],
        ["zero", ["0"]],
        ["negative", ["-12.5"]],
        ["several", ["1234.5", "980.00", "120500"]],
      ]) {
        await standIn.play(scenario);
        expect(amountsOf(await backend.ask()), scenario).toEqual(amounts);
      }
      await standIn.play("unknown-fields");
      const answer = await backend.ask();
      expect(answer.text).toBe(balanceBody("balance-list", metaOf(answer).fetched_at));
      for (const how of ["empty-list", "null", "absent", "accounts", "data-list"]) {
        await standIn.play(`no-account-${how}`);
        const answer = await backend.ask();
        expect(answer.text, how).toContain('{"data":{"balances":[]},"meta":{"message":"success",');
      }
    });

    test("a refused secret costs one token request, and is in no log", async ({ open, standIn }) => {
      const secret = "not-the-secret-of-anybody";
      const backend = await open(server, { AIRALO_CLIENT_SECRET: secret });
      const answers = await Promise.all(Array.from({ length: 30 }, () => backend.ask()));
      for (const answer of [...answers, await backend.ask()]) {
        expectProblem(answer, "credentials-refused");
        expect(retryAfter(answer)).toBeGreaterThanOrEqual(1);
        expect(retryAfter(answer)).toBeLessThanOrEqual(60);
      }
      expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 0 });
      await expect.poll(() => backend.log).toContain("No new balance from Airalo: credentials-refused (/v2/token: status 401)");
      expect(backend.log).not.toContain(secret);
    });

    for (const scenario of ["rate-limited", "rate-limited-until"]) {
      test(`a 429 is passed on, and waited for: ${scenario}`, async ({ open, standIn }) => {
        await standIn.play(scenario);
        const backend = await open(server, ASK_ALWAYS);
        for (const answer of [await backend.ask(), await backend.ask()]) {
          expectProblem(answer, "rate-limited");
          expect(retryAfter(answer)).toBeGreaterThanOrEqual(1);
          expect(retryAfter(answer)).toBeLessThanOrEqual(7);
        }
        expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
      });
    }

    test("a 429 without a time is waited for as long as a balance is kept", async ({ open, standIn }) => {
      await standIn.play("rate-limited-silently");
      const backend = await open(server);
      const answer = await backend.ask();
      expectProblem(answer, "rate-limited");
      expect(retryAfter(answer)).toBeGreaterThan(30);
      expect(retryAfter(answer)).toBeLessThanOrEqual(60);
    });

    test("a token that has expired is renewed once, and the reader sees nothing of it", async ({ open, standIn }) => {
      const backend = await open(server, ASK_ALWAYS);
      await backend.ask();
      await standIn.play("expired-tokens");
      for (let times = 0; times < 2; times += 1) expect(metaOf(await backend.ask()).stale).toBe(false);
      expect(await countsOf(standIn)).toEqual({ tokens: 2, balances: 4 });
    });

    test("where no token is accepted, a refresh renews it once and no more", async ({ open, standIn }) => {
      await standIn.play("token-refused");
      const backend = await open(server);
      for (let times = 0; times < 2; times += 1) expectProblem(await backend.ask(), "credentials-refused");
      expect(await countsOf(standIn)).toEqual({ tokens: 2, balances: 2 });
    });

    test("a refused address is told from a refused token", async ({ open, standIn }) => {
      await standIn.play("address-refused");
      const backend = await open(server);
      expectProblem(await backend.ask(), "address-refused");
      expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
    });

    test("what is no balance is a problem and never a zero", async ({ open, standIn }) => {
      const backend = await open(server, ASK_ALWAYS);
      for (const [problem, scenarios] of Object.entries({
        "invalid-response": ["html", "empty-body", "wrong-json", "not-success", "not-a-number", "no-amount", "no-currency"],
        upstream: ["error-500", "html-502", "reset", "cut-off", "redirect"],
      })) {
        for (const scenario of scenarios) {
          await standIn.play(scenario);
          const answer = await backend.ask();
          expectProblem(answer, problem);
          expect(retryAfter(answer), scenario).toBe(1);
        }
      }
      expect((await countsOf(standIn)).tokens).toBe(1);
    });

    test("both requests say that they want JSON, as Airalo documents it", async ({ open, rewritten }) => {
      const backend = await open(server, { AIRALO_BASE_URL: rewritten.url });
      await backend.ask();
      const accepted = rewritten.requests.map(({ method, url, headers }) => `${method} ${url} ${headers.accept}`);
      expect(accepted).toEqual(["POST /v2/token application/json", "GET /v2/balance application/json"]);
    });

    test("an account and the lack of one are told from everything else, as by the card", async ({ open, rewritten }) => {
      const { url, rewrites } = rewritten;
      const backend = await open(server, { ...ASK_ALWAYS, MAX_STALE: "0", AIRALO_BASE_URL: url });
      const money = '"availableBalance":{"amount":1.50,"currency":"USD"}';
      const account = `{"name":"","availableBalance":{"amount":1.50,"currency":"USD"}}`;
      for (const [data, balances] of [
        ["null", ""],
        ["[]", ""],
        ["{}", ""],
        ['{"balances":null,"accounts":[]}', ""],
        [`{"balances":{${money}}}`, account],
        [`{"balances":null,"accounts":[{"name":null,${money}},{"name":{"amount":"x"},${money}}]}`, `${account},${account}`],
      ]) {
        rewrites["/v2/balance"] = () => `{"data":${data},"meta":{"message":"success"}}`;
        const { text } = await backend.ask();
        expect(text, data).toContain(`{"data":{"balances":[${balances}]},"meta":{"message":"success",`);
      }
      const nothings = ["{}", '""', "0", "false", '"x"', "[{}]", "[null]", `[[{${money}}]]`];
      const amounts = ["null", "true", "[5]", '"1_000"', '"١"', '"NaN"', '""', "{}"];
      for (const body of [
        ...['""', "0", "false", "5", '"x"', "[{}]", `[{${money}}]`].map((data) => `{"data":${data},"meta":{"message":"success"}}`),
        ...nothings.map((balances) => `{"data":{"balances":${balances}},"meta":{"message":"success"}}`),
        ...amounts.map((amount) => `{"data":{"balances":[{"availableBalance":{"amount":${amount},"currency":"USD"}}]},"meta":{"message":"success"}}`),
        '{"data":{"balances":[{"availableBalance":{"amount":5,"currency":12}}]},"meta":{"message":"success"}}',
        '{"meta":{"message":"success"}}',
        '{"data":null,"meta":{"message":"failed"}}',
        '{"data":null}',
      ]) {
        rewrites["/v2/balance"] = () => body;
        const answer = await backend.ask();
        expect(answer.text, body).toBe(problemBody("invalid-response"));
        expectProblem(answer, "invalid-response");
      }
    });

    for (const lifetime of ['"soon"', "null", "[]", "-1", '"3600"', "1e300"]) {
      test(`a token with the lifetime ${lifetime} is kept`, async ({ open, standIn, rewritten }) => {
        const { url, rewrites } = rewritten;
        rewrites["/v2/token"] = (body) => body.replace(/"expires_in":\s*\d+/, `"expires_in":${lifetime}`);
        const backend = await open(server, { ...ASK_ALWAYS, AIRALO_BASE_URL: url });
        for (let times = 0; times < 2; times += 1) expect((await backend.ask()).status).toBe(200);
        expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 2 });
      });
    }

    test("what is no token is a problem", async ({ open, standIn, rewritten }) => {
      const { url, rewrites } = rewritten;
      const backend = await open(server, { ...ASK_ALWAYS, AIRALO_BASE_URL: url });
      // The stand-in issues three a minute, as Airalo does.
      for (const body of ['{"data":{"access_token":5}}', '{"data":null}', "[]"]) {
        rewrites["/v2/token"] = () => body;
        expectProblem(await backend.ask(), "invalid-response");
      }
      expect((await countsOf(standIn)).balances).toBe(0);
    });

    test("the secret goes to no address where it would be unencrypted beyond this machine", async ({ open, standIn }) => {
      // The stand-in answers there too, although it is no loopback address.
      const address = standIn.url.replace("127.0.0.1", "0.0.0.0").replace(/\/$/, "");
      const urls = ["http://127.0.0.1@", "https://somebody:password@", "//"].map((start) => address.replace("http://", start));
      for (const url of [address, ...urls]) {
        const outcome = await open(server, { AIRALO_BASE_URL: url }).then(
          async (backend) => (await backend.ask()).text + backend.log,
          (error) => error.message,
        );
        expect(outcome, url).not.toContain("password");
        expect(outcome, url).toContain("AIRALO_BASE_URL has to be https without a user, or http on a loopback address");
      }
      expect(await countsOf(standIn)).toEqual({ tokens: 0, balances: 0 });
    });

    test("a number of seconds that is none is named, and Airalo is not asked", async ({ open, standIn }) => {
      for (const [variable, value] of [["BALANCE_TTL", "60s"], ["MAX_STALE", "soon"], ["BALANCE_TTL", "-1"], ["MAX_STALE", ""]]) {
        const outcome = await open(server, { [variable]: value }).then(
          async (backend) => {
            expect((await backend.ask()).text, value).not.toContain('"balances"');
            return backend.log;
          },
          (error) => error.message,
        );
        expect(outcome, value).toContain(`${variable} has to be a whole number of seconds`);
      }
      expect((await countsOf(standIn)).balances).toBe(0);
    });

    test("a panel without a password lets nobody in", async ({ open }) => {
      const statuses = await open(server, { PANEL_PASSWORD: "" }).then(
        async (backend) => [(await backend.signIn("")).status, (await backend.ask()).status],
        (error) => error.message,
      );
      if (typeof statuses === "string") expect(statuses).toContain("set PANEL_PASSWORD");
      else expect(statuses).toEqual([403, 401]);
    });

    test("a token request can fail in more than one way", async ({ open, standIn }) => {
      const backend = await open(server, ASK_ALWAYS);
      for (const [scenario, problem] of [["token-missing", "invalid-response"], ["token-error", "upstream"]]) {
        await standIn.play(scenario);
        expectProblem(await backend.ask(), problem);
      }
    });

    test("the log says of each failure what was asked and what came back, and no credential", async ({ open, standIn, rewritten }) => {
      const { url, rewrites } = rewritten;
      const backend = await open(server, { ...ASK_ALWAYS, AIRALO_BASE_URL: url });
      let told = "";
      const expectLine = async (cause) => {
        told += backend.log;
        backend.log = "";
        await backend.ask();
        await expect.poll(() => backend.log).toContain(`No new balance from Airalo: ${cause}`);
      };
      await standIn.play("credentials-refused");
      await expectLine("credentials-refused (/v2/token: status 401)");
      await standIn.play("normal");
      // No header can hold it, and libraries tell the values that they refuse.
      rewrites["/v2/token"] = (body) => body.replace("stand-in-", "stand-in-0\\nstand-in-");
      await expectLine("invalid-response (/v2/token: not the documented JSON)");
      delete rewrites["/v2/token"];
      await standIn.play("error-500");
      await expectLine("upstream (/v2/balance: status 500)");
      for (const scenario of ["html", "not-success", "no-amount"]) {
        await standIn.play(scenario);
        await expectLine("invalid-response (/v2/balance: not the documented JSON)");
      }
      expect(told + backend.log).not.toMatch(new RegExp(`${standIn.secrets.id}|${standIn.secrets.secret}|stand-in-[0-9a-f]`));
    });

    test("the log says why Airalo cannot be reached", async ({ open, standIn }) => {
      await stop(standIn.running);
      const backend = await open(server);
      await backend.ask();
      await expect.poll(() => backend.log).toMatch(/No new balance from Airalo: upstream \(.*connect.*\)/i);
    });

    test("while Airalo fails the last balance is served, with its time and the reason", async ({ open, standIn }) => {
      const backend = await open(server, ASK_ALWAYS);
      const { fetched_at: fetchedAt } = metaOf(await backend.ask());
      await standIn.play("error-500");
      expect((await backend.ask()).text).toBe(balanceBody("balance-stale", fetchedAt));
      await standIn.play("html");
      expect(metaOf(await backend.ask())).toMatchObject({ stale: true, reason: "invalid-response" });
      await standIn.play("normal");
      const fresh = metaOf(await backend.ask());
      expect(fresh).toEqual({ message: "success", fetched_at: fresh.fetched_at, stale: false });
      await stop(standIn.running);
      expect(metaOf(await backend.ask())).toMatchObject({ stale: true, reason: "upstream" });
    });

    test("a balance that is too old is not served any more", async ({ open, standIn }) => {
      const backend = await open(server, { ...ASK_ALWAYS, MAX_STALE: "0" });
      expect((await backend.ask()).status).toBe(200);
      await standIn.play("error-500");
      expectProblem(await backend.ask(), "upstream");
    });

    test("Airalo that cannot be reached is a problem where there is no last balance", async ({ open, standIn }) => {
      await stop(standIn.running);
      expectProblem(await (await open(server)).ask(), "upstream");
    });

    test("whoever is not signed in learns nothing, and Airalo is not asked", async ({ open, standIn }) => {
      const backend = await open(server);
      await backend.ask();
      const answer = await backend.ask({ Cookie: undefined });
      expect(answer.status).toBe(401);
      // `auth` of Laravel has a body of its own; the card understands the status.
      if (name !== "laravel") expectProblem(answer, "unauthorized");
      expect(answer.text).not.toContain("balance");
      expect(answer.headers.get("www-authenticate")).toBeNull();
      expect((await backend.signIn("wrong")).status).toBe(403);
      expect((await backend.ask()).status).toBe(401);
      expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
    });

    test("a page of another site reads nothing, although its reader is signed in", async ({ open, standIn }) => {
      const backend = await open(server);
      for (const site of ["cross-site", "same-site"]) {
        expectProblem(await backend.ask({ "Sec-Fetch-Site": site }), "forbidden-origin");
      }
      expectProblem(await backend.ask({ "X-Airalo-Widget": undefined }), "missing-widget-header");
      const preflight = { Origin: "https://example.com", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-airalo-widget" };
      const { headers } = await fetch(`${backend.url}api/balance`, { method: "OPTIONS", headers: preflight });
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(await countsOf(standIn)).toEqual({ tokens: 0, balances: 0 });
      // Browsers of old send no `Sec-Fetch-Site`.
      expect((await backend.ask({ "Sec-Fetch-Site": undefined })).status).toBe(200);
    });

    test("no credential and no token is in an answer or a log", async ({ open, standIn }) => {
      const backend = await open(server, ASK_ALWAYS);
      let told = "";
      for (const scenario of ["normal", "expired-tokens", "error-500", "credentials-refused"]) {
        await standIn.play(scenario);
        const { text, headers } = await backend.ask();
        told += text + JSON.stringify([...headers]);
      }
      expect(told + backend.log).not.toMatch(new RegExp(`${standIn.secrets.id}|${standIn.secrets.secret}|stand-in-[0-9a-f]`));
    });
  });
}

test("a balance that comes byte by byte is given up before the card gives up", async ({ open }) => {
  const servers = Object.entries(SERVERS).filter(([, server]) => server.isHere());
  await Promise.all(
    servers.map(async ([name, server]) => {
      const standIn = await StandIn.start({ SANDBOX_SCENARIO: "slow-body" });
      const backend = await open(server, credentialsOf(standIn));
      const started = performance.now();
      const answer = await backend.ask();
      expect(performance.now() - started, name).toBeLessThan(10_000);
      expectProblem(answer, "upstream-timeout");
    }),
  );
});

test("whoever waits in vain for another process of laravel gets a problem before the card gives up", async ({ open }) => {
  test.skip(!SERVERS.laravel.isHere(), "PHP or one of its packages is not on this machine");
  const backend = await open(SERVERS.laravel);
  expect((await fetch(`${backend.url}hold-lock`)).status).toBe(200);
  const started = performance.now();
  const answer = await backend.ask();
  expect(performance.now() - started).toBeLessThan(10_000);
  expectProblem(answer, "upstream-timeout");
  expect(retryAfter(answer)).toBe(1);
});

for (const name of ["php", "laravel"]) {
  test.describe(`${name}, whose processes share what they know`, () => {
    test.skip(!SERVERS[name].isHere(), "PHP or one of its packages is not on this machine");

    test("whoever comes while Airalo is slow gets the last balance at once", async ({ open, standIn }) => {
      const backend = await open(SERVERS[name], ASK_ALWAYS);
      await backend.ask();
      await standIn.play("slow-headers");
      const slow = backend.ask().catch(() => {});
      await expect.poll(async () => (await countsOf(standIn)).balances).toBe(2);
      expect(metaOf(await backend.ask())).toMatchObject({ stale: true, reason: "refreshing" });
      expect((await countsOf(standIn)).balances).toBe(2);
      await backend.stop();
      await slow;
    });

    test("the token is kept where nobody else can read it", async ({ open, standIn }) => {
      const backend = await open(SERVERS[name]);
      await backend.ask();
      const entries = await readdir(backend.folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));
      const holders = [];
      for (const file of files) if (/stand-in-[0-9a-f]/.test(await readFile(file, "utf8"))) holders.push(file);
      // Laravel encrypts it.
      expect(holders).toHaveLength(name === "php" ? 1 : 0);
      for (const file of holders) expect((await stat(file)).mode & 0o077, file).toBe(0);
      expect((await countsOf(standIn)).tokens).toBe(1);
    });
  });
}
