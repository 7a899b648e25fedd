/* The game's picture: what is there in a phase, and the ways between its parts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { flown, judgedIn, PHASES } from "../../gan_edu/widgets/game_picture/phases.js";
import {
  isOnScale,
  isThere,
  verdictsBefore,
  verdictsIn,
  verdictsNow,
} from "../../gan_edu/widgets/game_picture/scene.js";
import { along, between } from "../../gan_edu/widgets/game_picture/wires.js";

const logits = (/** @type {number} */ real, /** @type {number} */ fake) => ({ real: [real, real], fake: [fake, fake] });
const STEP = {
  ...{ step: 937, epoch: 1, before: logits(0, 0), after: logits(2, -2), last: logits(2, 1) },
  ...{ d_loss: 1, g_loss: 1, d_gradient: 1, g_gradient: 1, largest: { wish: 1, change: 1 } },
};
const near = (/** @type {number} */ a, /** @type {number} */ b) =>
  assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test("D judges in phase 3, anew when it has learned, and once more when G has", () => {
  const when = PHASES.map((_, phase) => judgedIn(phase));
  assert.deepEqual(when, [null, null, null, "before", "before", "after", "after", "after", "last"]);
  near(/** @type {number} */ (verdictsIn(STEP, 5)?.real[0]), 1 / (1 + Math.exp(-2)));
  assert.equal(verdictsIn(STEP, 2), null);
});

test("what D said before is told where it has changed its mind", () => {
  assert.deepEqual(verdictsBefore(STEP, 4), {});
  assert.equal(verdictsBefore(STEP, 5).fake?.[0], 0.5);
  near(/** @type {number} */ (verdictsBefore(STEP, 8).fake?.[0]), 1 / (1 + Math.exp(2)));
  assert.equal(verdictsBefore(STEP, 8).real?.[0], 0.5); // G's step moves no real digit
});

test("marks go straight from what D said to what it says", () => {
  const [start, half, end] = [0, 0.5, 1].map((time) => verdictsNow(STEP, 5, time)?.real[0] ?? Number.NaN);
  near(start, 0.5);
  near(half, (start + end) / 2);
  near(/** @type {number} */ (verdictsNow(STEP, 3, 0.2)?.real[0]), 0.5); // there is nothing before
});

test("pictures come one after another, in the phase that makes them, and stay", () => {
  const there = (/** @type {number} */ phase, /** @type {number} */ time) =>
    [0, 1, 2, 3, 4, 5].filter((k) => isThere("fake", k, phase, time)).length;
  assert.deepEqual([there(1, 1), there(2, 0), there(2, 1), there(3, 0)], [0, 0, 6, 6]);
  const counts = Array.from({ length: 21 }, (_, k) => there(2, k / 20));
  assert.deepEqual(
    counts,
    counts.toSorted((a, b) => a - b),
  );
  assert.ok(new Set(counts).size > 3, String(counts));
});

test("a mark is on the scale once it has flown there, and those of real digits stay when only fakes are judged", () => {
  assert.equal(isOnScale("fake", 0, 64, 6, 0.5), false);
  assert.equal(isOnScale("real", 0, 64, 6, 0.5), true);
  assert.equal(isOnScale("fake", 63, 64, 6, 1), true);
});

test("a flight begins at 0 and ends at 1, for the first and the last", () => {
  for (const k of [0, 5]) assert.deepEqual([flown(0.2, [0.2, 0.8], k, 6), flown(0.8, [0.2, 0.8], k, 6)], [0, 1]);
  assert.ok(flown(0.5, [0, 1], 0, 6) > flown(0.5, [0, 1], 5, 6));
  assert.equal(flown(1, [0, 1], 0, 1), 1);
});

const box = (
  /** @type {number} */ left,
  /** @type {number} */ top,
  /** @type {number} */ width,
  /** @type {number} */ height,
) => ({
  ...{ left, top, right: left + width, bottom: top + height },
});

test("a way leads from the near side of one part to the near side of the other, at the smaller one's middle", () => {
  const [fakes, d] = [box(0, 0, 100, 50), box(140, 0, 50, 200)];
  assert.deepEqual(between(fakes, d), [
    [100, 25],
    [140, 25],
  ]);
  assert.deepEqual(between(d, fakes, 10), [
    [140, 15],
    [100, 15],
  ]);
  const below = box(0, 80, 300, 40);
  assert.deepEqual(between(fakes, below), [
    [50, 50],
    [50, 80],
  ]);
  assert.deepEqual(between(below, fakes, 10), [
    [60, 80],
    [60, 50],
  ]);
});

test("along a way, shares are of its length", () => {
  const way = /** @type {[number, number][]} */ ([
    [0, 0],
    [30, 0],
    [30, 10],
  ]);
  assert.deepEqual(
    [0, 0.5, 0.75, 1].map((share) => along(way, share)),
    [
      [0, 0],
      [20, 0],
      [30, 0],
      [30, 10],
    ],
  );
});

test("the gradients go back the way that the samples came, and D's stops before the fakes", () => {
  const [d, g] = PHASES.flatMap(({ pull }) => pull ?? []);
  assert.deepEqual(d, { by: "D", way: ["verdict", "D"], stop: ["fake", "D"] });
  assert.deepEqual(g, { by: "G", way: ["verdict", "D", "fake", "G"] });
});
