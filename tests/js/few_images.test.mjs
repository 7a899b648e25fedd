/* Few images: cells, ways over steps and images, axes, bands, ticks, words. */

import assert from "node:assert/strict";
import test from "node:test";
import {
  acrossOf,
  axisOf,
  floorOf,
  rimOf,
  scoreText,
  shareText,
  shownOf,
  sparse,
  wayOf,
} from "../../gan_edu/widgets/few_images/cells.js";

/** @typedef {import("../../gan_edu/widgets/few_images/cells.js").Band} Band */
/** @typedef {import("../../gan_edu/widgets/few_images/cells.js").Board} Board */

/** @param {number} median @returns {Band} */
const band = (median) => [median, median / 2, median * 2];
/** A cell whose numbers tell where it stands: 100 × method + 10 × row + column + 1. @param {number} method @param {number} row */
const cell = (method, row) => ({
  score: [0, 1].map((column) => band(100 * method + 10 * row + column + 1)),
  copied: [0, 1].map((column) => band((4 * method + 2 * row + column) / 20)),
  samples: [
    [0, 1],
    [2, 3],
  ],
  nearest: [
    [4, 5],
    [6, 7],
  ],
  distances: [
    [0.1, 0.2],
    [0.2, 0.3],
  ],
});
/** @type {Board} */
const board = {
  ...{ images: [10, 100], looks: [500, 2000], seeds: [1], methods: [] },
  score: { label: "KID", lower: true, floor: 0.5 },
  copy: { label: "far", below: [0.2, 0.25], floor: [0.01, 0.03], digits: 2 },
  cells: [0, 1].map((method) => [0, 1].map((row) => cell(method, row))),
  tile: { columns: 8, rows: 1, frame_width: 28, frame_height: 28 },
};

test("what stands where the sliders do, and what of it is a copy", () => {
  const found = shownOf(board, 1, { row: 0, column: 1 });
  assert.deepEqual(found.score, band(102));
  assert.deepEqual(
    [found.samples, found.nearest],
    [
      [2, 3],
      [6, 7],
    ],
  );
  assert.deepEqual(found.copies, [false, false]); // 0.2 is not below 0.2
  assert.deepEqual(shownOf(board, 0, { row: 1, column: 1 }).copies, [true, false]);
  assert.deepEqual(shownOf(board, 0, { row: 0, column: 0 }).copies, [true, false]);
});

test("a way goes over the looks of so many images, or over the images at a look", () => {
  const at = { row: 1, column: 0 };
  const medians = (/** @type {Band[]} */ way) => way.map(([median]) => median);
  assert.deepEqual(medians(wayOf(board, 1, "score", "looks", at)), [111, 112]);
  assert.deepEqual(medians(wayOf(board, 1, "score", "images", at)), [101, 111]);
  assert.deepEqual(medians(wayOf(board, 1, "copied", "images", at)), [0.2, 0.3]);
  assert.deepEqual(acrossOf(board, "looks"), [500, 2000]);
  assert.deepEqual(acrossOf(board, "images"), [1, 2]);
});

test("unseen images: one score, and a share for each number of images", () => {
  const at = { row: 1, column: 0 };
  assert.deepEqual(floorOf(board, "score", "looks", at), [0.5, 0.5]);
  assert.deepEqual(floorOf(board, "copied", "looks", at), [0.03, 0.03]);
  assert.deepEqual(floorOf(board, "copied", "images", at), [0.01, 0.03]);
  const bare = { ...board, score: { ...board.score, floor: null }, copy: { ...board.copy, floor: null } };
  assert.deepEqual([floorOf(bare, "score", "looks", at), floorOf(bare, "copied", "images", at)], [[], []]);
});

test("a band's rim goes over its highest and back over its lowest", () => {
  const rim = rimOf([1, 2], [band(4), band(6)], (value) => -value);
  assert.deepEqual(rim, [
    [1, -8],
    [2, -12],
    [2, -3],
    [1, -2],
  ]);
});

test("shares go from 0 to 1, and scores that differ much by powers of ten", () => {
  const shares = axisOf(board, "copied");
  assert.deepEqual(
    [shares.ends, shares.to(0.3), shares.ticks.map(shares.text)],
    [[0, 1], 0.3, ["0 %", "50 %", "100 %"]],
  );
  const score = axisOf(board, "score"); // from 0.5 to 224
  assert.ok(score.ends[0] < Math.log10(0.5) && score.ends[1] > Math.log10(224) && score.to(100) === 2);
  assert.deepEqual(score.ticks.map(score.text), ["1", "10", "100"]);
  for (const tick of score.ticks) assert.ok(tick >= score.ends[0] && tick <= score.ends[1]);
});

/** A board of these scores. @param {...number} medians @returns {Board} */
const scored = (...medians) => ({
  ...board,
  score: { label: "s", lower: true, floor: null },
  cells: [[{ ...cell(0, 0), score: medians.map((m) => /** @type {Band} */ ([m, m, m])) }]],
});

test("scores that differ little, or that are not above 0, have an even axis", () => {
  const even = axisOf(scored(1, 3), "score");
  assert.deepEqual([even.to(2), even.ticks], [2, []]);
  assert.ok(Math.abs(even.ends[0] - 0.88) < 1e-9 && Math.abs(even.ends[1] - 3.12) < 1e-9);
  assert.equal(axisOf(scored(-0.1, 50), "score").to(7), 7);
  const [low, high] = axisOf(scored(0, 0), "score").ends;
  assert.ok(low < 0 && high > 0);
  const few = axisOf(scored(0.02, 0.5), "score");
  assert.deepEqual(few.ticks.map(few.text), ["0.02", "0.05", "0.1", "0.2", "0.5"]);
});

test("numbers of an axis stand apart, and the last one stays", () => {
  assert.deepEqual(
    sparse([1, 2, 3, 10], (t) => 10 * t, 20),
    [1, 3, 10],
  );
  assert.deepEqual(sparse([1, 2], Number, 20), [2]);
  assert.deepEqual(sparse([], Number, 20), []);
});

test("three digits of a score count, in whole per cent a share", () => {
  assert.deepEqual(scoreText([42, 33.61, 54.6]), { median: "42.0", low: "33.6", high: "54.6" });
  assert.deepEqual(scoreText([0.0123, 0.01, 0.02]), { median: "0.0123", low: "0.0100", high: "0.0200" });
  assert.deepEqual(scoreText([1234.5, -1, 2000]), { median: "1235", low: "−1", high: "2000" });
  assert.deepEqual(scoreText([0, 0, 0]), { median: "0", low: "0", high: "0" });
  assert.deepEqual(shareText([0.625, 0, 1]), { copied: "63", least: "0", most: "100" });
});
