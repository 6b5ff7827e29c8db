// The servers of examples/servers, started as a partner starts them, and what a signed-in card asks them.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { dist } from "../panel.mjs";
import { freePort, test as base } from "../stack.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const example = (path) => join(root, "examples/servers", path);
const uvicorn = join(process.env.AIRALO_PYTHON ?? join(root, "target/python"), "bin/uvicorn");

/** PHP answers several requests at a time only with several processes. */
const php = (script, has) => ({
  isHere: () => spawnSync("php", ["-r", `exit(${has.join(" && ")} ? 0 : 1);`]).status === 0,
  command: (port, folder) => {
    const settings = ["-d", "display_errors=1", "-d", `session.save_path=${folder}`];
    return ["php", ...settings, "-S", `127.0.0.1:${port}`, "-t", dist, script];
  },
  env: { PHP_CLI_SERVER_WORKERS: "8" },
});

export const SERVERS = {
  node: {
    isHere: () => existsSync(example("node/node_modules/express")),
    command: () => [process.execPath, example("node/panel.js")],
  },
  python: {
    isHere: () => existsSync(uvicorn),
    command: (port) => [uvicorn, "panel:app", "--app-dir", example("python"), "--port", String(port)],
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  },
  php: php(example("php/panel.php"), ["extension_loaded('curl')"]),
  laravel: php(
    join(root, "tests/e2e/servers/laravel.php"),
    ["extension_loaded('curl')", ...["Illuminate", "GuzzleHttp"].map((name) => `stream_resolve_include_path('${name}/autoload.php')`)],
  ),
};

export const credentialsOf = ({ url, secrets }) => ({
  AIRALO_BASE_URL: url.replace(/\/$/, ""),
  AIRALO_CLIENT_ID: secrets.id,
  AIRALO_CLIENT_SECRET: secrets.secret,
});

export class Backend {
  static password = "correct horse";
  log = "";

  static async start(server, standIn, env = {}) {
    const backend = new Backend();
    const port = await freePort();
    backend.url = `http://127.0.0.1:${port}/`;
    backend.folder = await mkdtemp(join(tmpdir(), "airalo-balance-"));
    const [program, ...args] = server.command(port, backend.folder);
    backend.child = spawn(program, args, {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        CARD_DIR: dist,
        PANEL_PASSWORD: Backend.password,
        AIRALO_STATE_DIR: backend.folder,
        ...credentialsOf(standIn),
        ...server.env,
        ...env,
      },
      // A group of its own, because the processes of PHP outlive the first one.
      detached: true,
    });
    for (const stream of [backend.child.stdout, backend.child.stderr]) stream.on("data", (data) => (backend.log += data));
    for (let attempt = 0; attempt < 400 && backend.isRunning; attempt += 1) {
      try {
        await fetch(backend.url);
        return backend;
      } catch {
        await new Promise((next) => setTimeout(next, 50));
      }
    }
    await backend.stop();
    throw new Error(`${program} does not answer:\n${backend.log}`);
  }

  get isRunning() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop() {
    if (this.isRunning) {
      const ended = once(this.child, "exit");
      process.kill(-this.child.pid, "SIGKILL");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Signs in, as the form of the panel does. */
  async signIn(password = Backend.password) {
    const body = new URLSearchParams({ password });
    const response = await fetch(`${this.url}sign-in`, { method: "POST", body, redirect: "manual" });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    this.cookie = cookies.join("; ");
    return response;
  }

  /** Asks as the card does. */
  async ask(headers = {}) {
    const card = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", "X-Airalo-Widget": "1" };
    const sent = { ...card, "Sec-Fetch-Site": "same-origin", ...(this.cookie ? { Cookie: this.cookie } : {}), ...headers };
    for (const name of Object.keys(sent)) if (sent[name] === undefined) delete sent[name];
    const response = await fetch(`${this.url}api/balance`, { headers: sent, redirect: "manual" });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

/** A server through which the stand-in is asked; `pass` passes its answer on. */
async function before(standIn, pass) {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    request.pipe(ask(new URL(url, standIn.url), { method, headers }, (answer) => pass(answer, response, request)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** The stand-in as far away as Airalo is: each answer takes this long, and meanwhile more cards ask. */
const distant = (standIn, milliseconds) =>
  before(standIn, (answer, response) => {
    setTimeout(() => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    }, milliseconds);
  });

const urlOf = (server) => `http://127.0.0.1:${server.address().port}`;

function end(server) {
  server.closeAllConnections();
  server.close();
}

export const test = base.extend({
  /** The URL of a stand-in whose answers take a while. */
  distantUrl: async ({ standIn }, use) => {
    const server = await distant(standIn, 300);
    await use(urlOf(server));
    end(server);
  },

  /**
   * The stand-in with other bodies: `rewrites["/v2/balance"]` makes what is answered of what it answers.
   * `requests` are those that it got.
   */
  rewritten: async ({ standIn }, use) => {
    const rewrites = {};
    const requests = [];
    const server = await before(standIn, async (answer, response, request) => {
      requests.push(request);
      const body = await text(answer);
      response.writeHead(answer.statusCode, { "Content-Type": "application/json" });
      response.end(rewrites[request.url]?.(body) ?? body);
    });
    await use({ url: urlOf(server), rewrites, requests });
    end(server);
  },

  /** Starts a server, signs in, and stops it after the test. */
  open: async ({ standIn }, use) => {
    const opened = [];
    await use(async (server, env) => {
      const backend = await Backend.start(server, standIn, env);
      opened.push(backend);
      await backend.signIn();
      return backend;
    });
    for (const backend of opened) await backend.stop();
  },
});
