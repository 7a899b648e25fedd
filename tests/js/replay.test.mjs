/* How the replay reads a recording, held to what Python computes (tests/unit/test_js_values_replay.py); its ranges, ticks and stages. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleLog } from "d3-scale";
import { fidRange, linearRange, logTicks } from "../../gan_edu/widgets/kit/chart.js";
import { Run } from "../../gan_edu/widgets/replay/run.js";
import { seen, stageOf } from "../../gan_edu/widgets/replay/seen.js";
import { frameTicks } from "../../gan_edu/widgets/replay/time_slider.js";
import { near, stored } from "./stored.mjs";

const python = stored("replay");
const run = new Run(python.meta, "");
const frames = python.meta.frames.step.map((/** @type {number} */ _, /** @type {number} */ k) => k);

test("the frame at a step is the newest at or before it", () =>
  assert.deepEqual(
    [-1, ...python.asked].map((step) => run.at(step)),
    python.at,
  ));

for (const name of ["d_loss", "g_loss", "R1"])
  test(`${name} is that of the nearest point, and a gap stays one`, () =>
    assert.deepEqual(
      python.asked.map((/** @type {number} */ step) => run.curve(name, step)),
      python.curves[name],
    ));

test("a run has the curves that hold a number", () => {
  assert.deepEqual(run.others(), python.others);
  assert.equal(run.curve("nowhere", 3), undefined);
  assert.equal(new Run({ ...python.meta, curves: {} }, "").curve("d_loss", 3), undefined);
});

test("epochs are counted from steps where the recording does not tell them", () => {
  near(
    frames.map((/** @type {number} */ frame) => run.epoch(frame)),
    python.epochs,
  );
  assert.equal(new Run({ ...python.meta, steps_per_epoch: null }, "").epoch(2), null);
});

test("scores are those of the newest scored frame", () => {
  assert.deepEqual(
    frames.map((/** @type {number} */ frame) => run.scoredAt(frame)),
    python.scored,
  );
  assert.equal(run.scoresOf(3).fid, 97);
});

test("D's probabilities are σ of its logits, and lost ones stay lost", () => {
  for (const frame of frames) {
    const found = run.probabilities(frame) ?? [];
    const wanted = python.probabilities[frame];
    assert.deepEqual(
      found.map((p) => p === null),
      wanted.map((/** @type {unknown} */ p) => p === null),
    );
    near(found.map(Number), wanted.map(Number), 1e-12);
  }
});

test("one early spike does not flatten the rest of an axis", () => {
  const values = [90, ...Array.from({ length: 99 }, (_, k) => 1 + k / 99)];
  const [low, high, peak] = linearRange([values], []);
  assert.equal(low, 0);
  assert.equal(peak, 90);
  assert.ok(high > 2 && high < 3);
  assert.deepEqual(linearRange([[-1, 0.5, null, 2]], [{ y: 3 }]), [-1, 3 * 1.15 * 1.04, null]);
  assert.deepEqual(linearRange([[null]], []), [0, 1.04, null]);
});

test("FIDs that are far apart stand on a logarithmic axis", () => {
  assert.deepEqual(fidRange([400, 13, null]), { log: true, range: [13 / 1.15, 400 * 1.15, null] });
  assert.deepEqual(fidRange([10, 5]), { log: false, range: [0, 10 * 1.08, null] });
  assert.equal(fidRange([400, 0]).log, false);
  assert.deepEqual(fidRange([null]), { log: false, range: [0, 1.08, null] });
});

test("the ticks of a logarithmic axis are 1, 2, 5, 10, or the powers of ten alone", () => {
  assert.deepEqual(logTicks(scaleLog([111, 4300], [0, 1])), [200, 500, 1000, 2000]);
  assert.deepEqual(logTicks(scaleLog([0.5, 800], [0, 1])), [1, 10, 100]);
});

test("frames have a tick each, but none stands in the one before", () =>
  assert.equal(frameTicks([40, 40.5, 42.9, 43, 90]), "M40.0 20v4M43.0 20v4M90.0 20v4"));

test("how far the samples have come is told by their FID as a share of the first", () => {
  const scores = [100, 300, 81, 79, 46, 44, 16, 14, null].map((fid) => ({ fid }));
  const step = scores.map((_, k) => 10 * k);
  const made = (/** @type {object} */ frames) => new Run({ ...python.meta, frames: { step, scores, ...frames } }, "");
  const stages = scores.map((_, k) => stageOf(made({}), k));
  const [cloud, first, many, most] = ["noise", "firstShapes", "manyClear", "mostClear"];
  assert.deepEqual(stages, [cloud, cloud, cloud, first, first, many, many, most, ""]);
  assert.equal(stageOf(made({ step: step.map((each) => each + 1) }), 5), ""); // nobody knows where it began
  assert.equal(stageOf(made({ scores: scores.map(() => null) }), 5), "");
});

test("where there is no D, nothing is said of one", () => {
  const [step, scores] = [[0], [null]];
  const made = (/** @type {object} */ frames) => new Run({ ...python.meta, frames: { step, scores, ...frames } }, "");
  assert.equal(seen(made({ logits: [[0.5]] }), 0), "untrained"); // the key, as no words are learned here
  assert.equal(seen(made({ logits: [null] }), 0), "untrainedAlone");
});
