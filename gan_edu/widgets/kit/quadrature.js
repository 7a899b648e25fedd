/* Integrals over two densities on a line as sums: panels of Gauss and Legendre, as in gan_edu.core.data.quadrature. */

import { logDensity } from "./density.js";

/** @typedef {import("./density.js").Density} Density */
/** @typedef {import("./density.js").Pair} Pair */
/** @typedef {Pair & {weight: number}} Node */

const ORDER = 16; // nodes of a panel

/** In widths: where a bump changes its character, and beyond which it is nothing.
 * @type {Record<import("./density.js").Shape, number[]>} */
const REACH = {
  gaussian: [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10],
  laplace: [0, 0.5, 1, 2, 4, 8, 16, 24, 40],
  uniform: [0, 0.5, 1],
};

const NODES = gaussLegendre(ORDER);

/** Nodes and weights on [−1, 1]: roots of the Legendre polynomial, by Newton's method.
 * @param {number} order */
function gaussLegendre(order) {
  return Array.from({ length: order }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (order + 0.5));
    let slope = 1;
    for (let turn = 0; turn < 20; turn++) {
      let [before, now] = [1, x];
      for (let n = 2; n <= order; n++) [before, now] = [now, ((2 * n - 1) * x * now - (n - 1) * before) / n];
      slope = (order * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
}

/** Where some bump changes its character, ascending; panels end there.
 * @param {...Density} densities */
export function joints(...densities) {
  const ends = densities.flatMap(({ bumps, shape }) =>
    bumps
      .filter(({ weight }) => weight > 0)
      .flatMap(({ mean, width }) => REACH[shape].flatMap((reach) => [mean - reach * width, mean + reach * width])),
  );
  return [...new Set(ends)].sort((a, b) => a - b);
}

/** All that integrals over a pair need: at each x its weight, log p and log q.
 * @param {Density} p @param {Density} q @returns {Node[]} */
export function nodes(p, q) {
  const ends = joints(p, q);
  return ends.slice(1).flatMap((end, k) => {
    const [middle, half] = [(end + ends[k]) / 2, (end - ends[k]) / 2];
    return NODES.map(([at, weight]) => {
      const x = middle + half * at;
      return { x, weight: half * weight, logP: logDensity(p, x), logQ: logDensity(q, x) };
    });
  });
}

/** ∫ density · value; where the density is 0 the value does not count.
 * @param {readonly Node[]} points @param {"logP" | "logQ"} which @param {(at: Pair) => number} value */
export function mean(points, which, value) {
  let sum = 0;
  for (const point of points) {
    const mass = Math.exp(point[which]) * point.weight;
    if (mass > 0) sum += mass * value(point);
  }
  return sum;
}
