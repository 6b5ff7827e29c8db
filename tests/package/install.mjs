// Installs a project of a partner, with nothing of the card but the packed file.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The file of `npm pack`. */
export function packed() {
  if (process.env.AIRALO_PACKAGE) return process.env.AIRALO_PACKAGE;
  const manifest = join(root, "target/pkg/airalo-balance/package.json");
  assert.ok(existsSync(manifest), "there is no package; run `cargo xtask test package`");
  const { name, version } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(root, "target/pkg", `${name}-${version}.tgz`);
}

/** Runs a program of a project and returns what it prints; its exit with an error is one here. */
export const run = (folder, program, ...values) => runWith({}, folder, program, ...values);

/** The same, with these variables. */
export async function runWith(variables, folder, program, ...values) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", PARCEL_WORKERS: "0", CI: "1", ...variables };
  const options = { cwd: folder, env, maxBuffer: 1 << 24, shell: process.platform === "win32" };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, values, options);
    return stdout + stderr;
  } catch (error) {
    throw new Error(`${program} ${values.join(" ")} has failed in ${folder}:\n${error.stdout}${error.stderr}`);
  }
}

/** Unpacks the package where npm puts it. */
async function installCard(folder) {
  const place = join(folder, "node_modules/airalo-balance");
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  await run(folder, "tar", "-xzf", packed(), "-C", place, "--strip-components=1");
}

/** Copies a project to this folder, and installs its packages and the card there. */
export async function installProject(source, folder) {
  await mkdir(folder, { recursive: true });
  // Only `npm ci` is slow, so its folder stays while the lock file is the same.
  const lock = await readFile(join(source, "package-lock.json"), "utf8");
  const stamp = join(folder, "node_modules/.lock");
  const isCurrent = existsSync(stamp) && (await readFile(stamp, "utf8")) === lock;
  for (const entry of readdirSync(folder)) if (entry !== "node_modules") await rm(join(folder, entry), { recursive: true });
  const isBuilt = (path) => /[\\/](node_modules|\.next|\.angular|dist|dist-server)$/.test(path);
  await cp(source, folder, { recursive: true, filter: (path) => !isBuilt(path) });
  if (!isCurrent) {
    await run(folder, "npm", "ci", "--no-audit", "--no-fund");
    await writeFile(stamp, lock);
  }
  await installCard(folder);
  // Vite keeps what it has made of a package, and knows by the lock file alone that there is another.
  await rm(join(folder, "node_modules/.vite"), { recursive: true, force: true });
}
