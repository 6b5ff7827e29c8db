// The proxy below a path of a panel, behind the servers of examples/nginx and examples/caddy.

import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Card, expect, freePort, start, startProxy, stop, test } from "./stack.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = (name) => readFileSync(join(root, "examples", name), "utf8");
const password = "correct-horse";
// Four pages, one of them with every state of the card: half a minute on a busy machine.
test.setTimeout(120_000);
test.use({ httpCredentials: { username: "admin", password } });

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

const servers = {
  async nginx(folder, port, proxyPort) {
    writeFileSync(join(folder, "htpasswd"), `admin:{PLAIN}${password}\n`);
    const site = fill(example("nginx/airalo-balance.conf"), [
      ["listen 80;", `listen 127.0.0.1:${port};`],
      ["server 127.0.0.1:8080;", `server 127.0.0.1:${proxyPort};`],
      ["/etc/nginx/airalo-balance.htpasswd", join(folder, "htpasswd")],
    ]);
    writeFileSync(join(folder, "site.conf"), site);
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

  async caddy(folder, port, proxyPort, program) {
    const { stdout } = spawnSync(program, ["hash-password", "--plaintext", password], { encoding: "utf8" });
    const site = fill(example("caddy/Caddyfile"), [
      ["panel.example.com {", `http://127.0.0.1:${port} {`],
      ["reverse_proxy 127.0.0.1:8080 {", `reverse_proxy 127.0.0.1:${proxyPort} {`],
      ["{$PANEL_PASSWORD_HASH}", stdout.trim()],
    ]);
    writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n}\n${site}`);
    return ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
  },
};

for (const [name, configure] of Object.entries(servers)) {
  test(`behind ${name}, below a path, every page finds its files and the card its balance`, async ({ page, standIn }) => {
    const program = find(name);
    test.skip(!program, `${name} is not on this machine; \`cargo xtask test\` unpacks it where there is apt-get`);
    const folder = mkdtempSync(join(tmpdir(), "airalo-"));
    const [port, proxyPort] = [await freePort(), await freePort()];
    await startProxy(standIn, { HISTORY: join(folder, "history.db") }, proxyPort);
    const args = await configure(folder, port, proxyPort, program);
    const server = await start(program, { HOME: folder, XDG_DATA_HOME: folder }, `http://127.0.0.1:${port}/`, args);

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

    const balance = `${server.url}credit/api/balance`;
    expect((await fetch(balance, { headers: { "X-Airalo-Widget": "1" } })).status).toBe(401);
    const headers = { "X-Airalo-Widget": "1", Authorization: `Basic ${btoa(`admin:${password}`)}` };
    const answer = await fetch(balance, { headers });
    expect(answer.status).toBe(200);
    // The server's own id, so that its log and the proxy's can be joined.
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{32,36}$/);
    const tag = answer.headers.get("etag");
    expect((await fetch(balance, { headers: { ...headers, "If-None-Match": tag } })).status).toBe(304);
    const script = await fetch(`${server.url}credit/airalo-balance.js`, { headers: { ...headers, "Accept-Encoding": "br" } });
    expect(script.headers.get("content-encoding")).toBe("br");
    // Airalo has no login.
    const webhook = `${server.url}credit/webhooks/airalo`;
    expect((await fetch(webhook, { method: "HEAD" })).status).toBe(200);
    const body = '{"message":"Surpassed 80% of the credit limit balance","remaining":1}';
    for (const [secret, status] of [[standIn.secrets.secret, 200], ["guess", 401]]) {
      const signature = createHmac("sha512", secret).update(body).digest("hex");
      const sent = await fetch(webhook, { method: "POST", headers: { "airalo-signature": signature }, body });
      expect(sent.status).toBe(status);
      if (status === 401) expect(sent.headers.get("content-type")).toBe("application/problem+json");
    }
    await stop(server);
    rmSync(folder, { recursive: true });
  });
}
