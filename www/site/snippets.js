// The lines that put a card with these attributes into a page, for each framework.
//
// Attributes are as in HTML, `{ "low-days": "7" }`; what is empty is left out before.

import { folder } from "./folder.js";

/** The attributes whose property is a number. */
const NUMBERS = ["refresh-interval", "request-timeout", "low-days", "critical-days"];

const camelCase = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
const snakeCase = (name) => name.replaceAll("-", "_");
const pascalCase = (word) => word[0].toUpperCase() + word.slice(1);

/** A tag on one line, or an attribute a line where that would be long. */
function tag(name, attributes, end, indent = "") {
  const inLine = [`<${name}`, ...attributes].join(" ") + end;
  if (attributes.length < 2) return inLine;
  return `<${name}${attributes.map((attribute) => `\n${indent}  ${attribute}`).join("")}\n${indent}${end.trimStart()}`;
}

const inHtml = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const htmlAttributes = (attributes) => Object.entries(attributes).map(([name, value]) => `${name}="${inHtml(value)}"`);

/** Text in JSX and Svelte, where braces and entities mean something. */
const inBraces = (text) => (/^[\w\s/.:#%?=-]*$/.test(text) ? `"${text}"` : `{${JSON.stringify(text)}}`);
const inMarkup = ([name, value]) => (NUMBERS.includes(name) ? `{${Number(value)}}` : inBraces(value));

function html(attributes) {
  return `<script type="module" src="${inHtml(folder)}airalo-balance.js"></script>

${tag("airalo-balance", htmlAttributes(attributes), "></airalo-balance>")}
`;
}

function react(attributes) {
  const props = Object.entries(attributes).map((entry) => `${camelCase(entry[0])}=${inMarkup(entry)}`);
  const element = tag("AiraloBalance", props, " />", "  ");
  return `import { AiraloBalance } from "airalo-balance/react";

export const Credit = () => ${element.includes("\n") ? `(\n  ${element}\n)` : element};
`;
}

function vue(attributes) {
  const entries = Object.entries(attributes);
  const written = entries.map(([name, value]) => (NUMBERS.includes(name) ? `:${name}="${Number(value)}"` : `${name}="${inHtml(value)}"`));
  return `<script setup lang="ts">
import "airalo-balance";
import type {} from "airalo-balance/types/vue";
</script>

<template>
  ${tag("airalo-balance", written, " />", "  ")}
</template>
`;
}

function svelte(attributes) {
  const written = Object.entries(attributes).map((entry) => `${entry[0]}=${inMarkup(entry)}`);
  return `<script lang="ts">
  import "airalo-balance";
  import type {} from "airalo-balance/types/svelte";
</script>

${tag("airalo-balance", written, "></airalo-balance>")}
`;
}

function angular(attributes) {
  // The template is in a literal of JavaScript.
  const escape = (text) => inHtml(text).replace(/[\\`$]/g, "\\$&");
  const inQuotes = (text) => `'${text.replace(/[\\']/g, "\\$&")}'`;
  // Two braces in an attribute are an expression, whatever they are written as. In a bound text they are none.
  const attribute = ([name, value]) =>
    value.includes("{{") ? `[${camelCase(name)}]="${escape(inQuotes(value))}"` : `${name}="${escape(value)}"`;
  const written = Object.entries(attributes).map(attribute);
  return `import { Component, CUSTOM_ELEMENTS_SCHEMA } from "@angular/core";
import "airalo-balance";

@Component({
  selector: "partner-credit",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`
    ${tag("airalo-balance", written, " />", "    ")}
  \`,
})
export class Credit {}
`;
}

/** What is one of a few is a value of an enum, and a language its words. */
function rustValue([name, value]) {
  if (NUMBERS.includes(name)) return Number(value);
  if (name === "theme" || name === "variant") return `{${pascalCase(name)}::${pascalCase(value)}}`;
  if (name === "words") return `{Words::${value.replace("-", "_").toUpperCase()}}`;
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

function yew({ locale, ...others }) {
  const language = !locale || locale === "en" ? {} : { words: locale };
  const attributes = { ...others, ...language };
  const types = ["Theme", "Variant", "Words"].filter((type) => type.toLowerCase() in attributes);
  const used = types.length > 0 ? `{BalanceCard, ${types.join(", ")}}` : "BalanceCard";
  const props = Object.entries(attributes).map((entry) => `${snakeCase(entry[0])}=${rustValue(entry)}`);
  return `use airalo_balance::${used};
use yew::prelude::*;

#[component]
fn Credit() -> Html {
    html! {
        ${tag("BalanceCard", props, " />", "        ").replaceAll("\n          ", "\n            ")}
    }
}
`;
}

/** The name of each framework, and what makes its lines from attributes. */
export const FRAMEWORKS = { HTML: html, React: react, Vue: vue, Svelte: svelte, Angular: angular, yew };

/** The rule of a stylesheet with these custom properties; empty where there are none. */
export function stylesheet(framework, properties) {
  const lines = Object.entries(properties).map(([name, value]) => `  --airalo-balance-${name}: ${value};\n`);
  const element = framework === "yew" ? "airalo-balance-card" : "airalo-balance";
  return lines.length > 0 ? `${element} {\n${lines.join("")}}\n` : "";
}
