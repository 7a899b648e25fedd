/* The generator's sheet: the image of a grid of latents. Each cell holds the same share of the noise, so that samples
 * are dense where cells are small.
 */

import { clamp } from "../kit/numbers.js";
import { LOST } from "./frames.js";

/** @typedef {import("./frames.js").Point} Point */
/** @typedef {{dim: number, kind: string, points: readonly number[]}} Noise its points in rows, or along a line, in
 *   the steps of int16 */

const SPREAD = 0.45; // as much Gaussian noise is drawn in, to lie in the picture

/** Where the latents stand on their way from the noise (morph 0) to their image (1), in the data's units; null where
 * the image is lost.
 * @param {ArrayLike<number>} image @param {Noise} noise @param {number} morph @param {number} unit
 * @returns {(Point | null)[]} */
export function sheetAt(image, noise, morph, unit) {
  const spread = noise.kind === "gaussian" ? SPREAD : 1;
  const before = (/** @type {number} */ i, /** @type {number} */ k) => {
    if (noise.dim === 1) return k ? 0 : noise.points[i];
    return noise.points[2 * i + k];
  };
  const at = (/** @type {number} */ i, /** @type {number} */ k) =>
    (before(i, k) * spread * (1 - morph) + image[2 * i + k] * morph) / unit;
  return Array.from({ length: image.length / 2 }, (_, i) => (image[2 * i] === LOST ? null : [at(i, 0), at(i, 1)]));
}

/** The cells of a sheet of two dimensions: corners all of whose images are known.
 * @param {readonly (Point | null)[]} points in rows @returns {Point[][]} */
export function cellsOf(points) {
  const side = Math.round(Math.sqrt(points.length));
  const cells = [];
  for (let row = 0; row < side - 1; row++)
    for (let column = 0; column < side - 1; column++) {
      const first = row * side + column;
      const corners = [first, first + 1, first + side + 1, first + side].flatMap((i) => (points[i] ? [points[i]] : []));
      if (corners.length === 4) cells.push(corners);
    }
  return cells;
}

/** The area within corners that follow each other. @param {readonly Point[]} corners */
export function areaOf(corners) {
  const double = corners.reduce((sum, [x, y], k) => {
    const [u, v] = corners[(k + 1) % corners.length];
    return sum + x * v - u * y;
  }, 0);
  return Math.abs(double) / 2;
}

/** How opaque a cell is.
 * @param {number} area of the whole picture's @param {number} share of the noise */
export const cellOpacity = (area, share) => clamp(share / (area * 8 + share * 1.2), 0.02, 0.8);

/** How opaque a piece of a line is. @param {number} length of the picture's side */
export const pieceOpacity = (length) => clamp(0.006 / (length + 0.004), 0.12, 1);
