// The class of the element reads an attribute as the card does (`tests/attributes.rs`).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { camelCase, decimal, defineProperties, isHttp, keyword, trimmed } from "./element/attributes.js";

const rows = JSON.parse(readFileSync(new URL("../tests/attributes.json", import.meta.url)));

/** An element with one attribute. */
function elementWith(name, value) {
  class Element {
    attributes = value === null ? {} : { [name]: value };
    getAttribute = (name) => this.attributes[name] ?? null;
    setAttribute = (name, value) => void (this.attributes[name] = value);
    removeAttribute = (name) => void delete this.attributes[name];
  }
  defineProperties(Element);
  return new Element();
}

/** A decimal in the notation of the table, from units of 10⁻¹⁸. */
function notation(units) {
  const digits = String(units < 0n ? -units : units).padStart(19, "0");
  const fraction = digits.slice(-18).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -18)}${fraction && "."}${fraction}`;
}

/** What the class makes of an attribute, in the form of the table. */
function meaning(attribute, value) {
  const property = elementWith(attribute, value)[camelCase(attribute)];
  if (attribute.endsWith("-threshold")) {
    const units = decimal(property);
    return units === undefined ? null : notation(units);
  }
  if (attribute === "proxy-url") return (isHttp(trimmed(property)) && trimmed(property)) || null;
  if (attribute === "credentials") return keyword(["same-origin", "include", "omit"], property);
  // The card has no such thing as zero days.
  if (attribute.endsWith("-days")) return property || null;
  if (attribute === "history-url") return (isHttp(trimmed(property)) && trimmed(property)) || null;
  return property;
}

test("the class reads attributes as the table says", () => {
  for (const { attribute, value, means } of rows) {
    assert.deepEqual(meaning(attribute, value), means, `${attribute}=${JSON.stringify(value)}`);
  }
});

test("a boolean property writes what it is read as", () => {
  for (const before of [null, "", "true", "false"]) {
    for (const [written, read] of [[true, true], [false, false], ["false", false], ["", false], ["true", true], [null, false]]) {
      const element = elementWith("no-refresh", before);
      element.noRefresh = written;
      assert.equal(element.noRefresh, read, `${before} then ${JSON.stringify(written)}`);
    }
  }
});

test("a property by the name of the attribute is the attribute, as Angular's [low-threshold] writes it", () => {
  const element = elementWith("low-threshold", null);
  element["low-threshold"] = 200;
  assert.equal(element.attributes["low-threshold"], "200");
  assert.equal(element["low-threshold"], "200");
  // What Preact writes for a value that has become undefined.
  element["low-threshold"] = "";
  assert.equal(element.attributes["low-threshold"], undefined);
  assert.ok(!Object.keys(Object.getPrototypeOf(element)).some((name) => name.includes("-")));
});

// React 19 writes "" for true there, Preact for what has become undefined.
test("booleans have no such property, so frameworks write the attribute", () => {
  const element = elementWith("no-refresh", null);
  for (const name of ["no-refresh", "no-top-up", "no-trend"]) assert.ok(!(name in element), name);
});
