/* The Dirac-GAN in closed form, held to what Python computes by autograd (tests/unit/test_js_values_phase_portrait.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { critical, field, path } from "../../gan_edu/widgets/phase_portrait/dirac.js";
import { outcomeOf } from "../../gan_edu/widgets/phase_portrait/outcome.js";
import { spectrum } from "../../gan_edu/widgets/phase_portrait/spectrum.js";
import { near, stored } from "./stored.mjs";

/** @typedef {import("../../gan_edu/widgets/phase_portrait/dirac.js").Dirac} Dirac */
/** @typedef {import("../../gan_edu/widgets/phase_portrait/spectrum.js").Complex} Complex */

const python = stored("phase_portrait");
const { gamma, start } = python;
const NOISE = 1e-6; // the browser takes the mean over the noise by another sum

/** @type {Record<string, string>} */
const WORDS = {
  converges: "converges",
  staysClose: "stays close",
  convergesSlowly: "converges slowly",
  doesNotConverge: "does not converge",
};

/** @param {string} names of a loss and a penalty @param {string} [rule] an order and a momentum */
function gameOf(names, rule = "simultaneous, 0.0") {
  const [[loss, penalty], [order, momentum]] = [names.split(", "), rule.split(", ")];
  return /** @type {Dirac} */ ({ loss, penalty, gamma, step: 0.2, momentum: +momentum, order });
}

/** The coefficients of the polynomial with these roots. @param {Complex[]} roots */
function polynomial(roots) {
  /** @type {Complex[]} */
  let found = [[1, 0]];
  for (const [re, im] of roots) {
    const next = /** @type {Complex[]} */ ([...found, [0, 0]].map((each) => [...each]));
    for (const [k, [a, b]] of found.entries()) {
      next[k + 1][0] -= a * re - b * im;
      next[k + 1][1] -= a * im + b * re;
    }
    found = next;
  }
  return found.map(([re]) => re);
}

/** As polynomials; Python may have roots at 0 that are left out here.
 * @param {Complex[]} roots @param {number[]} wanted */
function sameRoots(roots, wanted) {
  const noughts = Array.from({ length: wanted.length - 1 - roots.length }, () => 0);
  near([...polynomial(roots), ...noughts], wanted, 1e-6);
}

for (const [names, game] of Object.entries(/** @type {Record<string, any>} */ (python.games))) {
  test(`${names}: the field, and its critical strength`, () => {
    const found = python.places.flatMap((/** @type {[number, number]} */ place) => field(...place, gameOf(names)));
    near(found, game.field.flat(), names.endsWith("noise") ? NOISE : 1e-9);
    const strength = critical(gameOf(names));
    if (game.critical === null) assert.equal(strength, null);
    else near([strength ?? 0], [game.critical]);
  });
  test(`${names}: paths, what they do, and eigenvalues, by every rule`, () => {
    for (const [rule, wanted] of Object.entries(/** @type {Record<string, any>} */ (game.rules))) {
      const way = path(start, python.rounds.at(-1), gameOf(names, rule));
      near(
        python.rounds.flatMap((/** @type {number} */ k) => way[k]),
        wanted.path.flat(),
        NOISE,
      );
      const seen = spectrum({ ...gameOf(names, rule), step: 0.4 });
      assert.equal(seen === null, wanted.spectrum === null);
      if (seen) sameRoots(seen.flow, wanted.spectrum[0]);
      if (seen) sameRoots(seen.update, wanted.spectrum[1]);
      if (wanted.outcome)
        assert.equal(told(path([1, 1], python.long, { ...gameOf(names, rule), step: 0.3 })), wanted.outcome);
    }
  });
}

/** @param {readonly (readonly [number, number])[]} way */
const told = (way) =>
  WORDS[
    outcomeOf(
      way.map((place) => Math.hypot(...place)),
      python.long,
    ).word
  ];

test("steps that run away end in the same place", () => {
  const way = path([1, 1], 500, { ...gameOf("WGAN, none"), step: 2 });
  near(
    way.flat().map((each, k) => each / Math.hypot(...python.away[k >> 1])),
    python.away
      .flat()
      .map((/** @type {number} */ each, /** @type {number} */ k) => each / Math.hypot(...python.away[k >> 1])),
  );
});

test("a weight that is cut to 0 leaves D's momentum", () => {
  for (const [momentum, wanted] of Object.entries(/** @type {Record<string, any>} */ (python.cut))) {
    const seen = spectrum({ ...gameOf("WGAN, WGAN clipping", `D first, ${momentum}`), gamma: 0, step: 0.4 });
    sameRoots(seen?.update ?? [], wanted[1]);
  }
});

test("the bands of what a path does are Python's", () => {
  for (const [share, word] of Object.entries(/** @type {Record<string, any>} */ (python.ends))) {
    const radii = Array.from({ length: 101 }, (_, k) => (+share) ** k);
    assert.equal(WORDS[outcomeOf(radii, 100).word], word);
  }
  assert.equal(new Set(Object.values(python.ends)).size, 4);
});
