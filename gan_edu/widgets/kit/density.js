/* Densities on a line: bumps of one shape with weights, whose sum is 1, as in gan_edu.core.data.distributions. */

/** @typedef {"gaussian" | "laplace" | "uniform"} Shape */
/** @typedef {{mean: number, width: number, weight: number}} Bump */
/** @typedef {{bumps: Bump[], shape: Shape}} Density */
/** @typedef {{x: number, logP: number, logQ: number}} Pair log p and log q at a place */
/** @typedef {() => number} Random a number in (0, 1) */

/** log κ(u) of a bump's shape, u counted in widths.
 * @type {Record<Shape, (u: number) => number>} */
const LOG_KERNELS = {
  gaussian: (u) => -0.5 * u * u - 0.5 * Math.log(2 * Math.PI),
  laplace: (u) => -Math.abs(u) - Math.LN2,
  uniform: (u) => (Math.abs(u) <= 1 ? -Math.LN2 : Number.NEGATIVE_INFINITY),
};

/** A draw of u, of mean 0 and width 1. @type {Record<Shape, (random: Random) => number>} */
export const DRAWS = {
  gaussian: normal,
  laplace(random) {
    const t = random();
    return t < 0.5 ? Math.log(2 * t + 1e-300) : -Math.log(2 * (1 - t));
  },
  uniform: (random) => 2 * random() - 1,
};

/** log p(x) in nats; −∞ where p is 0.
 * @param {Density} density @param {number} x */
export function logDensity({ bumps, shape }, x) {
  const parts = bumps
    .filter(({ weight }) => weight > 0)
    .map(({ mean, width, weight }) => Math.log(weight / width) + LOG_KERNELS[shape]((x - mean) / width));
  const most = Math.max(...parts);
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(parts.reduce((sum, part) => sum + Math.exp(part - most), 0));
}

/** @param {Density} p @param {Density} q @param {number} x @returns {Pair} */
export const pairAt = (p, q, x) => ({ x, logP: logDensity(p, x), logQ: logDensity(q, x) });

/** The logit of D*: log p − log q. @param {Pair} at */
export const bestLogit = (at) => at.logP - at.logQ;

/** Random numbers from a seed: x ← 48271 x mod 2³¹ − 1 (Park and Miller 1988).
 * @param {number} seed @returns {Random} */
export function randomFrom(seed) {
  let state = 12345 + 7919 * seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A draw of N(0, 1) (Box and Muller 1958). @param {Random} random */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A draw of a density. @param {Density} density @param {Random} random */
export function drawFrom({ bumps, shape }, random) {
  let left = random();
  const there = bumps.filter(({ weight }) => weight > 0);
  const chosen = there.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  const { mean, width } = chosen ?? there[0];
  return mean + width * DRAWS[shape](random);
}
