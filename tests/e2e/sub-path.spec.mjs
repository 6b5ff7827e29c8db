// The proxy below a path of a panel, behind the servers of examples/nginx and examples/caddy.

import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer, request as ask } from "node:http";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Card, expect, freePort, start, startProxy, stop, test } from "./stack.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = (name) => readFileSync(join(root, "examples", name), "utf8");
const HOST = "panel.example.com";
const password = "correct-horse";
// Four pages, one of them with every state of the card: half a minute on a busy machine.
test.setTimeout(120_000);
test.use({
  httpCredentials: { username: "admin", password },
  launchOptions: async ({ launchOptions }, use) => {
    // The name leads to this machine. Its pages are trusted as those of https are, which the examples leave out.
    const args = [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, "--unsafely-treat-insecure-origin-as-secure=*.example.com"];
    await use({ ...launchOptions, args: [...launchOptions.args, ...args] });
  },
});

/** The path of a program. Debian keeps servers where only root looks. */
function find(program) {
  const unpacked = process.env.AIRALO_SERVERS ?? join(root, "target/servers/usr/sbin") + delimiter + join(root, "target/servers/usr/bin");
  const folders = [process.env.PATH, "/usr/sbin", unpacked].join(delimiter).split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** An example with what depends on the machine replaced; each text must be there. */
function fill(text, replacements) {
  for (const [from, to] of replacements) {
    expect(text, "the example").toContain(from);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** The variables of the proxy that an example names in its first comment. */
const settings = (text) => Object.fromEntries([...text.matchAll(/^# {3}([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/** What the comments of an example say of a login of the panel's own. */
const withOwnLogin = {
  nginx(text) {
    const [site, session] = text.split("# The other end of `auth_request`");
    const withRequest = fill(site, [
      ["#   auth_request", "auth_request"],
      ['auth_basic "Panel";', ""],
      ["auth_basic_user_file /etc/nginx/airalo-balance.htpasswd;", ""],
      ["proxy_set_header X-Remote-User $remote_user;", "proxy_set_header X-Remote-User $panel_user;"],
    ]);
    return `${withRequest}#${session.replaceAll("\n    # ", "\n    ")}`;
  },

  caddy(text) {
    const indented = /^(\t+)#   (?=(route|    |\}))/gm;
    return fill(text.replace(indented, "$1"), [
      ["basicauth {\n\t\t\tadmin {$PANEL_PASSWORD_HASH}\n\t\t}", ""],
      ["header_up X-Remote-User {http.auth.user.id}", ""],
    ]);
  },
};

/** Writes the configuration of a server into the folder, and returns the arguments of its program. */
const servers = {
  nginx(folder, text, port) {
    const users = ["admin", "ben"].map((user) => `${user}:{PLAIN}${password}\n`);
    writeFileSync(join(folder, "htpasswd"), users.join(""));
    const site = fill(text, [["listen 80;", `listen 127.0.0.1:${port};`]]);
    writeFileSync(join(folder, "site.conf"), site.replaceAll("/etc/nginx/airalo-balance.htpasswd", join(folder, "htpasswd")));
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    const main = `
      daemon off;
      ${process.getuid() === 0 ? "user root;" : ""}
      pid ${folder}/pid;
      error_log stderr;
      events {}
      http {
        access_log off;
        ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
        include ${folder}/site.conf;
      }`;
    writeFileSync(join(folder, "nginx.conf"), main);
    return ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")];
  },

  caddy(folder, text, port) {
    const { stdout } = spawnSync(find("caddy"), ["hash-password", "--plaintext", password], { encoding: "utf8" });
    const site = fill(text, [[`${HOST} {`, `http://${HOST}:${port} {`]]);
    const users = ["admin", "ben"].map((user) => `${user} ${stdout.trim()}`);
    const options = "{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n";
    writeFileSync(join(folder, "Caddyfile"), options + site.replace("admin {$PANEL_PASSWORD_HASH}", users.join("\n\t\t\t")));
    return ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
  },
};

const EXAMPLES = { nginx: "nginx/airalo-balance.conf", caddy: "caddy/Caddyfile" };

/** Starts the proxy with the variables of the example, and others, and the server in front of it. */
async function startBehind(name, standIn, { ownLogin, ...others }) {
  const folder = mkdtempSync(join(tmpdir(), "airalo-"));
  const [port, proxyPort] = [await freePort(), await freePort()];
  const text = example(EXAMPLES[name]);
  const { LISTEN, ...env } = settings(text);
  const proxy = await startProxy(standIn, { ...env, ...others, HISTORY: join(folder, "history.db") }, proxyPort);
  const whole = fill(ownLogin ? withOwnLogin[name](text) : text, [[LISTEN, `127.0.0.1:${proxyPort}`]]);
  const args = servers[name](folder, ownLogin ? fill(whole, [["127.0.0.1:3000", ownLogin]]) : whole, port);
  const server = await start(find(name), { HOME: folder, XDG_DATA_HOME: folder }, `http://127.0.0.1:${port}/`, args);
  const end = async () => {
    await stop(server);
    await stop(proxy);
    rmSync(folder, { recursive: true });
  };
  return { url: `http://${HOST}:${port}/`, proxyUrl: proxy.url, end };
}

/** Asks at this machine for a URL of the panel, with the panel's name in `Host`. */
async function get(url, { method = "GET", headers = {}, body } = {}) {
  const { host, port, pathname } = new URL(url);
  const request = ask({ host: "127.0.0.1", port, path: pathname, method, headers: { Host: host, ...headers } }).end(body);
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  return { status: response.statusCode, headers: response.headers };
}

const WIDGET = { "X-Airalo-Widget": "1" };
const signedIn = (user) => ({ ...WIDGET, Authorization: `Basic ${btoa(`${user}:${password}`)}` });

for (const name of Object.keys(servers)) {
  const skipWithout = () => test.skip(!find(name), `${name} is not on this machine; \`cargo xtask test\` unpacks it where there is apt-get`);

  test(`behind ${name}, below a path, every page finds its files and the card its balance`, async ({ page, standIn }) => {
    skipWithout();
    const server = await startBehind(name, standIn, {});

    const problems = [];
    page.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("requestfailed", (request) => {
      // The next page aborts what the last one was waiting for.
      const reason = request.failure().errorText;
      if (reason !== "net::ERR_ABORTED") problems.push(`${request.url()} ${reason}`);
    });

    await page.goto(`${server.url}credit`);
    expect(page.url()).toBe(`${server.url}credit/`);
    await expect(new Card(page).amount).toHaveText("$225.35");
    // Only the request of the card brings what has changed since.
    await standIn.setBalance("99.50");
    await expect(async () => {
      await new Card(page).host.evaluate((element) => element.refresh());
      await expect(new Card(page).amount).toHaveText("$99.50", { timeout: 100 });
    }).toPass();
    const pages = { History: "history", Playground: "playground", Gallery: "gallery", Documentation: "docs/index" };
    for (const [other, path] of Object.entries(pages)) {
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: other, exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`/credit/${path}\\.html`));
      await page.waitForLoadState("networkidle");
    }
    expect(problems).toEqual([]);

    // The lines to paste work on another page of the panel.
    for (const path of ["", "playground.html"]) {
      await page.goto(`${server.url}credit/${path}`);
      const lines = page.locator(".snippet pre", { hasText: "<airalo-balance" });
      await expect(lines).toContainText('proxy-url="/credit/api/balance"');
      const body = `<!doctype html><link rel="icon" href="data:," />${await lines.textContent()}`;
      await page.route("**/orders", (route) => route.fulfill({ contentType: "text/html", body }));
      await page.goto(`${server.url}orders`);
      await expect(new Card(page).amount).toHaveText("$99.50");
    }
    expect(problems).toEqual([]);

    const balance = `${server.url}credit/api/balance`;
    expect((await get(balance, { headers: WIDGET })).status).toBe(401);
    expect((await get(`${server.proxyUrl}api/balance`, { headers: WIDGET })).status, "past the server").toBe(401);
    const headers = signedIn("admin");
    const answer = await get(balance, { headers });
    expect(answer.status).toBe(200);
    // The server's own id, so that its log and the proxy's can be joined.
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{32,36}$/);
    const tag = answer.headers.etag;
    expect((await get(balance, { headers: { ...headers, "If-None-Match": tag } })).status).toBe(304);
    const script = await get(`${server.url}credit/airalo-balance.js`, { headers: { ...headers, "Accept-Encoding": "br" } });
    expect(script.headers["content-encoding"]).toBe("br");
    // Airalo has no login.
    const webhook = `${server.url}credit/webhooks/airalo`;
    expect((await get(webhook, { method: "HEAD" })).status).toBe(200);
    const body = '{"message":"Surpassed 80% of the credit limit balance","remaining":1}';
    for (const [secret, status] of [[standIn.secrets.secret, 200], ["guess", 401]]) {
      const signature = createHmac("sha512", secret).update(body).digest("hex");
      const sent = await get(webhook, { method: "POST", headers: { "airalo-signature": signature }, body });
      expect(sent.status).toBe(status);
      if (status === 401) expect(sent.headers["content-type"]).toBe("application/problem+json");
    }
    await server.end();
  });

  for (const login of ["the password of the example", "a login of the panel's own"]) {
    test(`behind ${name}, with ${login}, the proxy knows every user by name, and nobody can choose one`, async ({ standIn }) => {
      skipWithout();
      const isOwn = login !== "the password of the example";
      const panel = createServer((request, response) => {
        const user = /^user=(.*)$/.exec(request.headers.cookie ?? "")?.[1];
        if (request.url !== "/session" || user === undefined) return response.writeHead(401).end();
        return response.writeHead(204, user ? { "X-Remote-User": user } : {}).end();
      }).listen(0, "127.0.0.1");
      await once(panel, "listening");
      const ownLogin = isOwn && `127.0.0.1:${panel.address().port}`;
      // Each name may ask twice a minute.
      const server = await startBehind(name, standIn, { ownLogin, RATE_LIMIT: "2" });

      const balance = `${server.url}credit/api/balance`;
      const asUser = (user) => (isOwn ? { ...WIDGET, Cookie: `user=${user}` } : signedIn(user));
      const statusFor = async (headers) => (await get(balance, { headers })).status;
      const statuses = [];
      for (const forged of ["eve", "ann", "ben"]) statuses.push(await statusFor({ ...asUser("admin"), "X-Remote-User": forged }));
      expect(statuses).toEqual([200, 200, 429]);
      expect(await statusFor(asUser("ben")), "another user").toBe(200);
      expect(await statusFor({ ...WIDGET, "X-Remote-User": "eve" }), "nobody has signed in").toBe(401);
      if (isOwn) {
        // nginx passes on no name then, and Caddy before 2.10 the same one for all of them.
        const nameless = [];
        for (const forged of ["eve", "ann", "joe"]) nameless.push(await statusFor({ ...asUser(""), "X-Remote-User": forged }));
        expect(nameless.at(-1), "sessions without a name share a limit, whatever they send").toBe(429);
      }
      await server.end();
      panel.closeAllConnections();
      panel.close();
    });
  }
}
