/* What the traits say: masses at places, in one of two worlds, and how far p_g may be pulled in it. */

import { clamp } from "../kit/numbers.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {"line" | "plane"} WorldName */
/** @typedef {{masses: number[], places: Place[]}} Side masses: in the bins that JS and KL look at */

export const BINS = 40;
export const WIDTH = 0.25; // of a bin of the line, which goes from 0 to 10
export const GRAINS = 20; // the most in a bin
export const COUNT = 12; // points a cloud
export const PLANE = /** @type {const} */ ({ xs: [-6, 6], ys: [-4.5, 4.5] }); // its bins are squares of side 1

/** The middle of a bin. @param {number} k */
export const middle = (k) => (k + 0.5) * WIDTH;
export const MIDDLES = Array.from({ length: BINS }, (_, k) => middle(k));

/** Grains that a link can have brought: none below 0, and never none at all.
 * @param {readonly number[]} grains */
export function sound(grains) {
  const kept = Array.from({ length: BINS }, (_, k) => clamp(grains[k] ?? 0, 0, GRAINS));
  if (!kept.some((each) => each > 0)) kept[BINS / 2] = 1;
  return kept;
}

/** Moved by whole bins. @param {readonly number[]} grains @param {number} by */
export const moved = (grains, by) => grains.map((_, k) => grains[k - by] ?? 0);

/** Each pile weighs 1. @param {readonly number[]} grains */
export function shares(grains) {
  const total = grains.reduce((a, b) => a + b, 0);
  return grains.map((each) => each / total);
}

/** How far a list of numbers can be moved within two ends. @param {readonly number[]} list @param {readonly [number, number]} ends
 * @returns {[number, number]} */
export const room = (list, [low, high]) => [low - Math.min(...list), high - Math.max(...list)];

/** How many bins a pile can go to the left, below 0, and to the right. @param {readonly number[]} grains */
export function binRoom(grains) {
  const filled = grains.flatMap((each, k) => (each > 0 ? [k] : []));
  return room(filled, [0, BINS - 1]);
}

/** The middle of a pile: of its first bin and its last. @param {readonly number[]} grains */
export function centre(grains) {
  const filled = grains.flatMap((each, k) => (each > 0 ? [k] : []));
  return (middle(filled[0]) + middle(filled[filled.length - 1])) / 2;
}

/** x0, y0, x1, … as places, moved. @param {readonly number[]} list @param {number} [right] @param {number} [up] @returns {Place[]} */
export const placesOf = (list, right = 0, up = 0) =>
  Array.from({ length: COUNT }, (_, k) => [(list[2 * k] ?? 0) + right, (list[2 * k + 1] ?? 0) + up]);

/** The middle of places. @param {readonly Place[]} places @returns {Place} */
export function meanOf(places) {
  const mean = (/** @type {0 | 1} */ axis) => places.reduce((total, at) => total + at[axis], 0) / places.length;
  return [mean(0), mean(1)];
}

/** How much of a cloud lies in each square of side 1. @param {readonly Place[]} places */
export function squares(places) {
  const [[left, right], [low, high]] = [PLANE.xs, PLANE.ys];
  const [columns, rows] = [right - left, high - low];
  const masses = Array(columns * rows).fill(0);
  for (const [x, y] of places) {
    const [column, row] = [clamp(Math.floor(x - left), 0, columns - 1), clamp(Math.floor(y - low), 0, rows - 1)];
    masses[row * columns + column] += 1 / places.length;
  }
  return masses;
}

/** Points that a link can have brought, within the plane. @param {readonly number[]} list */
export const inside = (list) =>
  Array.from({ length: 2 * COUNT }, (_, k) => {
    const [low, high] = k % 2 ? PLANE.ys : PLANE.xs;
    return clamp(list[k] ?? 0, low, high);
  });
