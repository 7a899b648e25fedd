/* The ground that the plane's picture is painted on: a canvas, and where the places of the plane lie on it. */

import { sharp } from "../kit/canvas.js";
import { clamp } from "../kit/numbers.js";

/** @typedef {object} Paper
 * @property {CanvasRenderingContext2D} context
 * @property {number} size of a side, in pixels
 * @property {number} ratio pixels of the screen for one of the page
 * @property {number} radius of a point
 * @property {boolean} dark
 * @property {string} rim the colour round a mark
 * @property {(x: number) => number} x pixels from the left
 * @property {(y: number) => number} y pixels from the top
 */

/** @param {HTMLCanvasElement} canvas @param {number} edge where the picture ends @param {boolean} dark
 * @returns {Paper | null} */
export function paperOf(canvas, edge, dark) {
  const found = sharp(canvas);
  if (!found) return null;
  const { context, width: size, ratio } = found;
  const scale = size / 2 / edge;
  return {
    ...{ context, size, ratio, dark },
    rim: dark ? "#14171a" : "#fff",
    radius: ratio * clamp(size / ratio / 160, 1.6, 2.8),
    x: (x) => size / 2 + x * scale,
    y: (y) => size / 2 - y * scale,
  };
}
