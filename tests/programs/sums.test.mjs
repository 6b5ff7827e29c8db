// SHA256SUMS, by the tool that partners check it with.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { programs, run } from "./support.mjs";

test("sha256sum finds every file as the sums have it, and no file is without one", async () => {
  await run("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: programs });
  const lines = (await readFile(join(programs, "SHA256SUMS"), "utf8")).trimEnd().split("\n");
  const entries = await readdir(programs, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(programs, join(entry.parentPath ?? entry.path, entry.name)));
  assert.deepEqual(lines.map((line) => line.slice(66)).sort(), files.filter((file) => file !== "SHA256SUMS").sort());
});
