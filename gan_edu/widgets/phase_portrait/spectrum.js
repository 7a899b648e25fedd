/* The eigenvalues of the Dirac-GAN at (0, 0): of its field, and of one round of its steps. */

import { jacobian } from "./dirac.js";

/** @typedef {[number, number]} Complex real and imaginary part */
/** @typedef {{flow: Complex[], update: Complex[]}} Spectrum flow: of the field, 2; update: of a round, 2 or 4 */

const TURNS = 300; // of Durand and Kerner's method, at most
const STILL = 1e-15; // it has arrived where no guess moves further
const REAL = 1e-7; // an imaginary part below this is none: a double root is found to 1e-8

/** null where there is no Jacobian. The update's solve P Q + (h c)² μᵐ = 0, P = μ² − (1 + β + h p) μ + β, Q with q;
 * m = 2 simultaneous, 3 alternating.
 * @param {import("./dirac.js").Dirac} game @returns {Spectrum | null} */
export function spectrum(game) {
  const rest = jacobian(game);
  if (!rest) return null;
  const { p, q, c } = rest;
  const { step, momentum } = game;
  const flow = quadratic(-(p + q), p * q + c * c);
  if (game.penalty === "WGAN clipping" && game.gamma === 0) return { flow, update: cutToNought(momentum) };
  const alternating = game.order !== "simultaneous";
  const [x, y] = [p, q].map((own) => -(1 + momentum + step * own));
  const turn = (step * c) ** 2;
  const three = x + y + (alternating ? turn : 0);
  const two = x * y + 2 * momentum + (alternating ? 0 : turn);
  const four = [1, three, two, momentum * (x + y), momentum * momentum];
  return { flow, update: momentum ? polynomialRoots(four) : quadratic(three, two) };
}

/** ψ is cut to 0: θ stays, and only D's momentum is left.
 * @param {number} momentum @returns {Complex[]} */
const cutToNought = (momentum) => (momentum ? [1, momentum, momentum, 0] : [1, 0]).map((mu) => [mu, 0]);

/** Both roots of x² + b x + c.
 * @param {number} b @param {number} c @returns {Complex[]} */
function quadratic(b, c) {
  const half = -b / 2;
  const under = half * half - c;
  const root = Math.sqrt(Math.abs(under));
  /** @type {Complex[]} */
  const real = [
    [half + root, 0],
    [half - root, 0],
  ];
  return under >= 0
    ? real
    : [
        [half, root],
        [half, -root],
      ];
}

/** All roots of a polynomial with the leading coefficient 1, by Durand and Kerner: every guess is corrected by all others.
 * @param {number[]} coefficients @returns {Complex[]} */
export function polynomialRoots(coefficients) {
  /** @type {Complex[]} */
  const x = Array.from({ length: coefficients.length - 1 }, (_, k) => [Math.cos(2 * k + 0.4), Math.sin(2 * k + 0.4)]);
  let moved = 1;
  for (let turn = 0; turn < TURNS && moved > STILL; turn++) {
    moved = 0;
    for (let k = 0; k < x.length; k++) {
      const by = correction(coefficients, x, k);
      x[k] = [x[k][0] - by[0], x[k][1] - by[1]];
      moved = Math.max(moved, Math.hypot(...by));
    }
  }
  return x.map(([re, im]) => [re, Math.abs(im) < REAL ? 0 : im]);
}

/** The polynomial at guess k, over the product of its distances to the others.
 * @param {number[]} coefficients @param {Complex[]} x @param {number} k @returns {Complex} */
function correction(coefficients, x, k) {
  /** @type {Complex} */
  let top = [0, 0];
  for (const a of coefficients) {
    const [re, im] = times(top, x[k]);
    top = [re + a, im];
  }
  /** @type {Complex} */
  let low = [1, 0];
  for (const [i, other] of x.entries()) if (i !== k) low = times(low, [x[k][0] - other[0], x[k][1] - other[1]]);
  const size = low[0] ** 2 + low[1] ** 2 || 1e-300;
  return times(top, [low[0] / size, -low[1] / size]);
}

/** @param {Complex} a @param {Complex} b @returns {Complex} */
const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c];
