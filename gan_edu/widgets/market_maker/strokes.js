/* Shapes that the plots of a path have in common, between a plot's axes. */

import { spot } from "../kit/plot.js";

/** @typedef {import("../kit/plot.js").Plot} Plot */
/** @typedef {import("../kit/plot.js").Place} Place */

/** A stroke from 0 to each value. @param {Plot} plot @param {string} kind @param {readonly Place[]} points */
export function strokes(plot, kind, points) {
  const zero = plot.y(0).toFixed(1);
  const each = points.map(([x, y]) => `M${plot.x(x).toFixed(1)} ${zero}V${plot.y(y).toFixed(1)}`);
  plot.path(kind, each.join(""));
}

/** What lies between two lines. @param {Plot} plot @param {string} kind
 * @param {readonly Place[]} lower @param {readonly Place[]} upper from left to right, each */
export function between(plot, kind, lower, upper) {
  const round = [...plot.apart(lower), ...plot.apart(upper).reverse()].map((place) => spot(plot.pixel(place)));
  plot.path(kind, `M${round.join("L")}Z`);
}

/** Values with their places, from the first. @param {readonly number[]} values @param {number} [first]
 * @returns {Place[]} */
export const numbered = (values, first = 0) => values.map((y, k) => [k + first, y]);
