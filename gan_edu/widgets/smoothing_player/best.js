/* The best D for the targets α and β, and what G feels of it, as in SmoothingPlayer's best and pull in Python.
 *
 * Everything follows from log p/q, which is finite far outside of both densities too.
 */

import { bestLogit, logDensity, pairAt } from "../kit/density.js";
import { sigmoid } from "../kit/numbers.js";
import { mean } from "../kit/quadrature.js";

/** @typedef {import("../kit/density.js").Density} Density */
/** @typedef {import("../kit/density.js").Pair} Pair */
/** @typedef {Pair & {slope: number}} Point slope: (log p/q)′ */
/** @typedef {[p: Density, q: Density, alpha: number, beta: number]} Smoothed what D is trained on, and its targets */

/** D*(x) = (α p + β q) / (p + q) = β + (α − β) σ(log p/q): for every x, and no density is divided by.
 * @param {Pair} at @param {number} alpha @param {number} beta */
export const smoothedBest = (at, alpha, beta) => beta + (alpha - beta) * sigmoid(bestLogit(at));

/** The share of the pull that the targets leave: (α − β) / (α + β q/p). It is never below 0, and 1 for β = 0.
 * @param {Pair} at @param {number} alpha @param {number} beta */
export const pullLeft = (at, alpha, beta) => (1 - beta / alpha) * sigmoid(bestLogit(at) + Math.log(alpha / beta));

/** d/dx log D*(x), where a fake at x is moved to: (1 − σ(log p/q)) (log p/q)′ times what is left of it.
 * @param {Point} at @param {number} alpha @param {number} beta */
export const pull = (at, alpha, beta) => sigmoid(-bestLogit(at)) * at.slope * pullLeft(at, alpha, beta);

/** @param {Density} p @param {Density} q @param {number} x @returns {Point} */
export const pointAt = (p, q, x) => ({ ...pairAt(p, q, x), slope: score(p, x) - score(q, x) });

/** d/dx log p(x) of Gaussian bumps: the mean of (mean − x) / width² over the bumps, each by its share of p(x).
 * @param {Density} density @param {number} x */
function score(density, x) {
  const whole = logDensity(density, x);
  return density.bumps.reduce((sum, bump) => {
    const share = Math.exp(logDensity({ ...density, bumps: [bump] }, x) - whole);
    return sum + (share * (bump.mean - x)) / bump.width ** 2;
  }, 0);
}

/** How far a D is from the best one: the mean of |D − D*| over both densities.
 * @param {readonly import("../kit/quadrature.js").Node[]} nodes @param {(x: number) => number} logit of D
 * @param {number} alpha @param {number} beta */
export function gap(nodes, logit, alpha, beta) {
  const far = (/** @type {Pair} */ at) => Math.abs(sigmoid(logit(at.x)) - smoothedBest(at, alpha, beta));
  return (mean(nodes, "logP", far) + mean(nodes, "logQ", far)) / 2;
}
