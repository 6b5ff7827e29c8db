// The documentation as files, with every file that it leads to and what these need: `node www/docs-zip.mjs`, which
// `cargo xtask package` calls. It writes `pkg/airalo-balance-docs.zip`, for partners without the project.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pages, renderSite } from "./docs.mjs";
import { readVersion } from "./bundle.mjs";
import { writeZip } from "./zip.mjs";

const project = fileURLToPath(new URL("..", import.meta.url));
const [out = join(project, "pkg")] = process.argv.slice(2);

const texts = (await pages()).map(({ file }) => file);
const { files } = await renderSite(await readVersion());
const contents = {};
for (const name of [...new Set([...texts, ...files, "LICENSE-APACHE", "LICENSE-MIT"])].sort()) {
  contents[`airalo-balance-docs/${name}`] = await readFile(join(project, name));
}
console.log(await writeZip(out, "airalo-balance-docs.zip", contents));
