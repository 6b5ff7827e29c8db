// A panel of a partner: a server whose pages hold the card, and whose route `/api/balance` answers
// as the test says.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The built card. */
export const dist = process.env.AIRALO_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".json": "application/json" };

/** A page with this in its body, and the element's script. */
export const pageWith = (body, head = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title>${head}` +
  `<script type="module" src="/airalo-balance.js"></script></head><body>${body}</body></html>`;

/** The body of a response with one balance. `meta` may name a time. */
export const balanceJson = (amount, meta = {}) =>
  JSON.stringify({
    data: { balances: [{ name: "balance", availableBalance: { amount: Number(amount), currency: "USD" } }] },
    meta: { message: "success", ...meta },
  });

export class Panel {
  /** The requests for the balance: time, URL and headers of each. */
  requests = [];
  /** Called for each of them with its number, from 1; returns `{status, headers, body}`. */
  answer = () => ({ body: balanceJson(225.35) });

  /**
   * `cors` lets pages of other origins ask; `headers` are those of the pages; `files` are the folders of
   * what is no page, `dist` unless others are given.
   */
  static async start(pages, { cors = false, files = [dist], headers = {} } = {}) {
    const panel = new Panel();
    panel.files = files;
    panel.pages = pages;
    panel.cors = cors;
    panel.headers = headers;
    panel.server = createServer((request, response) => panel.#respond(request, response));
    panel.server.listen(0, "127.0.0.1");
    await once(panel.server, "listening");
    panel.url = `http://127.0.0.1:${panel.server.address().port}/`;
    return panel;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  async #respond(request, response) {
    const { pathname } = new URL(request.url, this.url);
    if (this.cors) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Access-Control-Allow-Headers", "*, X-Airalo-Widget, X-Requested-With");
    }
    if (request.method === "OPTIONS") return response.end();
    if (pathname === "/api/balance") {
      this.requests.push({ at: Date.now(), url: request.url, headers: request.headers });
      const { status = 200, headers = {}, body = "" } = await this.answer(this.requests.length, request);
      response.writeHead(status, { "Content-Type": "application/json", ...headers });
      return response.end(body);
    }
    if (pathname in this.pages) {
      const page = this.pages[pathname];
      const type = extname(pathname) === ".js" ? TYPES[".js"] : "text/html; charset=utf-8";
      response.writeHead(200, { "Content-Type": type, ...this.headers });
      return response.end(typeof page === "function" ? page() : page);
    }
    const paths = this.files.map((folder) => [folder, resolve(folder, `.${pathname}`)]);
    const [, file] = paths.find(([folder, path]) => path.startsWith(folder) && extname(path) !== "" && existsSync(path)) ?? [];
    if (!file) {
      response.writeHead(404);
      return response.end();
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    return createReadStream(file).pipe(response);
  }
}
