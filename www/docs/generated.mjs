// What is made from the source: tables of the element from its manifest, of its messages from the English
// ones, and of the proxy's variables from the list that `--help` prints; and the type of the messages.
//
// In a page they stand between `<!-- generated: attributes -->` and `<!-- end -->`.

import { manifest } from "../manifest.mjs";

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ").trim();
const table = (header, rows) =>
  [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

const code = (text) => `\`${text}\``;

/** The values that an attribute may have. */
function values(name, { text }) {
  if (/-threshold$|-limit$/.test(name)) return "decimal";
  const words = [...text.matchAll(/"([^"]*)"/g)].map(([, word]) => code(word));
  if (words.length > 0) return words.join(" ");
  return text === "string" ? "text" : text;
}

/** Descriptions name attributes and values as code does. */
const sentence = (text) => text.replaceAll("<script", "`<script").replaceAll('json">', 'json">`');

const attributeRows = ({ attributes }) =>
  attributes.map(({ name, type, default: value, description }) => [
    code(name),
    values(name, type),
    value === undefined || value === "false" ? "" : code(JSON.parse(value)),
    sentence(description),
  ]);

const memberRows = (members) => members.map(({ name, description }) => [code(name), sentence(description)]);
const named = (entries) => entries.map(({ name, description }) => [code(name), sentence(description)]);

/** The call of a function or a method. */
const signature = ({ name, parameters = [] }) =>
  `${name}(${parameters.map((parameter) => `${parameter.name}${parameter.optional ? "?" : ""}`).join(", ")})`;

const tablesOfElement = {
  attributes: (element) => table(["attribute", "values", "default", "description"], attributeRows(element)),
  properties: (element) => {
    const ofAttributes = element.attributes.map(({ fieldName }) => fieldName);
    const own = element.members.filter((one) => one.kind === "field" && !one.static && !ofAttributes.includes(one.name));
    return table(["property", "type", "description"], own.map(({ name, type, description, readonly }) => [code(name), code(type.text), sentence(`${description}${readonly && !/read-only/i.test(description) ? " Read-only." : ""}`)]));
  },
  methods: (element) => {
    const methods = element.members.filter(({ kind }) => kind === "method");
    return table(["method", "description"], methods.map((method) => [code(signature(method)), sentence(method.description)]));
  },
  events: (element) =>
    table(["event", "`detail`", "description"], element.events.map(({ name, type, description }) => [code(name), code(/^CustomEvent<(.*)>$/s.exec(type.text)[1].replaceAll("readonly ", "")), sentence(description)])),
  parts: (element) => table(["part", "description"], named(element.cssParts)),
  states: (element) => table(["state", "description"], named(element.cssStates)),
  "custom-properties": (element) => table(
      ["custom property", "default", "description"],
      element.cssProperties.map(({ name, default: value, description }) => [code(name), value ? code(value) : "", sentence(description)]),
    ),
  slots: (element) => table(["slot", "description"], element.slots.map(({ name, description }) => [name ? code(name) : "none", sentence(description)])),
  functions: (element, declarations) => {
    const functions = declarations.filter(({ kind }) => kind === "function");
    return table(["export", "description"], [[code(element.name), "The class of the element, with its `version`."], ...functions.map((one) => [code(signature(one)), sentence(one.description)])]);
  },
};

/** The text of a literal in Rust, with its escapes and continued lines. */
const literal = (text) => text.replace(/\\\n\s*/g, "").replace(/\\(.)/g, "$1");

/** The text of a field of a variable, which is a literal. */
const field = (body, name) => literal(new RegExp(`\\b${name}:\\s*"((?:[^"\\\\]|\\\\[^])*)"`).exec(body)[1]);

/** The variables of the proxy, in the order of `--help`. */
export function variables(source) {
  const found = [...source.matchAll(/const (\w+): Variable = Variable \{([^]*?)\n\};/g)].map(([, constant, body]) => [
    constant,
    Object.fromEntries(["name", "default", "description", "expected"].map((name) => [name, field(body, name)])),
  ]);
  const byConstant = new Map(found);
  const order = /const ALL: &\[&Variable\] = &\[([^]*?)\];/.exec(source)[1];
  return [...order.matchAll(/&(\w+)/g)].map(([, constant]) => byConstant.get(constant));
}

/** What is written as code on the page: names of variables, addresses, options. */
const CODE = new RegExp(
  [
    /`[^`]*`/,
    /[a-z]+:\/\/[^\s,;)]*/,
    /\b\w+ <[^>]+>/,
    /[\w.]+@[\w.]+/,
    /--[a-z]+/,
    /(?<![\w/])\/[a-z]+(?:\/[a-z]+)*\b/,
    /\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+(?:=\w+)?\b|\bLISTEN\b|\bHISTORY\b/,
    /(?:\w+,)?\b[a-z]+_[a-z_:]+(?:=\w+)?\b/,
  ].map(({ source }) => source).join("|"),
  "g",
);
const asCode = (text) => text.replace(CODE, (match) => (match.startsWith("`") ? match : code(match)));

const variablesTable = (source) =>
  table(
    ["variable", "default", "description"],
    variables(source).map(({ name, default: value, description, expected }) => [
      code(name),
      value && code(value),
      `${asCode(description)}.${expected && ` Must be ${asCode(expected)}.`}`,
    ]),
  );

/** The messages of the card: their keys and the English text, in the order of `src/model/text.rs`. */
export const messages = (source) =>
  [...source.matchAll(/^ {4}\w+ = "([a-z-]+)", "((?:[^"\\]|\\[^])*)";$/gm)].map(([, key, english]) => [key, literal(english)]);

const messagesTable = (source) => table(["key", "in English"], messages(source).map(([key, english]) => [code(key), english]));

/** The tables that are not made from the manifest, each with its source. */
const OTHERS = {
  variables: ["proxy/src/config/variables.rs", variablesTable],
  messages: ["src/model/text.rs", messagesTable],
};

const REGION = /(<!-- generated: ([a-z-]+) -->\n)[^]*?(<!-- end -->)/g;

/** The page with its tables as the source has them now. */
export async function updateTables(markdown, read) {
  const found = [...markdown.matchAll(REGION)].map(([, , name]) => name);
  if (found.length === 0) return markdown;
  const { declarations } = (await manifest()).modules[0];
  const element = declarations.find(({ customElement }) => customElement);
  const tables = new Map();
  for (const name of found) {
    const [file, make] = OTHERS[name] ?? [];
    const text = file ? make(await read(file)) : tablesOfElement[name]?.(element, declarations);
    if (text === undefined) throw new Error(`nothing makes the table ${name}`);
    tables.set(name, text);
  }
  return markdown.replace(REGION, (region, start, name, end) => `${start}${tables.get(name)}\n${end}`);
}

const MESSAGE_TYPES = /^export type Messages = \{\n[^]*?^\};$/m;

/** The declarations in which editors show the English text of each message. */
export function updateMessageTypes(declarations, source) {
  const members = messages(source).map(([key, english]) => `  /** “${english}” */\n  readonly ${/-/.test(key) ? `"${key}"` : key}?: string;\n`);
  return declarations.replace(MESSAGE_TYPES, () => `export type Messages = {\n${members.join("")}};`);
}
