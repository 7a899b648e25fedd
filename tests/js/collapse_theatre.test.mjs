/* The collapse theatre's reel: two recordings that are one run, and what is covered in it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isCovered, Reel } from "../../gan_edu/widgets/collapse_theatre/reel.js";

const stage = { title: "two", modes: ["a", "b"], fair: [0.5, 0.5] };
/** @param {...number} shares of the first mode */
const scored = (...shares) => shares.map((share) => ({ shares: [share, 1 - share] }));
/** @param {number[]} step @param {any[]} scores @param {import("../../gan_edu/widgets/collapse_theatre/reel.js").Event[]} log
 * @returns {import("../../gan_edu/widgets/collapse_theatre/reel.js").Part} */
const part = (step, scores, log = []) => ({
  meta: { kind: "points", grid: {}, frames: { step, scores }, log },
  pictures: [],
  layout: null,
});
const alone = part([0, 10, 20, 30], scored(0.5, 1, 1, 1), [
  { step: 10, change: "alarm" },
  { step: 30, change: "alarm" },
]);
const cured = part([20, 25, 30], scored(1, 0.8, 0.5), [{ step: 20, change: "on", cure: "packs", on: true }]);

test("half of its fair share covers a mode, and no number covers nothing", () => {
  assert.equal(isCovered(0.25, 0.5), true);
  assert.equal(isCovered(0.2499, 0.5), false);
  assert.equal(isCovered(null, 0.5), false);
});

test("a film that goes on where another is left takes the place of its end", () => {
  const reel = new Reel([alone, cured], stage);
  assert.deepEqual(reel.steps, [0, 10, 20, 25, 30]);
  assert.deepEqual(reel.find(1), [alone, 1]);
  assert.deepEqual(reel.find(2), [cured, 0]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((frame) => reel.covered(frame)),
    [2, 1, 1, 1, 2],
  );
  assert.deepEqual(
    reel.log.map(({ step }) => step),
    [10, 20],
  );
  assert.equal(reel.alarm(0), undefined);
  assert.equal(reel.alarm(4)?.step, 10);
});

test("which cures were on at a frame: from the step of the switch to that at which it was switched off", () => {
  const log = [
    { step: 10, change: "", cure: "packs", on: true },
    { step: 15, change: "" },
    { step: 20, change: "", cure: "noise", on: true },
    { step: 30, change: "", cure: "packs", on: false },
  ];
  const reel = new Reel([part([0, 10, 20, 30], scored(1, 1, 1, 1), log)], stage);
  assert.deepEqual(
    [0, 1, 2, 3].map((frame) => reel.on(frame)),
    [[], ["packs"], ["packs", "noise"], ["noise"]],
  );
});

test("by itself it is whole, and a step between two frames has the earlier one", () => {
  const reel = new Reel([alone], stage);
  assert.deepEqual([reel.last, reel.at(19), reel.at(-5), reel.at(99)], [3, 1, 0, 3]);
  assert.equal(reel.alarm(3)?.step, 30);
});

test("shares of digits are their histogram, and shares that are lost are told so", () => {
  const reel = new Reel([part([0, 1, 2], [{ histogram: [0.4, 0.6] }, null, { shares: [null, null] }])], stage);
  assert.deepEqual(reel.shares(0), [0.4, 0.6]);
  assert.deepEqual(
    [0, 1, 2].map((frame) => reel.covered(frame)),
    [2, null, null],
  );
});
