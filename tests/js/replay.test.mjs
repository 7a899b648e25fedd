/* How the replay reads a recording, held to what Python computes (tests/unit/test_js_values_replay.py); its ranges and scale. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { fidRange, linearRange } from "../../gan_edu/widgets/kit/chart.js";
import { Run } from "../../gan_edu/widgets/replay/run.js";
import { scaleMarks } from "../../gan_edu/widgets/replay/scale.js";
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
  assert.deepEqual(fidRange([400, 13, null], [1.3]), { log: true, range: [1, 400 * 1.3, null] });
  assert.deepEqual(fidRange([10, 5], [1]), { log: false, range: [0, 10 * 1.08, null] });
  assert.equal(fidRange([400, 0], []).log, false);
  assert.deepEqual(fidRange([null], []), { log: false, range: [0, 1.08, null] });
});

test("marks of the slider's scale stand at their frames and not over each other", () => {
  const steps = Array.from({ length: 101 }, (_, k) => Math.round(10 * 1.1 ** k) - 10); // early frames stand closer
  for (const width of [150, 400, 1000]) {
    const marks = scaleMarks(steps, 100, width);
    const [first, last] = marks;
    assert.deepEqual([first.text, first.x, last.x], ["0", 8, width - 8]);
    const sorted = marks.map(({ x }) => x).sort((a, b) => a - b);
    for (let k = 1; k < sorted.length; k++) assert.ok(sorted[k] - sorted[k - 1] > 16);
    for (const { text, x } of marks.slice(2)) {
      const step = steps[Math.round(((x - 8) / (width - 16)) * 100)];
      assert.ok(Math.abs(step / 100 / Number(text.replace(",", "")) - 1) < 0.06, `${text} at step ${step}`);
    }
  }
  assert.ok(scaleMarks(steps, 100, 1000).length > scaleMarks(steps, 100, 150).length);
  assert.deepEqual(scaleMarks([0], 100, 500), []);
});
