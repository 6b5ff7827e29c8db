// The manifest of the element, `custom-elements.json`: what editors and catalogues show of it.
//
// The analyzer reads the class and the functions. The attributes, which the class defines in a loop,
// and the types of events come from `types.d.ts`, the defaults from `attributes.js`.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create, ts } from "@custom-elements-manifest/analyzer";
import { DEFAULTS } from "./element/attributes.js";

/** The first version of the schema that has custom states. */
const SCHEMA_VERSION = "2.1.0";

/** The module of the class exports from these. */
const SOURCES = ["element.js", "define.js", "configure.js"];
const ENTRY = "airalo-balance-element.js";

const ELEMENT_MODULE = "element.js";
const REGISTERING_MODULE = "index.js";

const kebabCase = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function parse(name) {
  const text = await readFile(new URL(`element/${name}`, import.meta.url), "utf8");
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

/** The members of an interface: name, type and description of each. Of a pair of accessors, the getter. */
function membersOf(source, interfaceName) {
  const declaration = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === interfaceName);
  const members = declaration.members.filter((member) => !ts.isSetAccessor(member));
  return members.map((member) => ({
    name: member.name.text,
    type: { text: member.type.getText(source) },
    description: ts.getTextOfJSDocComment(member.jsDoc?.at(-1)?.comment)?.replaceAll("\n", " "),
  }));
}

/** The text of an initial value as in a source; none for an empty one. */
const defaultOf = (attribute) => (DEFAULTS[attribute] === "" ? undefined : JSON.stringify(DEFAULTS[attribute]));

const attribute = ({ name, type, description }) => ({
  name: kebabCase(name),
  fieldName: name,
  type,
  description,
  default: defaultOf(kebabCase(name)),
});

const field = ({ name, type, description }) => ({
  kind: "field",
  name,
  type,
  description,
  default: defaultOf(kebabCase(name)),
  attribute: kebabCase(name),
  reflects: true,
});

/** The analyzer gives an accessor a result like that of a method, and a constant of the build its name for a value. */
const corrected = ({ return: result, parameters, ...member }) =>
  member.kind === "field"
    ? { ...member, type: member.type ?? result?.type, default: member.static ? undefined : member.default }
    : { ...member, return: result, parameters };

const isPublic = ({ name, privacy }) => privacy !== "private" && !/^#|Callback$|^observedAttributes$/.test(name);

/** The declaration of the class with what the analyzer cannot see. */
function complete(declaration, types) {
  const properties = membersOf(types, "CardProperties");
  const events = membersOf(types, "AiraloBalanceEventMap");
  const own = declaration.members.filter(isPublic).map(corrected);
  return {
    ...declaration,
    superclass: { name: "HTMLElement" },
    members: [...properties.map(field), ...own],
    attributes: properties.map(attribute),
    events,
  };
}

/** The manifest of the package. */
export async function manifest() {
  const types = await parse("types.d.ts");
  const modules = await Promise.all(SOURCES.map(parse));
  const analyzed = create({ modules }).modules;
  const names = (await parse(ENTRY)).statements.flatMap(({ exportClause }) => exportClause.elements.map(({ name }) => name.text));
  const exported = (module) => module.declarations.filter(({ name }) => names.includes(name));
  const declarations = analyzed.flatMap(exported).map((one) => (one.tagName ? complete(one, types) : one));
  const element = declarations.find(({ tagName }) => tagName);
  const reference = (name) => ({ name, module: ELEMENT_MODULE });
  return {
    schemaVersion: SCHEMA_VERSION,
    readme: "README.md",
    modules: [
      {
        kind: "javascript-module",
        path: ELEMENT_MODULE,
        declarations,
        exports: declarations.map(({ name }) => ({ kind: "js", name, declaration: reference(name) })),
      },
      {
        kind: "javascript-module",
        path: REGISTERING_MODULE,
        declarations: [],
        exports: [{ kind: "custom-element-definition", name: element.tagName, declaration: reference(element.name) }],
      },
    ],
  };
}

/** Writes it into the folder of a package. */
export async function writeManifest(folder) {
  await writeFile(join(folder, "custom-elements.json"), `${JSON.stringify(await manifest(), null, 2)}\n`);
}
