// `SHA256SUMS` of everything in a folder: `node www/sums.mjs pkg`, for `sha256sum --check`.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const NAME = "SHA256SUMS";

/** Writes the sums, sorted by name. */
export async function writeSums(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
  const names = files.map((file) => file.replaceAll("\\", "/")).filter((name) => name !== NAME).sort();
  const lines = [];
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    lines.push(`${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
  }
  await writeFile(join(folder, NAME), lines.join(""));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await writeSums(process.argv[2]);
