/* How far a guess is off, as Python says it; and a curve that was drawn in some places only. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, placeOf, reading, valueAt } from "../../gan_edu/widgets/guess/compare.js";
import { brief } from "../../gan_edu/widgets/kit/numbers.js";
import { near, stored } from "./stored.mjs";

const { readings, texts } = stored("guess");

test("how far off a guess is", () => {
  for (const { asked, reading: wanted } of readings) {
    const found = reading(asked);
    assert.deepEqual([found.verdict, found.side], [wanted.verdict, wanted.side]);
    near([found.away, found.by], [wanted.away, wanted.by]);
  }
});

test("numbers are written as in Python", () => {
  for (const [x, text] of texts) assert.equal(brief(x), text);
});

test("a slider reaches both ends, in steps, and by powers in two digits", () => {
  assert.deepEqual(
    [0, 0.33, 1].map((place) => valueAt(place, 0, 10, false, 1)),
    [0, 3, 10],
  );
  assert.deepEqual(
    [0, 1 / 3, 0.51, 1].map((place) => valueAt(place, 1, 1000, true, 1)),
    [1, 10, 34, 1000],
  );
  for (const value of [1, 34, 1000]) assert.equal(valueAt(placeOf(value, 1, 1000, true), 1, 1000, true, 1), value);
});

test("a curve goes straight between what was drawn, and on level beyond", () => {
  assert.equal(completed([null, null]), null);
  assert.deepEqual(completed([null, 1, null, null, 4, null]), [1, 1, 2, 3, 4, 4]);
});
