/* The plane's frames, sheet, drawings and time, held to what Python computes (tests/unit/test_js_values_plane.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf } from "../../gan_edu/widgets/kit/dom.js";
import { LOST, probabilityAt, pullOn, sampleNear, unpackFrame } from "../../gan_edu/widgets/plane/frames.js";
import { alone, furtherCurves, momentAfter, momentOf, stepsOf } from "../../gan_edu/widgets/plane/moments.js";
import { areaOf, cellsOf, sheetAt } from "../../gan_edu/widgets/plane/sheet.js";
import { along, oneIn, shape } from "../../gan_edu/widgets/plane/strokes.js";
import { Timeline } from "../../gan_edu/widgets/plane/timeline.js";
import { near, stored } from "./stored.mjs";

const python = stored("plane_frame");
const sheet = stored("plane_sheet");
const drawings = stored("plane_drawings");
const frame = unpackFrame(python.grid, bytesOf(python.packed));

// ---------------------------------------------------------------- frames

for (const name of /** @type {const} */ (["fakes", "pulls", "sheet"]))
  test(`a frame's ${name}, and which of them are no numbers`, () => {
    const wanted = python[name].flat().map((/** @type {number | null} */ x) => (x === null ? LOST : x * 1000));
    near(frame[name], wanted, 1e-6);
  });

test("D's map lies row by row from the bottom, and a lost cell is none", () => {
  const wanted = python.sure.flat().map((/** @type {number | null} */ p) => (p === null ? 255 : p * 255));
  near(frame.field, wanted, 1e-6);
  const { edge, field: side } = python.grid;
  const middle = (/** @type {number} */ k) => ((k + 0.5) * 2 * edge) / side - edge;
  assert.equal(probabilityAt(python.grid, frame, [middle(1), middle(1)]), null);
});

test("D's probability at a place, and at the nearest cell for one outside", () => {
  const found = python.places.map((/** @type {[number, number]} */ place) => probabilityAt(python.grid, frame, place));
  near(found, python.levels, 1e-9);
});

test("samples that are lost or away are counted", () =>
  assert.deepEqual([frame.lost, frame.away], [python.lost, python.away]));

test("the pull on a sample has its length, and none where it is lost", () => {
  for (const [k, [length]] of python.lengths.entries()) {
    const found = pullOn(frame, k, python.most);
    if (length === null) assert.equal(found, null);
    else near([Number(found)], [length], 2e-4 * python.most);
  }
});

test("the sample near a place is the nearest of those with a pull, and none far away", () => {
  const [x, y] = python.fakes[1];
  assert.equal(sampleNear(python.grid, frame, [x + 0.005, y - 0.005]), 1);
  assert.equal(sampleNear(python.grid, frame, [-1.4, 1.4]), -1);
  const [u, v] = python.fakes[9]; // it has none
  assert.notEqual(sampleNear(python.grid, frame, [u, v]), 9);
});

// ---------------------------------------------------------------- the sheet

const noise = { dim: 2, kind: "gaussian", points: sheet.noise };

test("the noise is half way to its image", () =>
  near(
    sheetAt(sheet.image, noise, 0.5, sheet.unit).flatMap((at) => [...(at ?? [])]),
    sheet.half.flat(),
    1e-9,
  ));

test("noise of one dimension lies on a line, uniform noise is not drawn in", () => {
  const count = sheet.on_a_line.length;
  const line = {
    dim: 1,
    kind: "uniform",
    points: sheet.noise.filter((/** @type {number} */ _, /** @type {number} */ k) => k % 2 === 0),
  };
  const found = sheetAt(sheet.image.slice(0, 2 * count), line, 0.25, 1);
  near(
    found.flatMap((at) => [...(at ?? [])]),
    sheet.on_a_line.flat(),
    1e-9,
  );
});

test("the areas of the cells", () => near(cellsOf(sheet.half).map(areaOf), sheet.areas, 1e-9));

test("a cell with a lost corner is none", () => {
  const lost = Float32Array.from(sheet.image);
  lost[0] = LOST; // of one cell only
  assert.equal(cellsOf(sheetAt(lost, noise, 1, 1)).length, sheet.areas.length - 1);
});

// ---------------------------------------------------------------- drawings

for (const name of /** @type {const} */ (["heart", "star", "eight"]))
  test(`the shape of a ${name}`, () => near(shape(name).flat(), drawings.shapes[name].flat(), 6e-4));

test("a stroke has its points at even distances", () => {
  near(along([0, 0], [0.3, 0.4]).flat(), drawings.stroke.flat(), 6e-4);
  assert.deepEqual(along(undefined, [0.1234, 9]), [[0.123, 1.45]]);
  assert.deepEqual(along([0, 0], [0.02, 0.02]), []);
});

test("as many points are learned as Python takes", () => {
  const learned = drawings.counts.map((/** @type {number} */ count) => Math.ceil(count / oneIn(count)));
  assert.deepEqual(learned, drawings.learned);
});

// ---------------------------------------------------------------- time

const meta = {
  title: "a run",
  grid: python.grid,
  noise,
  scoring: { samples: 1, bins: 1 },
  reals: [0, 20].map((from) => ({ from, name: `from ${from}`, points: [from], floor: { js: 0, kl: 0 }, modes: null })),
  frames: { step: [0, 10, 20], scores: [{ js: 0.6 }, null, { js: 0.2, kl: 1 }] },
  curves: { step: [0, 10], d_loss: [1, 1], d_fake: [1, 1], R1: [null, 0.1], R2: [null, null] },
};
const run = { meta, pictures: [0, 1, 2].map(() => bytesOf(python.packed)) };

test("a moment is the newest frame at or before the step, with the data of that time", () => {
  const [early, late, beyond] = [momentOf(run, 9), momentOf(run, 19), momentOf(run, 21)];
  assert.deepEqual([early.step, early.scores, early.data.from, early.ended], [0, { js: 0.6 }, 0, false]);
  assert.deepEqual([late.step, late.scores, late.data.from, late.ended], [10, {}, 0, false]);
  assert.deepEqual([beyond.step, beyond.data.from, beyond.ended], [20, 20, true]);
});

test("what is to be seen at this very step takes the place of the frame, over its scores", () => {
  const now = { step: 23, scores: { js: 0.1 }, bytes: bytesOf(python.packed) };
  const moment = momentOf(run, 23, now);
  assert.deepEqual([moment.step, moment.scores], [23, { js: 0.1, kl: 1 }]);
  const still = { line: 1, step: 24, scores: { pull: 2 }, real: [7], fake: false };
  const after = momentAfter(meta, still, now.bytes);
  assert.deepEqual([after.scores, after.real, after.bare], [{ js: 0.2, kl: 1, pull: 2 }, [7], true]);
});

test("two runs have the steps of both, and none beyond a run that goes on", () => {
  assert.deepEqual(stepsOf([0, 10, 20], [0, 5, 30], false), [0, 5, 10, 20, 30]);
  assert.deepEqual(stepsOf([0, 10, 20], [0, 5, 30], true), [0, 5, 10, 20]);
});

test("steps of one player alone, up to any step", () => {
  const found = drawings.alone.map((/** @type {number} */ _, /** @type {number} */ now) =>
    alone(drawings.log, now, "d"),
  );
  assert.deepEqual(found, drawings.alone);
  assert.equal(alone(drawings.log, 14, "g"), 1);
});

test("a curve that has values, and is no loss, has a chart of its own", () =>
  assert.deepEqual(furtherCurves(meta), ["R1"]));

test("a run that goes on is followed until one slides back", () => {
  const time = new Timeline(true);
  assert.equal(time.take(0, [0, 10]), true);
  assert.equal(time.place, 2);
  time.go(0);
  assert.equal(time.take(0, [0, 10, 20]), false);
  assert.deepEqual([time.place, time.step, time.following], [0, 0, false]);
  time.go(Number.POSITIVE_INFINITY);
  assert.equal(time.following, true);
});

test("a recording begins at its start and has no now", () => {
  const time = new Timeline(false);
  time.take(1, [0, 10, 20]);
  assert.deepEqual([time.place, time.step, time.ended], [0, 0, false]);
  time.go(9);
  assert.deepEqual([time.place, time.step, time.following, time.ended], [2, 20, false, true]);
});
