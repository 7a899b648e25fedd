/* How G learns: the mean and the width of each of its bumps go down the gradient of its loss, through the D that stands
 * there. A sample is x = mean + width · u, so that ∂L/∂mean is the mean of ∂L/∂x, and ∂L/∂width that of u ∂L/∂x. */

import { DRAWS } from "../kit/density.js";
import { sigmoid } from "../kit/numbers.js";

/** @typedef {import("../kit/density.js").Density} Density */
/** @typedef {{logit: (x: number) => number, slope: (x: number) => number}} Net D: its logit at x, and ∂logit/∂x */
/** @typedef {"non-saturating" | "minimax"} Loss −log D, or log(1 − D) */

const BATCH = 64; // samples of each bump
const RATE = 0.03; // of a step down the gradient

/** −∂L_G/∂logit of a fake. @type {Record<Loss, (logit: number) => number>} */
const WISHES = {
  "non-saturating": (logit) => sigmoid(-logit),
  minimax: (logit) => sigmoid(logit),
};

/** −∂L_G/∂x: where a fake at x is pulled, and how hard.
 * @param {Net} net @param {Loss} loss @param {number} x */
export const pullAt = (net, loss, x) => WISHES[loss](net.logit(x)) * net.slope(x);

/** −∂L_G/∂mean and −∂L_G/∂width of each bump, from draws of u; a bump counts by its weight.
 * @param {Net} net @param {Loss} loss @param {Density} fake @param {readonly number[]} us */
export function pulls(net, loss, { bumps }, us) {
  return bumps.map(({ mean, width, weight }) => {
    const all = us.map((u) => (weight > 0 ? pullAt(net, loss, mean + width * u) : 0));
    const sum = (/** @type {(pull: number, k: number) => number} */ part) =>
      (weight * all.reduce((so, pull, k) => so + part(pull, k), 0)) / us.length;
    return { mean: sum((pull) => pull), width: sum((pull, k) => pull * us[k]) };
  });
}

/** The means and widths of the bumps after a step of G on fresh samples.
 * @param {Net} net @param {Loss} loss @param {Density} fake @param {import("../kit/density.js").Random} random */
export function stepped(net, loss, fake, random) {
  const us = Array.from({ length: BATCH }, () => DRAWS[fake.shape](random));
  const by = pulls(net, loss, fake, us);
  return fake.bumps.map(({ mean, width }, k) => ({
    mean: mean + RATE * by[k].mean,
    width: width + RATE * by[k].width,
  }));
}
