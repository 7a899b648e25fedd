/* Numbers as a reader wants them: as many digits as count, and plainly so where there is none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, decimals } from "../../gan_edu/widgets/kit/numbers.js";

for (const [x, text] of /** @type {[number, string][]} */ ([
  [0, "0"],
  [-0, "0"],
  [180.5, "180.5"],
  [-0.018149, "−0.01815"],
  [1.00004, "1"],
  [0.99996, "1"],
  [12345, "12350"],
  [0.001, "0.001"],
  [2.0612e-9, "2.06e−9"],
  [-123456, "−1.23e5"],
  [Number.POSITIVE_INFINITY, "∞"],
  [Number.NEGATIVE_INFINITY, "−∞"],
  [Number.NaN, "NaN"],
]))
  test(`${x} is ${text}`, () => assert.equal(brief(x), text));

test("digits after the point, of those that count", () =>
  assert.deepEqual(
    [0, 30, 0.5, 0.0123, 1234.5, 1e-7].map((x) => decimals(x)),
    [0, 0, 1, 4, 0, 7],
  ));
