/* Densities on a line, quadrature, V and divergences, held to what Python computes (test_js_values_density.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bisectRight } from "d3-array";
import { divergences, valueTerms } from "../../gan_edu/widgets/density_player/value.js";
import { bestLogit, drawFrom, logDensity, pairAt, randomFrom } from "../../gan_edu/widgets/kit/density.js";
import { joints, mean, nodes } from "../../gan_edu/widgets/kit/quadrature.js";
import { near, stored } from "./stored.mjs";

/** @typedef {import("../../gan_edu/widgets/kit/density.js").Density} Density */

const python = stored("density");

/** Numbers, of which an infinite one is null in JSON. @param {(number | null)[]} found @param {number} infinite */
const whole = (found, infinite) => found.map((value) => value ?? infinite);

/** The same infinities, and the rest near. @param {number[]} found @param {number[]} wanted @param {number} within */
function alike(found, wanted, within) {
  assert.deepEqual(found.map(Number.isFinite), wanted.map(Number.isFinite));
  for (const [k, value] of wanted.entries()) if (!Number.isFinite(value)) assert.equal(found[k], value);
  near(found.filter(Number.isFinite), wanted.filter(Number.isFinite), within);
}

for (const [name, { p, q, ...wanted }] of /** @type {[string, any][]} */ (Object.entries(python.pairs))) {
  test(`${name}: log p and log q`, () => {
    const found = python.places.map((/** @type {number} */ x) => pairAt(p, q, x));
    for (const which of /** @type {const} */ (["logP", "logQ"])) {
      const logs = found.map((/** @type {any} */ at) => at[which]);
      alike(logs, whole(wanted[which], Number.NEGATIVE_INFINITY), 1e-9);
    }
  });

  test(`${name}: the nodes integrate as Python's do`, () => {
    const at = nodes(p, q);
    const sums = [0, 1, 2].map((k) => at.reduce((sum, { x, weight }) => sum + weight * x ** k, 0));
    const [count, ...integrals] = wanted.nodes;
    assert.equal(at.length, count);
    near(sums, integrals, 1e-12 * integrals[2]); // the largest
  });

  test(`${name}: a density's mass and moments by quadrature`, () => {
    const at = nodes(p, q);
    for (const [k, which] of /** @type {const} */ ([
      [0, "logP"],
      [1, "logQ"],
    ])) {
      near([mean(at, which, () => 1)], [1], 1e-7);
      near([mean(at, which, ({ x }) => x), mean(at, which, ({ x }) => x * x)], wanted.moments[k], 1e-7);
    }
  });

  test(`${name}: V of the best D, V of another D, and the divergences`, () => {
    const at = nodes(p, q);
    const { real, fake, v } = valueTerms(at, bestLogit);
    near([v, real + fake, valueTerms(at, ({ x }) => 0.3 - 0.8 * x).v], [wanted.v, wanted.v, wanted.vOfALine], 1e-9);
    const { kl, reverse, js } = divergences(at);
    alike([kl, reverse, js], whole(wanted.divergences, Number.POSITIVE_INFINITY), 1e-9);
    near([v], [-2 * Math.LN2 + 2 * js], 1e-9);
  });
}

test("the nodes and weights themselves", () => {
  const { p, q } = python.pairs["boxes that share nothing"];
  const at = nodes(p, q).sort((a, b) => a.x - b.x);
  near(
    at.map(({ x }) => x),
    python.box.x,
    1e-12,
  );
  near(
    at.map(({ weight }) => weight),
    python.box.weight,
    1e-12,
  );
});

test("panels end where a box ends, and a bump without weight has none", () => {
  const bumps = [
    { mean: 1, width: 2, weight: 1 },
    { mean: 9, width: 1, weight: 0 },
  ];
  assert.deepEqual(joints({ shape: "uniform", bumps }), [-1, 0, 1, 2, 3]);
  near([logDensity({ shape: "uniform", bumps }, 2)], [Math.log(1 / 4)]);
});

for (const [name, { p, moments, shares }] of /** @type {[string, any][]} */ (Object.entries(python.pairs)))
  test(`${name}: draws have the density's moments, and lie below a place as often as they should`, () => {
    const random = randomFrom(1);
    const x = Array.from({ length: 200_000 }, () => drawFrom(p, random)).sort((a, b) => a - b);
    const found = [1, 2].map((k) => x.reduce((sum, each) => sum + each ** k, 0) / x.length);
    const spread = Math.sqrt(moments[0][1] - moments[0][0] ** 2);
    near([found[0]], [moments[0][0]], 0.01 * spread); // four standard errors
    near([found[1] - found[0] ** 2], [spread ** 2], 0.03 * spread ** 2);
    const below = shares[0].map((/** @type {number} */ place) => bisectRight(x, place) / x.length);
    near(below, shares[1], 0.0045);
  });

test("a seed gives the same numbers, all between 0 and 1", () => {
  const [a, b, c] = [randomFrom(1), randomFrom(1), randomFrom(2)].map((random) => Array.from({ length: 1000 }, random));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
  assert.ok(a.every((each) => each > 0 && each < 1));
});
