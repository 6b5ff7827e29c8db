// The web server of a panel, for these examples: it serves one of them, and passes what is the card's
// on to the proxy. With `airalo-balance-proxy` on port 8080:
//
//   node serve.mjs plain-html
//   node serve.mjs php 3001      where the example has a server of its own, on port 3001

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const examples = fileURLToPath(new URL(".", import.meta.url));

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** The balance, and the card's files, which a program that was built has among its own. */
const isBalance = (path) => path.startsWith("/api/");
const isOfCard = (path) => isBalance(path) || /^\/(airalo-balance|card\/|presets\/|words\/)/.test(path);

function pass(to, request, response) {
  const { method, headers } = request;
  const passed = ask(new URL(request.url, to), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.writeHead(502).end());
  request.pipe(passed);
}

/** The first of these folders that has the file. `node_modules` and `panel.js` are beside the examples. */
function find(folders, path) {
  const files = folders.map((folder) => [folder, resolve(folder, `.${path.endsWith("/") ? `${path}index.html` : path}`)]);
  return files.find(([folder, file]) => file.startsWith(folder) && extname(file) !== "" && existsSync(file))?.[1];
}

/** Serves a folder, or what a server at `port` serves. `proxy` is the address of the proxy. */
export async function serve(folder, { port, proxy }) {
  const built = join(folder, "dist");
  const isBuilt = existsSync(built);
  const folders = port ? [examples] : [isBuilt ? built : folder, examples];
  const isOfProxy = isBuilt ? isBalance : isOfCard;
  const page = existsSync(join(folder, "page.mjs")) ? await import(pathToFileURL(join(folder, "page.mjs"))) : undefined;
  return createServer(async (request, response) => {
    const url = new URL(request.url, "http://panel");
    const send = (type, body) => response.writeHead(200, { "Content-Type": type }).end(body);
    if (page && url.pathname === "/") return send("text/html; charset=utf-8", page.render(url));
    const file = find(folders, url.pathname);
    if (file) return send(TYPES[extname(file)] ?? "application/octet-stream", await readFile(file));
    if (isOfProxy(url.pathname)) return pass(proxy, request, response);
    return port ? pass(`http://127.0.0.1:${port}`, request, response) : response.writeHead(404).end();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = "plain-html", port] = process.argv.slice(2);
  const server = await serve(join(examples, basename(name)), { port, proxy: process.env.PROXY ?? "http://127.0.0.1:8080" });
  server.listen(3000, "127.0.0.1", () => console.log(`${name} is on http://127.0.0.1:3000/`));
}
