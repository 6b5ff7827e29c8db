// The types of the packed file, as projects without a framework and with each of them see it. Whatever
// has to be refused is marked in the projects, and an error that does not come is an error too.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

// The copy of this folder in which the package is installed.
const project = fileURLToPath(new URL(".", import.meta.url));
const packed = process.env.AIRALO_PACKAGE;

/** Runs a program of the project. */
function run(program, ...args) {
  const options = { cwd: project, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, "node_modules", program), ...args], options);
  return { succeeded: status === 0, output: stdout + stderr };
}

function accepts({ succeeded, output }) {
  assert.ok(succeeded, output);
}

for (const folder of ["vanilla", "react", "preact"]) {
  // The oldest that the frameworks here support, and the newest.
  for (const compiler of ["typescript", "typescript-7"]) {
    test(`${compiler} accepts the project ${folder}`, () => accepts(run(`${compiler}/bin/tsc`, "-p", folder)));
  }
}

test("vue-tsc accepts the project vue", () => accepts(run("vue-tsc/bin/vue-tsc.js", "-p", "vue")));

test("svelte-check accepts the project svelte", () =>
  accepts(run("svelte-check/bin/svelte-check", "--workspace", "svelte", "--tsconfig", "./tsconfig.json", "--fail-on-warnings")));

const NGC = "@angular/compiler-cli/bundles/src/bin/ngc.js";

test("Angular accepts the project angular", () => accepts(run(NGC, "-p", "angular")));

test("Angular refuses what the detail of an event does not have", () => {
  const { succeeded, output } = run(NGC, "-p", "angular/refused");
  assert.ok(!succeeded);
  assert.match(output, /Property 'code' does not exist on type '\{ readonly level: Level; readonly previous: Level; \}'/);
});

test("publint finds nothing", async () => {
  const pkgDir = join(project, "node_modules/airalo-balance");
  const { messages, pkg } = await publint({ pkgDir, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("arethetypeswrong finds nothing", () => {
  accepts(run("@arethetypeswrong/cli/dist/index.js", packed, "--profile", "esm-only", "--no-emoji"));
});

test("no declaration is empty", () => {
  const types = readdirSync(join(project, "node_modules/airalo-balance/types"), { recursive: true });
  assert.ok(types.filter((name) => name.endsWith(".d.ts")).length > 10);
});
