/* The roofline, held to Python's step_cost and texts (tests/unit/test_js_values_roofline.py). */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { speak } from "../../gan_edu/widgets/kit/words.js";
import {
  halvesOf,
  intensity,
  ofTheRoof,
  PARTS,
  partsOf,
  placeOf,
  reach,
  roofAt,
  total,
  widthOf,
  workOf,
} from "../../gan_edu/widgets/roofline/math.js";
import {
  amount,
  bounds,
  largest,
  named,
  percent,
  three,
  time,
  timeOn,
  verdict,
} from "../../gan_edu/widgets/roofline/texts.js";
import { stored } from "./stored.mjs";

const python = stored("roofline");
const { cost, machines } = python;
const words = JSON.parse(readFileSync(new URL("../../gan_edu/words/en.json", import.meta.url), "utf8")).roofline;
speak(words);

/** Equal but for the last digits. @param {number} found @param {number} wanted @param {string} about */
const same = (found, wanted, about) =>
  assert.ok(Math.abs(found - wanted) <= 1e-12 * Math.abs(wanted), `${about}: ${found}, ${wanted}`);

test("operations, bytes and seconds are Python's, to 1e-12", () => {
  assert.equal(python.told.length, 160);
  for (const { step, operations, bytes, parts } of python.told) {
    const about = Object.values(step).join(" ");
    const work = workOf(step, cost);
    same(work.operations, operations, `${about} operations`);
    same(work.bytes, bytes, `${about} bytes`);
    for (const [k, machine] of machines.entries()) {
      const own = partsOf(work, machine);
      for (const [i, name] of PARTS.entries()) same(own[name], parts[k][i], `${about} ${name}`);
    }
  }
});

test("numbers are written as Python writes them", () => {
  for (const [name, write] of Object.entries({ three, amount, time, percent }))
    for (const [x, text] of python.texts[name]) assert.equal(write(x), text, `${name} of ${x}`);
});

test("the constants count: another one, another cost", () => {
  const step = /** @type {const} */ ({ width: 64, batch: 8, precision: "bfloat16" });
  const before = workOf(step, cost);
  for (const name of ["stored", "optimiser", "touched", "latent", "pixels"])
    assert.notDeepEqual(workOf(step, { ...cost, [name]: cost[name] + 1 }), before, name);
  for (const name of ["size", "reads", "passes"])
    for (const key of Object.keys(cost[name]).filter((each) => each !== "float32"))
      assert.notDeepEqual(
        workOf(step, { ...cost, [name]: { ...cost[name], [key]: cost[name][key] + 1 } }),
        before,
        `${name} ${key}`,
      );
});

test("a step lies on or below its roof, by the share that is told", () => {
  for (const { step } of python.told)
    for (const machine of machines) {
      const work = workOf(step, cost);
      const parts = partsOf(work, machine);
      const [x, y] = placeOf(work, total(parts));
      same(y / roofAt(machine, x), ofTheRoof(parts), "share");
      assert.ok(ofTheRoof(parts) <= 1);
      same(x, intensity(work), "x");
    }
});

test("the axes hold every step that can be set, and the ridges", () => {
  const of = (/** @type {any} */ float32, /** @type {any} */ bfloat16) => ({
    name: "",
    source: "",
    dots: [],
    of: { float32, bfloat16 },
  });
  const all = [of(machines[0], null), of(machines[2], machines[1])];
  const { xs, ys, close } = reach(all, cost);
  assert.equal(close, 1);
  const holds = (/** @type {[number, number]} */ [low, high], /** @type {number} */ x) =>
    assert.ok(low < Math.log10(x) && Math.log10(x) < high);
  for (const { of } of all)
    for (const [precision, numbers] of Object.entries(of).filter(([, numbers]) => numbers)) {
      holds(xs, numbers.throughput / numbers.bandwidth);
      holds(ys, numbers.throughput);
      for (let k = 8; k <= 24; k++)
        for (let n = 0; n <= 12; n++) {
          const work = workOf({ width: widthOf(k), batch: 2 ** n, precision: /** @type {any} */ (precision) }, cost);
          const [x, y] = placeOf(work, total(partsOf(work, numbers)));
          holds(xs, x);
          holds(ys, y);
        }
    }
});

test("widths go by half powers of two, and any width has the nearest", () => {
  assert.deepEqual([8, 9, 18, 24].map(widthOf), [16, 23, 512, 4096]);
  for (let k = 8; k <= 24; k++) assert.equal(halvesOf(widthOf(k)), k);
  assert.equal(halvesOf(500), 18);
});

test("what a data sheet tells is marked as a bound", () => {
  const card = { name: "a card", source: "data sheet", dots: [], of: { float32: null, bfloat16: null } };
  assert.equal(named(card), "a card (data sheet)");
  assert.equal(named({ ...card, source: "measured" }), "a card");
  assert.deepEqual(["measured", "data sheet"].map(bounds), [false, true]);
  assert.equal(timeOn(0.0236, "data sheet"), `≥ ${time(0.0236)}`);
  assert.equal(timeOn(0.0236, "measured"), time(0.0236));
});

test("the sentence names what takes longest, and tells what twice the batch and the other precision change", () => {
  const parts = { products: 1, memory: 2, overhead: 1 };
  assert.equal(largest(parts), "memory");
  const told = verdict(
    parts,
    { products: 2, memory: 2, overhead: 1 },
    { products: 0.5, memory: 2, overhead: 1 },
    "bfloat16",
  );
  const plain = told.replaceAll("\u00a0", " ");
  assert.match(plain, /^Memory takes 50 % of this step/);
  assert.match(plain, /Twice the batch would take 1.25 times as long: a sample costs 38 % less\./);
  assert.match(plain, /In bfloat16 it would take 0.88 times as long\.$/);
  assert.doesNotMatch(verdict(parts, parts, null, ""), /In /);
});
