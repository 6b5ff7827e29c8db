// The type declarations of the package: those that TypeScript makes of the class and its modules, and
// those that are written by hand.

import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL(".", import.meta.url));

/** Whose markup knows the element by a file of types. */
export const FRAMEWORKS = ["preact", "react", "svelte", "vue"];

/** What the package exports, without the extension. */
const ENTRIES = [
  ...["airalo-balance", "airalo-balance-element", "airalo-balance-history", "react"].map((name) => `element/${name}`),
  ...FRAMEWORKS.map((name) => `frameworks/${name}`),
];

/** Runs TypeScript with the settings of `tsconfig.json`, and returns its messages. */
export function runTypeScript(...options) {
  const program = join(www, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [program, "-p", www, ...options], { encoding: "utf8" });
  return { succeeded: status === 0, messages: stdout };
}

const importsOf = (declarations) =>
  [...declarations.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)\.js"/g)].map(([, path]) => path);

/** Copies a file, and whatever it imports, from one of the folders that have it. */
async function copy(name, sources, target, copied) {
  if (copied.has(name)) return;
  copied.add(name);
  const files = await Promise.all(sources.map((source) => readFile(join(source, `${name}.d.ts`), "utf8").catch(() => undefined)));
  const index = files.findIndex((text) => text !== undefined);
  if (index < 0) throw new Error(`There are no declarations of ${name}`);
  await cp(join(sources[index], `${name}.d.ts`), join(target, `${name}.d.ts`));
  for (const path of importsOf(files[index])) await copy(join(dirname(name), path), sources, target, copied);
}

/** Writes the declarations into the folder `types` of a package. What no entry needs is left out. */
export async function writeTypes(folder) {
  const target = join(folder, "types");
  const emitted = await mkdtemp(join(tmpdir(), "airalo-balance-types-"));
  try {
    const { succeeded, messages } = runTypeScript("--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", emitted);
    if (!succeeded) throw new Error(`TypeScript refuses the class:\n${messages}`);
    const copied = new Set();
    for (const entry of ENTRIES) await copy(entry, [www, emitted], target, copied);
    // TypeScript wants declarations of a stylesheet that a program imports, too.
    await writeFile(join(target, "css.d.ts"), "export {};\n");
  } finally {
    await rm(emitted, { recursive: true });
  }
}
