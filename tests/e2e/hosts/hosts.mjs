// The examples of examples/hosts, served as a partner's panel is, with the real proxy behind them.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { serve } from "../../../examples/hosts/serve.mjs";
import { installProject, root, runWith } from "../../package/install.mjs";
import { freePort, start, startProxy, stop, test as base } from "../stack.mjs";

const examples = join(root, "examples/hosts");
const installed = process.env.AIRALO_HOSTS_DIR ?? join(root, "target/hosts");

const isBuilt = (name) => existsSync(join(examples, name, "package.json"));
const names = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "node_modules").map(({ name }) => name);

/** Those that were named, or those that need no bundler and are quick. */
const named = process.env.AIRALO_HOSTS?.split(",");
export const isChosen = (name) => (named ? named.includes(name) || named[0] === "all" : !isBuilt(name));

for (const name of named ?? []) if (name !== "all" && !names.includes(name)) throw new Error(`examples/hosts has ${names.join(", ")}, and no ${name}`);

/** Those whose page has the two buttons, and an output with the level. */
export const PANELS = names.filter((name) => name !== "iframe");

/** What is missing on this machine, if anything is. */
export function missing(name) {
  if (name === "php" && spawnSync("php", ["--version"]).status !== 0) return "PHP";
  if (!isBuilt(name) && !existsSync(join(examples, "node_modules"))) return "what `npm ci` installs in examples/hosts";
  return undefined;
}

/** The folder of an example, which is built in `target/` if it is one of a bundler. */
async function prepare(name, env) {
  if (!isBuilt(name)) return join(examples, name);
  const folder = join(installed, name);
  await installProject(join(examples, name), folder);
  await runWith(env, folder, "npm", "run", "build");
  return folder;
}

/** The servers that some examples bring along. `isWhole`: it passes on to the proxy by itself. */
const SERVERS = {
  php: { program: "php", args: (port, folder) => ["-S", `127.0.0.1:${port}`, "-t", folder] },
  next: {
    program: process.execPath,
    args: (port, folder) => [join(folder, "node_modules/next/dist/bin/next"), "start", "--port", port, "--hostname", "127.0.0.1", folder],
    isWhole: true,
  },
};

export const test = base.extend({
  /** Starts an example, with a proxy that lets its pages ask and frame; returns the URL of the page and of the proxy. */
  host: async ({ standIn, page }, use) => {
    const stopping = [];
    await use(async (name) => {
      const [port, proxyPort] = [await freePort(), await freePort()];
      // For a browser it is another site than the proxy, as a panel often is.
      const origin = `http://localhost:${port}`;
      const allowed = { ALLOWED_ORIGINS: origin, ALLOWED_FRAMES: origin };
      const proxy = await startProxy(standIn, allowed, proxyPort);
      stopping.push(() => stop(proxy));
      const url = `${origin}/`;
      // The addresses on these pages are those of a proxy that was started without any setting.
      const withAddress = async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replaceAll("http://127.0.0.1:8080/", proxy.url) });
      };
      if (["iframe", "cross-origin"].includes(name)) await page.route(url, withAddress);

      const folder = await prepare(name, { PROXY: new URL(proxy.url).origin });
      const own = SERVERS[name];
      const ownPort = own?.isWhole ? port : await freePort();
      if (own) {
        const env = { BALANCE_URL: `${proxy.url}api/balance` };
        const program = await start(own.program, env, `http://127.0.0.1:${ownPort}/`, own.args(String(ownPort), folder));
        stopping.push(() => stop(program));
      }
      if (!own?.isWhole) {
        const server = await serve(folder, { port: own && ownPort, proxy: proxy.url });
        await once(server.listen(port, "127.0.0.1"), "listening");
        stopping.push(() => (server.closeAllConnections(), server.close()));
      }
      return { url, proxy };
    });
    for (const end of stopping.reverse()) await end();
  },
});
