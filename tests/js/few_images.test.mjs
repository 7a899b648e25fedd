/* Few images: cells, ways over steps and images, axes, bands, ticks, words. */

import assert from "node:assert/strict";
import test from "node:test";
import {
  acrossOf,
  axisOf,
  floorOf,
  holds,
  lettersOf,
  lineAt,
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

test("shares go from 0 as far as their bands, and scores that differ much by powers of ten", () => {
  const shares = axisOf(board, "copied"); // to 0.7
  assert.deepEqual([shares.to(0.3), shares.ticks.map(shares.text)], [0.3, ["0 %", "50 %"]]);
  assert.ok(Math.abs(shares.ends[0] + 0.06 * 0.7) < 1e-9 && Math.abs(shares.ends[1] - 1.06 * 0.7) < 1e-9);
  const score = axisOf(board, "score"); // from 0.5 to 224
  const room = 0.06 * Math.log10(224 / 0.5);
  assert.ok(Math.abs(score.ends[0] - Math.log10(0.5) + room) < 1e-9 && score.to(100) === 2);
  assert.ok(Math.abs(score.ends[1] - Math.log10(224) - room) < 1e-9);
  assert.deepEqual(score.ticks.map(score.text), ["1", "10", "100"]);
  for (const tick of score.ticks) assert.ok(tick >= score.ends[0] && tick <= score.ends[1]);
});

/** A board of these shares. @param {...number} medians @returns {Board} */
const shared = (...medians) => ({
  ...board,
  cells: [[{ ...cell(0, 0), copied: medians.map((m) => /** @type {Band} */ ([m, m, m])) }]],
});

test("shares have few ticks, as many per cent apart as their highest asks for", () => {
  const ticks = (/** @type {number[]} */ ...medians) => {
    const axis = axisOf(shared(...medians), "copied");
    return axis.ticks.map(axis.text);
  };
  assert.deepEqual(ticks(0, 0.536), ["0 %", "20 %", "40 %"]);
  assert.deepEqual(ticks(0.2, 1), ["0 %", "50 %", "100 %"]);
  assert.deepEqual(ticks(0.6), ["0 %", "20 %", "40 %", "60 %"]);
  assert.deepEqual(ticks(0, 0), ["0 %", "1 %"]);
});

test("a floor has no part in the axis, and an axis holds what lies within it", () => {
  const far = { ...board, score: { ...board.score, floor: 0.001 } };
  assert.deepEqual(axisOf(far, "score").ends, axisOf(board, "score").ends);
  const axis = axisOf(board, "score");
  assert.deepEqual([holds(axis, [0.5, 200]), holds(axis, [0.001]), holds(axis, [1, 1000])], [true, false, false]);
  assert.equal(holds(axis, []), true);
});

test("the letters of two marks never lie on each other, and stay within the plot", () => {
  const lies = (/** @type {number[]} */ [a, b]) => [a, b].every((y) => y >= 29 && y <= 117) && Math.abs(a - b) >= 13;
  for (let a = 24; a <= 116; a += 4)
    for (let b = 24; b <= 116; b += 4) assert.ok(lies(lettersOf([a, b], 20, 120)), `${a} and ${b}`);
  assert.deepEqual(lettersOf([60, 64], 20, 120), [55, 77]); // the upper one's above it, the lower one's below
  assert.deepEqual(lettersOf([64, 60], 20, 120), [77, 55]);
  assert.deepEqual(lettersOf([114, 114], 20, 120), [96, 109]);
  assert.deepEqual([lettersOf([60], 20, 120), lettersOf([21], 20, 120), lettersOf([], 20, 120)], [[55], [29], []]);
});

test("a line is found by a place on it or next to it, the nearest one", () => {
  /** @type {import("../../gan_edu/widgets/few_images/cells.js").Place[][]} */
  const lines = [
    [
      [10, 0],
      [20, 100],
      [40, 100],
    ],
    [
      [10, 50],
      [20, 50],
      [40, 90],
    ],
  ];
  assert.equal(lineAt(lines, [15, 47], 8), 0);
  assert.equal(lineAt(lines, [15, 50], 8), 0); // on both: the first
  assert.equal(lineAt(lines, [30, 75], 8), 1);
  assert.equal(lineAt(lines, [40, 96], 8), 0);
  assert.deepEqual([lineAt(lines, [30, 40], 8), lineAt(lines, [5, 0], 8), lineAt(lines, [41, 90], 8)], [-1, -1, -1]);
  assert.equal(lineAt([], [0, 0], 8), -1);
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
  const fid = axisOf(scored(53.07, 839.5), "score");
  assert.deepEqual(fid.ticks.map(fid.text), ["60", "100", "200", "400", "600"]);
});

test("numbers of an axis stand apart by their words, and the last one stays", () => {
  /** @param {number} wide @returns {(tick: number) => [number, number]} */
  const words = (wide) => (t) => [10 * t - wide / 2, 10 * t + wide / 2];
  assert.deepEqual(sparse([1, 2, 3, 10], words(4), 9), [1, 3, 10]);
  assert.deepEqual(sparse([1, 2, 3, 10], words(4), 6), [1, 2, 3, 10]);
  assert.deepEqual(sparse([1, 2, 3, 10], words(90), 6), [10]);
  assert.deepEqual(sparse([], words(4), 9), []);
});

test("three digits of a score count, in whole per cent a share", () => {
  assert.deepEqual(scoreText([42, 33.61, 54.6]), { median: "42.0", low: "33.6", high: "54.6" });
  assert.deepEqual(scoreText([0.0123, 0.01, 0.02]), { median: "0.0123", low: "0.0100", high: "0.0200" });
  assert.deepEqual(scoreText([1234.5, -1, 2000]), { median: "1235", low: "−1", high: "2000" });
  assert.deepEqual(scoreText([0, 0, 0]), { median: "0", low: "0", high: "0" });
  assert.deepEqual(shareText([0.625, 0, 1]), { copied: "63", least: "0", most: "100" });
});
