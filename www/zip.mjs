// An archive that is the same for the same files.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";

/** Writes an archive of `contents`, bytes by their paths, and returns its own path. */
export async function writeZip(folder, name, contents) {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, zipSync(contents, { level: 9, mtime: "2020-01-01T00:00:00" }));
  return file;
}
