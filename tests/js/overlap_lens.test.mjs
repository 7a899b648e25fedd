/* The overlap lens, held to torch's layers (tests/unit/test_js_values_overlap_lens.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  balanced,
  inside,
  letterOf,
  rowsOf,
  sums,
  traced,
  weightsOf,
} from "../../gan_edu/widgets/overlap_lens/math.js";
import { near, stored } from "./stored.mjs";

/** @typedef {import("../../gan_edu/widgets/overlap_lens/math.js").Setting} Setting */

const python = stored("overlap_lens");

/** @param {Partial<Setting>} more @returns {Setting} */
const setting = (more) => ({
  ...{ kind: "transposed", kernel: 3, stride: 2, padding: 0, inputs: 6, layers: 1, weighted: false },
  weights: python.weights,
  ...more,
});

/** @param {import("../../gan_edu/widgets/overlap_lens/math.js").Row[]} rows */
const last = (rows) => rows[rows.length - 1];

for (const { setting: told, count, values, ways, inside: ends } of python.told)
  test(`${Object.values(told).join(" ")}: values, ways and what is inside are torch's`, () => {
    const own = setting(told);
    const rows = rowsOf(own);
    assert.equal(last(rows).values.length, count);
    near(last(rows).values.slice(0, values.length), values);
    const seen = inside(own);
    near([seen.least, seen.most], ends);
    for (const output of values.keys()) {
      const [{ cells }] = traced(rows, output);
      const own = ways.map((/** @type {number[]} */ row) => row[output]);
      assert.deepEqual(
        Array.from(own, (_, i) => cells.get(i) ?? 0),
        own,
        `output ${output}`,
      );
    }
  });

test("what an output inside gets is the sum of the weights of its letter", () => {
  for (const kind of /** @type {const} */ (["transposed", "resize", "shuffle"]))
    for (const padding of [0, 1, 2, 3]) {
      const own = setting({ kind, padding, kernel: 5, stride: 3, inputs: 8, weighted: true });
      const { values } = last(rowsOf(own));
      const middle = [0, 1, 2].map((k) => Math.floor(values.length / 2) + k - 1);
      near(
        middle.map((output) => values[output]),
        middle.map((output) => sums(own)[letterOf(own, output)]),
      );
    }
});

test("a cell stands over the middle of what it writes, and a row's cells stand evenly", () => {
  for (const kind of /** @type {const} */ (["transposed", "resize", "shuffle"])) {
    const rows = rowsOf(setting({ kind, kernel: 5, stride: 3, padding: kind === "transposed" ? 0 : 2, layers: 2 }));
    for (const [k, { links, at, gap }] of rows.entries()) {
      if (!k) continue;
      const from = Math.floor(rows[k - 1].values.length / 2);
      const ends = links.filter((link) => link.from === from).map(({ to }) => at + gap * to);
      near([rows[k - 1].at + rows[k - 1].gap * from], [(Math.min(...ends) + Math.max(...ends)) / 2]);
    }
    assert.deepEqual([last(rows).at, last(rows).gap], [0, 1]);
  }
});

test("counts are even where the stride divides the kernel, and nowhere else", () => {
  for (let kernel = 1; kernel <= 7; kernel++)
    for (let stride = 1; stride <= 4; stride++)
      for (let layers = 1; layers <= 3; layers++)
        assert.equal(inside(setting({ kernel, stride, layers })).even, kernel % stride === 0, `${kernel} ${stride}`);
});

test("a resized row is even with any weights", () => {
  for (let kernel = 1; kernel <= 7; kernel++)
    assert.ok(inside(setting({ kind: "resize", kernel, layers: 3, weighted: true })).even);
});

test("balanced weights sum alike for each letter, are none but such as can be set, and keep their shape", () => {
  for (const kind of /** @type {const} */ (["transposed", "shuffle"]))
    for (const weights of [python.weights, [2, 0.1, 2, 0, 2, 0, 2], [0.05, 2, 0.05, 2, 0.05, 2, 0.05]])
      for (const stride of [2, 3]) {
        const own = setting({ kind, stride, kernel: 7, layers: 3, weighted: true, weights });
        if (sums(own).includes(0)) continue;
        const found = { ...own, weights: balanced(own) };
        assert.ok(inside(found).even, JSON.stringify(found.weights));
        assert.ok(found.weights.every((weight) => weight >= 0 && weight <= 2));
        const [a, b] = [weightsOf(own), weightsOf(found)];
        if (kind === "transposed") near([a[0] * b[stride]], [a[stride] * b[0]], 1e-3);
      }
});

test("where a letter has no weight there is nothing to balance", () => {
  const holes = setting({ kernel: 2, stride: 3, weighted: true });
  assert.deepEqual(balanced(holes), python.weights);
  assert.deepEqual(sums(holes), [0.25, 1.5, 0]);
});
