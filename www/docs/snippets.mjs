// Blocks of code that are taken from a file: ```html examples/hosts/react/index.html#card
//
// Behind the `#` is the name of a region, which lies in the file between the lines of two comments,
// `docs:card` and `docs:end`. Several regions of one name are joined with an empty line.

/** The source of a block, in the words behind its three backticks; null where it has none. */
export function sourceOf(info) {
  const [, path, region] = /^\S+ ([^\s#]+\.[^\s#]+)(?:#([\w-]+))?$/.exec(info ?? "") ?? [];
  return path === undefined ? null : { path, region };
}

/** Without the spaces with which all of its lines begin. */
function dedent(lines) {
  const depth = Math.min(...lines.filter((line) => line.trim()).map((line) => /^\s*/.exec(line)[0].length));
  return lines.map((line) => line.slice(depth)).join("\n");
}

const isMark = (line) => /(?:#|\/\/|\/\*|<!--|\{\/\*|--)\s*docs:[\w-]+/.test(line);

/** The lines of a region, or all of them but for the marks. */
export function extract(text, region) {
  const lines = text.replace(/\n+$/, "").split("\n");
  if (region === undefined) return lines.filter((line) => !isMark(line)).join("\n");
  const parts = [];
  let current;
  for (const line of lines) {
    if (new RegExp(`docs:${region}(?![\\w-])`).test(line)) parts.push((current = []));
    else if (line.includes("docs:end")) current = undefined;
    else if (!isMark(line)) current?.push(line);
  }
  if (parts.length === 0) throw new Error(`there is no region ${region}`);
  return parts.map(dedent).join("\n\n");
}

const BLOCK = /^```(?<info>[^\n`]+)\n(?<code>[^]*?)^```$/gm;

/** The blocks of a page that have a source, with what they hold and what they should. */
export async function blocksOf(markdown, read) {
  const found = [...markdown.matchAll(BLOCK)].map(({ groups }) => ({ ...groups, source: sourceOf(groups.info) }));
  return Promise.all(
    found
      .filter(({ source }) => source)
      .map(async ({ info, code, source }) => ({ info, code, wanted: `${extract(await read(source.path), source.region)}\n` })),
  );
}

/** The page with its blocks as their sources are now. */
export async function updateBlocks(markdown, read) {
  const wanted = new Map((await blocksOf(markdown, read)).map((block) => [block.info, block.wanted]));
  return markdown.replace(BLOCK, (block, info) => (wanted.has(info) ? `\`\`\`${info}\n${wanted.get(info)}\`\`\`` : block));
}
