import assert from "node:assert/strict";
import { test } from "node:test";

import { median, ratio, rotated, shuffled, spread } from "./numbers.mjs";

test("the median is the middle by size, whatever the order", () => {
  assert.equal(median([10, 9, 100]), 10);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

test("the spread holds the outliers that the median ignores", () => {
  assert.deepEqual(spread([5, 900, 4]), { median: 5, low: 4, high: 900 });
});

test("a ratio compares medians and not the order of the runs", () => {
  assert.equal(ratio([1, 2, 300], [4, 4, 4]), 0.5);
});

test("shuffling loses nothing, repeats nothing and leaves the original alone", () => {
  const items = [1, 2, 3, 4, 5];
  for (const random of [() => 0, () => 0.999999, Math.random]) {
    assert.deepEqual(shuffled(items, random).sort(), [1, 2, 3, 4, 5]);
  }
  assert.deepEqual(items, [1, 2, 3, 4, 5]);
});

test("rotating goes round and round", () => {
  assert.deepEqual(rotated([1, 2, 3], 4), [2, 3, 1]);
  assert.deepEqual(rotated([1, 2, 3], 0), [1, 2, 3]);
});
