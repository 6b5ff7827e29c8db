// One server for all variants, with the same protocol, headers and compression.
//
// Files are compressed in advance with brotli at its best quality and are immutable; pages are not
// cached; the API answers after the delay of the current case.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

import { responseOf } from "./adyen.mjs";
import { ONE_SLOW_API, pageOf } from "./variants.mjs";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const BALANCE = readFileSync(at("../contract/balance.json"), "utf8");

/** The amount of that response, which every variant has to show. */
export const AMOUNT = 225.35;

export class BenchServer {
  delay = 0;
  amount = AMOUNT;
  log = []; // {path, bytes, api} of each request since a visit last emptied it
  #variants;
  #files = new Map();
  #server;

  constructor(variants) {
    this.#variants = new Map(variants.map((variant) => [variant.name, variant]));
  }

  async start() {
    // A connection that the server closes while the browser reuses it costs a retry.
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.#serve(request, response).catch((error) => response.destroy(error));
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.origin);
    const path = url.pathname;
    if (path === "/api/balance") return this.#api(response, path, { body: this.#balance(), balance: true });
    if (path.startsWith("/adyen-api/")) return this.#api(response, path, responseOf(path, this.amount));
    // The settings that Adyen's component requests are optional: it contains defaults.
    if (path.startsWith("/adyen-cdn/")) return this.#send(response, path, "application/json", "{}", "no-cache");
    const [, name, ...rest] = path.split("/");
    const variant = this.#variants.get(name);
    if (!variant) return response.writeHead(404).end();
    if (rest.join("/") === "") {
      const page = pageOf(variant, Number(url.searchParams.get("cards") ?? 1));
      return response.writeHead(200, { "Content-Type": "text/html", "Cache-Control": "no-cache" }).end(page);
    }
    const file = await this.#compressed(join(at(variant.folder), normalize(`/${rest.join("/")}`)));
    this.#send(response, path, TYPES[extname(path)], file, "public, max-age=31536000, immutable", "br");
  }

  #balance() {
    // Replaced as text, so that the file of the contract is sent byte by byte.
    return BALANCE.replace(String(AMOUNT), String(this.amount));
  }

  async #api(response, path, { status = 200, body, balance = false }) {
    const delay = balance || !path.startsWith(ONE_SLOW_API) ? this.delay : 0;
    if (delay > 0) await new Promise((next) => setTimeout(next, delay));
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.#send(response, path, "application/json", text, "no-store", undefined, status, true);
  }

  #send(response, path, type, body, caching, encoding, status = 200, api = false) {
    const bytes = Buffer.byteLength(body);
    this.log.push({ path, bytes, api });
    const headers = { "Content-Type": type, "Content-Length": bytes, "Cache-Control": caching };
    if (encoding) headers["Content-Encoding"] = encoding;
    response.writeHead(status, headers).end(body);
  }

  async #compressed(file) {
    if (!this.#files.has(file)) {
      const raw = await readFile(file);
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
      };
      this.#files.set(file, brotliCompressSync(raw, { params }));
    }
    return this.#files.get(file);
  }
}
