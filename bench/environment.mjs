// The machine that the bench has run on, and the versions that it has compared.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

const npm = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;

/** The version of a crate in a lock file of cargo. */
export const crate = (lock, name) => read(lock).match(new RegExp(`name = "${name}"\nversion = "(.+)"`))?.[1];

export function system() {
  try {
    return readFileSync("/etc/os-release", "utf8").match(/^PRETTY_NAME="(.+)"$/m)[1];
  } catch {
    return type();
  }
}

export function commit() {
  try {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
  } catch {
    return "an unknown commit";
  }
}

const VERSIONS = {
  card: () => `${crate("../Cargo.lock", "airalo-balance")} at ${commit()}, yew ${crate("../Cargo.lock", "yew")}`,
  lit: () => npm("lit"),
  preact: () => npm("preact-11"),
  svelte: () => npm("svelte"),
  react: () => npm("react-dom"),
  leptos: () => crate("peers/leptos/Cargo.lock", "leptos"),
  adyen: () => `@adyen/adyen-platform-experience-web ${npm("@adyen/adyen-platform-experience-web")}`,
};

export function hardware() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${memory} GB`;
}

export function environment(variants, browser) {
  return {
    machine: hardware(),
    system: `${system()}, ${type()} ${release()}`,
    browser: `Chromium ${browser}, headless`,
    node: process.version,
    load: loadavg()[0].toFixed(1),
    versions: variants
      .filter(({ name }) => VERSIONS[name])
      .map(({ name, title }) => `${title.replaceAll("*", "")} ${VERSIONS[name]()}`),
  };
}
