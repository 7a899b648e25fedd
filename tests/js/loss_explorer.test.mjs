/* The loss explorer's table, held to what Python computes (tests/unit/test_js_values_loss_explorer.py), and its places. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, axisRange, freest, stretches } from "../../gan_edu/widgets/loss_explorer/places.js";
import { LossTable } from "../../gan_edu/widgets/loss_explorer/table.js";
import { near, stored } from "./stored.mjs";

const python = stored("loss_explorer");
const table = new LossTable(python.spec, Float32Array.from(python.table));

for (const [row, name] of python.spec.names.entries()) {
  for (const term of python.spec.terms)
    test(`${name}, ${term}: value and slope between the logits of the table`, () => {
      const columns = table.columns("float64", row, term);
      for (const [k, l] of python.places.entries()) near(table.at(columns, l), python.at[name][term][k], 4e-3);
    });
  test(`${name}: gradient steps lead where Python's do`, () =>
    near(table.descend(table.columns("float64", row, "g"), -6, 0.3, 20), python.ways[name], 2e-3));
}

test("a value between two logits is far nearer than a straight line", () => {
  const columns = table.columns("float64", 0, "g");
  for (const [k, l] of python.places.entries())
    near([table.at(columns, l)[0]], [python.at["non-saturating"].g[k][0]], 2e-5);
});

/** What losses are called, and what they say of themselves. @param {string[]} names */
const named = (names) => ({
  titles: Object.fromEntries(names.map((name) => [name, `the ${name}`])),
  formulas: Object.fromEntries(names.map((name) => [name, /** @type {[string, null]} */ ([`L_D = ${name}`, null])])),
});

test("the bytes lie by type, row, term, value and slope", () => {
  const nodes = [0, 1, 2];
  const spec = {
    names: ["a", "b"],
    nodes,
    terms: ["real", "g"],
    types: ["float32", "float16"],
    textbook: { b: 2 },
    ...named(["a", "b"]),
  };
  const counted = new LossTable(
    spec,
    Float32Array.from({ length: 2 * 3 * 2 * 2 * 3 }, (_, k) => k),
  );
  const [values, slopes] = counted.columns("float16", 1, "g");
  assert.deepEqual([...values, ...slopes], [54, 55, 56, 57, 58, 59]);
  const [a, b] = counted.curves(["a", "b"], "float32", "real");
  assert.equal(a.textbook, null);
  assert.deepEqual([a.name, a.formula, counted.curves(["a"], "float32", "g")[0].formula], ["the a", "L_D = a", ""]);
  assert.deepEqual([...(b.textbook?.[1] ?? [])], [27, 28, 29]);
});

test("at a logit of the table stands Python's own number, and steps end where there is none", () => {
  const spec = { names: ["a"], nodes: [-1, 0, 1], terms: ["g"], types: ["float32"], textbook: {}, ...named(["a"]) };
  const lost = new LossTable(spec, Float32Array.from([5, 6, Number.POSITIVE_INFINITY, -1, -1, Number.NaN]));
  const columns = lost.columns("float32", 0, "g");
  assert.deepEqual(lost.at(columns, 0), [6, -1]);
  assert.deepEqual(lost.at(columns, 1), [Number.POSITIVE_INFINITY, Number.NaN]);
  assert.deepEqual(lost.descend(columns, 0, 1, 10), [0, 1, Number.NaN]);
  assert.deepEqual(lost.inside(0.5), [1]);
});

test("the axis holds 0 and all values as far as its bound", () => {
  assert.deepEqual(axisRange([1, 4], 10), { low: -0.24, high: 4.24, cut: false });
  const { low, high, cut } = axisRange([-50, 2], 10);
  near([low, high], [-10.72, 2.72]);
  assert.ok(cut);
});

test("stretches are numbers without a gap", () =>
  assert.deepEqual(stretches([1, 2, 3, 7, 9, 10]), [
    [1, 3],
    [7, 7],
    [9, 10],
  ]));

test("words stand where no curve is near, and at the first of equal places", () => {
  assert.equal(freest([10, 50, 90], [12, 80]), 50);
  assert.equal(freest([10, 50, 90], [200]), 10);
  assert.equal(freest([10, 20], [14]), 10); // a line of words stands above its height
});

test("letters keep their order, their distance and the bottom", () => {
  assert.deepEqual(apart([40, 41, 10], 100), [40, 52, 10]);
  assert.deepEqual(apart([98, 99, 97], 100), [88, 100, 76]);
});
