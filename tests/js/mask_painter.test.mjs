/* Holes as text and as pixels, what a brush covers, the stored hole nearest to a stroke, PSNR; against Python's values. */

import assert from "node:assert/strict";
import test from "node:test";
import {
  between,
  cut,
  dab,
  decibels,
  holeOf,
  inked,
  leftOf,
  nearestPreset,
  overlap,
  PIXELS,
  packed,
  SIDE,
  textOf,
} from "../../gan_edu/widgets/mask_painter/holes.js";
import { near, stored } from "./stored.mjs";

/** @typedef {import("../../gan_edu/widgets/mask_painter/holes.js").Preset} Preset */

const values = stored("mask_painter");
/** @type {Record<string, string>} */
const bits = Object.fromEntries(values.holes.map((/** @type {Preset} */ each) => [each.name, each.bits]));
const presets = values.holes.filter((/** @type {Preset} */ { name }) => name !== "stroke");
const [real, made] = [Uint8Array.from(values.real), Uint8Array.from(values.made)];
const line = Array.from({ length: SIDE }, (_, k) => k);

test("a hole has the pixels that Python wrote, and the same text", () => {
  for (const [name, text] of Object.entries(bits)) {
    const hole = holeOf(text);
    assert.equal(textOf(hole), text);
    const rows = line.map((y) => line.reduce((sum, x) => sum + hole[y * SIDE + x], 0));
    const columns = line.map((x) => line.reduce((sum, y) => sum + hole[y * SIDE + x], 0));
    assert.deepEqual([rows, columns], [values.rows[name], values.columns[name]]);
  }
});

test("PSNR is Python's: in a hole, over all pixels, of alike pictures, of nothing", () => {
  for (const [name, text] of Object.entries(bits)) near([decibels(real, made, holeOf(text))], [values.psnr[name]]);
  near([decibels(real, made)], [values.psnr[""]]);
  assert.equal(decibels(real, real), Number.POSITIVE_INFINITY);
  assert.ok(Number.isNaN(decibels(real, made, new Uint8Array(PIXELS))));
});

test("what is left is black in the hole and the picture elsewhere", () => {
  const hole = holeOf(bits.stroke);
  assert.ok(leftOf(real, hole).every((pixel, k) => pixel === (hole[k] ? 0 : real[k])));
});

test("a stroke brings the stored hole that it shares the most with", () => {
  const stroke = holeOf(bits.stroke);
  for (const { name } of presets) near([overlap(holeOf(bits[name]), stroke)], [values.shared[name]], 1e-7);
  const best = presets.map((/** @type {Preset} */ { name }) => name);
  best.sort((/** @type {string} */ a, /** @type {string} */ b) => values.shared[b] - values.shared[a]);
  assert.equal(nearestPreset(presets, stroke), best[0]);
  for (const { name } of presets) assert.equal(nearestPreset(presets, holeOf(bits[name])), name);
});

test("of equals the one whose middle is nearest", () => {
  const dot = cut(new Uint8Array(PIXELS), dab([14, 10], 1), false); // in the upper and in the middle square
  assert.equal(overlap(holeOf(bits.upper), dot), overlap(holeOf(bits.centre), dot));
  assert.equal(nearestPreset(presets, dot), "upper");
  assert.equal(nearestPreset(presets, cut(new Uint8Array(PIXELS), dab([14, 12.9], 1), false)), "centre");
});

test("a dab covers a disc, its rim in part, and nothing beyond the picture", () => {
  const whole = dab([14, 14], 3);
  const area = whole.reduce((sum, [, share]) => sum + share, 0);
  assert.ok(Math.abs(area - Math.PI * 9) < 0.8, String(area));
  for (const [k, share] of whole) {
    const away = Math.hypot((k % SIDE) + 0.5 - 14, Math.floor(k / SIDE) + 0.5 - 14);
    assert.ok(away < 3.5 && (away > 2.5 || share === 1));
  }
  const corner = dab([0, 0], 3).reduce((sum, [, share]) => sum + share, 0);
  assert.ok(Math.abs(corner - area / 4) < 1e-9);
});

test("a stroke leaves no gap, and is taken away again", () => {
  const ways = [[2, 3], ...between([2, 3], [25, 20])];
  assert.deepEqual(ways[ways.length - 1], [25, 20]);
  for (let k = 1; k < ways.length; k++)
    assert.ok(Math.hypot(ways[k][0] - ways[k - 1][0], ways[k][1] - ways[k - 1][1]) <= 0.5 + 1e-9);
  assert.deepEqual(between([4, 4], [4, 4]), [[4, 4]]);
  const hole = cut(new Uint8Array(PIXELS), dab([10, 10], 2), false);
  assert.ok(hole.some(Boolean) && hole[10 * SIDE + 10] === 1 && hole[20 * SIDE + 20] === 0);
  assert.ok(!cut(hole, dab([10, 10], 2), true).some(Boolean));
});

test("ink is drawn over ink, and rubbed out", () => {
  const drawn = inked(inked(new Uint8Array(PIXELS), dab([10, 10], 2), false), dab([11, 10], 2), false);
  assert.equal(drawn[10 * SIDE + 10], 255);
  assert.ok(dab([10, 10], 2).every(([k, share]) => drawn[k] >= Math.round(255 * share)));
  assert.equal(inked(drawn, dab([10, 10], 3), true)[10 * SIDE + 10], 0);
  assert.deepEqual(Uint8Array.from(Buffer.from(packed(drawn), "base64")), drawn);
});
