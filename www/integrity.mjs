// The hashes by which a page pins the files of the card.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The entry for pages that pin what they load. */
export const PINNED_ENTRY = "airalo-balance-pinned.js";

/** A hash as the attribute `integrity` has it. */
export const integrityOf = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/**
 * Writes `integrity.json`: the hash of every file that a page may load for the card, by its path.
 * `names` are the files beside the folders `card` and `words`. Returns the hashes.
 */
export async function writeIntegrity(folder, names) {
  const entries = await readdir(folder, { recursive: true });
  const isLoaded = (path) => names.includes(path) || /^(card|words)\/.*\.(js|wasm)$/.test(path);
  const paths = entries.map((path) => path.replaceAll("\\", "/")).filter(isLoaded).sort();
  const hashes = {};
  for (const path of paths) hashes[path] = integrityOf(await readFile(join(folder, path)));
  await writeFile(join(folder, "integrity.json"), `${JSON.stringify(hashes, null, 2)}\n`);
  return hashes;
}
