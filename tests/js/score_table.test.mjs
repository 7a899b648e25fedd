/* The score table's orders and axes, held to what Python computes (tests/unit/test_js_values_score_table.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { arranged, carriedOver, isBestHigh } from "../../gan_edu/widgets/score_table/order.js";
import { axisOf, roomyTicks } from "../../gan_edu/widgets/score_table/scores_axis.js";
import { near, stored } from "./stored.mjs";

const python = stored("score_table");
const { "By hand": sheet, Other: other } = python.tables;

for (const [wish, names] of python.orders)
  test(`the order of ${JSON.stringify(wish)}`, () =>
    assert.deepEqual(
      arranged(sheet, wish).map(({ name }) => name),
      names,
    ));

test("what has no number to sort by comes last, both ways", () => {
  const lost = structuredClone(sheet);
  lost.rows[1].cells.fid.median = null;
  for (const descending of [false, true]) {
    const rows = arranged(lost, { sort: "fid", descending, query: "", hidden: [] });
    assert.equal(rows[rows.length - 1].name, "good");
  }
});

test("another table takes over what it has", () => {
  for (const [sort, found] of Object.entries(python.turned)) {
    const now = { column: "modes", sort, descending: true, selected: "bad" };
    assert.deepEqual({ sort, descending: true, ...carriedOver(other, now) }, found);
  }
  assert.deepEqual(carriedOver(sheet, { column: "fid", sort: "steps", selected: "two" }), {
    column: "fid",
    selected: "two",
  });
});

test("the best come first downwards only where higher is better", () =>
  assert.deepEqual(
    ["fid", "modes", "steps", "title"].map((sort) => isBestHigh(sheet, sort)),
    [false, true, false, false],
  ));

test("values stand on a logarithmic axis where Python has them, with round ticks", () => {
  const axis = axisOf(
    python.logarithmic.map((/** @type {[number, number]} */ [value]) => value),
    true,
  );
  for (const [value, place] of python.logarithmic) near([axis.place(value)], [place]);
  assert.deepEqual(axis.ticks, [1, 3, 10, 30, 100]);
});

test("on a logarithmic axis 0 has a place and a tick of its own", () => {
  const { place, ticks } = axisOf([0, 1, 10], true);
  assert.equal(place(0), 0.02);
  assert.ok(place(1) > 0.07 && place(10) < 1);
  assert.deepEqual(ticks, [0, 1, 2, 5, 10]);
});

test("a short logarithmic axis has even ticks, a long one powers of ten", () => {
  assert.deepEqual(axisOf([41, 69], true).ticks, [50, 60, 70]);
  assert.deepEqual(axisOf([0.001, 1000], true).ticks, [0.001, 0.01, 0.1, 1, 10, 100, 1000]);
});

test("a plain axis has room at both ends, also round a single value and round none", () => {
  const axis = axisOf([0, 10, -10], false);
  near([axis.place(-10), axis.place(0), axis.place(10)], [0.8 / 21.6, 0.5, 20.8 / 21.6]);
  assert.deepEqual(axis.ticks, [-10, -5, 0, 5, 10]);
  near([7, 7.35].map(axisOf([7], false).place), [0.5, 1]);
  near([0, 1].map(axisOf([0], false).place), [0.5, 1]);
  near([axisOf([], false).place(0)], [0.04 / 1.08]);
  near([axisOf([0, 10], true).place(0), axisOf([0], true).place(0)], [0.02, 0.5]);
});

test("ticks that stand too close to the last are left out", () => {
  const axis = { place: (/** @type {number} */ t) => t / 10, ticks: [0, 1, 2, 3, 4] };
  assert.deepEqual(roomyTicks(axis, 0.15), [0, 2, 4]);
});
