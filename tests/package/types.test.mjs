// The types of the package, as projects without a framework and with each of them see them. Whatever
// has to be refused is marked in the projects, and an error that does not come is an error too.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { install, run } from "./project.mjs";

let folder;
before(async () => {
  folder = await install("types");
});

/** Runs a program of the project, which fails where it finds something wrong. */
const check = (program, ...values) => run(folder, process.execPath, join("node_modules", program), ...values);

for (const project of ["vanilla", "react", "preact"]) {
  // The oldest that the frameworks here support, and the newest.
  for (const compiler of ["typescript", "typescript-7"]) {
    test(`${compiler} accepts the project ${project}`, () => check(`${compiler}/bin/tsc`, "-p", project));
  }
}

test("vue-tsc accepts the project vue", () => check("vue-tsc/bin/vue-tsc.js", "-p", "vue"));

test("svelte-check accepts the project svelte", () =>
  check("svelte-check/bin/svelte-check", "--workspace", "svelte", "--tsconfig", "./tsconfig.json", "--fail-on-warnings"));

const NGC = "@angular/compiler-cli/bundles/src/bin/ngc.js";

test("Angular accepts the project angular", () => check(NGC, "-p", "angular"));

test("Angular refuses what the detail of an event does not have", async () => {
  await assert.rejects(check(NGC, "-p", "angular/refused"), /Property 'code' does not exist on type '\{ readonly level: Level; readonly previous: Level; \}'/);
});
