/* Settings in an address: what is written comes back, and what a link must not bring is left out. */

import assert from "node:assert/strict";
import test from "node:test";
import { textOf, valuesOf } from "../../gan_edu/widgets/kit/shared.js";

const USUAL = {
  ...{ d: -2, count: 60, order: "simultaneous", game: "two points", loud: false, far: null },
  ...{ start: [1, 1], picked: ["a", "b"] },
};
const RULES = {
  d: { least: -4, most: 4, whole: false, empty: false },
  count: { least: 1, most: 500, whole: true, empty: false },
  order: { of: ["simultaneous", "alternating"] },
  game: { of: ["two points", "a & b = c,d;e?ü"] },
  loud: { of: [false, true] },
  far: { least: -5, most: 5, whole: false, empty: true },
  start: { least: -3, most: 3, whole: false, empty: false },
  picked: { of: ["a", "b", "c, d", "e"], most: 3 },
};
const read = (/** @type {string} */ text) => valuesOf(text, USUAL, RULES);

test("only what is not as usual is written", () => {
  assert.equal(textOf(USUAL, USUAL), "");
  assert.equal(textOf({ ...USUAL, d: 0.1 + 0.2, loud: true }, USUAL), "d=0.3&loud=true");
  assert.equal(textOf({ ...USUAL, start: [0.5, -1], picked: ["e"] }, USUAL), "start=0.5,-1&picked=e");
});

test("what is written comes back", () => {
  const others = [
    { ...USUAL, d: 3.25, count: 7, order: "alternating", loud: true, far: 1.5 },
    { ...USUAL, game: "a & b = c,d;e?ü", start: [0.5, 0.5], picked: ["c, d", "a"] },
    { ...USUAL, picked: [] },
  ];
  for (const values of others) assert.deepEqual(read(textOf(values, USUAL)), values);
  const far = { ...USUAL, far: 2 };
  assert.deepEqual(valuesOf(textOf({ ...far, far: null }, far), far, RULES), { ...far, far: null });
  assert.match(textOf(others[1], USUAL), /^[\w.~%,=&!'()*-]*$/); // all that a page around it hands on
});

test("numbers are clamped, counts are whole", () => {
  assert.equal(read("d=99").d, 4);
  assert.equal(read("d=-Infinity").d, -4);
  assert.equal(read("count=7.6").count, 8);
  assert.deepEqual(read("start=9,-9").start, [3, -3]);
});

test("what no rule allows leaves the usual value", () => {
  const bad = ["d=", "d=NaN", "d=1e", "d=none", "d=1,2", "order=<script>", "order=constructor", "game=two points"];
  bad.push("loud=1", "start=1", "start=1,2,3", "start=1,x", "picked=a,z", "__proto__=1", "constructor=1", "tables=1");
  bad.push("d", "=", "&&&", "%", "d=%zz", `d=1${"0".repeat(2000)}`, `${"x".repeat(2000)}&d=1`);
  for (const text of bad) assert.deepEqual(read(text), USUAL, text);
  assert.deepEqual(read("picked=a,a,b,e,c%2C%20d").picked, ["a", "b", "e"]); // each once, and no more than fit
  assert.deepEqual(read("d=1&order=no&count=3"), { ...USUAL, d: 1, count: 3 });
});
