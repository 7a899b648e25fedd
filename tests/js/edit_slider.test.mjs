/* The strengths of a direction and what was measured there, as a plot takes them. */

import assert from "node:assert/strict";
import test from "node:test";
import { axisOf, digitsOf, meanOf, nearestTo, rangeOf } from "../../gan_edu/widgets/edit_slider/steps.js";

const direction = { name: "width", strengths: [-2, 0, 2], mean: [1, 3, 4], low: [0, 2, 4], high: [2, 5, 4] };

test("the nearest strength, of two equally near the first", () => {
  assert.equal(nearestTo([-2, 0, 2], -1.2), 0);
  assert.equal(nearestTo([-2, 0, 2], -1), 0);
  assert.equal(nearestTo([-2, 0, 2], 0.9), 1);
  assert.equal(nearestTo([-2, 0, 2], 99), 2);
});

test("a line through the means, and the rim of the range", () => {
  assert.deepEqual(meanOf(direction), [
    [-2, 1],
    [0, 3],
    [2, 4],
  ]);
  assert.deepEqual(rangeOf(direction), [
    [-2, 2],
    [0, 5],
    [2, 4],
    [2, 4],
    [0, 2],
    [-2, 0],
  ]);
});

test("the axis holds all that was measured, also where all is alike", () => {
  assert.deepEqual(axisOf(direction), [-0.5, 5.5]);
  for (const value of [0, 3]) {
    const [low, high] = axisOf({ ...direction, low: [value], high: [value] });
    assert.ok(low < value && value < high);
  }
});

test("as many digits as tell strengths apart", () => {
  assert.equal(digitsOf([-2, 0, 2]), 0);
  assert.equal(digitsOf([-0.5, 0, 0.5]), 1);
  assert.equal(digitsOf([0, 0.25, 0.5]), 2);
  assert.equal(digitsOf([0, 1e-9]), 4);
});
