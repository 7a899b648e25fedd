/* What is drawn to be learned: a pointer's stroke as points at even distances, and shapes to take. */

import { clamp } from "../kit/numbers.js";

/** @typedef {import("./frames.js").Point} Point */

export const REACH = 1.45; // as far from the middle a point may lie, each way; as in widgets/plane/settings.py
export const MOST_POINTS = 1500;
const MOST_LEARNED = 400; // as MOST_DRAWN of widgets/plane/settings.py
const APART = 0.03;
const ALONG = 160; // points of a shape

/** The points that a stroke adds on its way to a place; from: where it was, none where it starts.
 * @param {Point | undefined} from @param {Point} to @returns {Point[]} */
export function along(from, [x, y]) {
  if (!from) return [kept(x, y)];
  const far = Math.hypot(x - from[0], y - from[1]);
  if (far < APART) return [];
  const parts = Math.max(1, Math.round(far / APART));
  return Array.from({ length: parts }, (_, k) => {
    const t = (k + 1) / parts;
    return kept(from[0] + (x - from[0]) * t, from[1] + (y - from[1]) * t);
  });
}

/** @param {number} x @param {number} y @returns {Point} */
const kept = (x, y) => [clamp(+x.toFixed(3), -REACH, REACH), clamp(+y.toFixed(3), -REACH, REACH)];

/** Of how many points one is learned. @param {number} count */
export const oneIn = (count) => Math.ceil(count / MOST_LEARNED);

/** @type {Record<"heart" | "star" | "eight", (t: number) => Point>} once round, as t goes from 0 to 2 π */
const CURVES = { heart, star, eight: (t) => [1.05 * Math.sin(t), 1.05 * Math.sin(t) * Math.cos(t)] };

/** @typedef {keyof typeof CURVES} Shape */

/** @param {Shape} name @returns {Point[]} */
export const shape = (name) =>
  Array.from({ length: ALONG }, (_, k) => {
    const [x, y] = CURVES[name]((k / ALONG) * 2 * Math.PI);
    return [+x.toFixed(3), +y.toFixed(3)];
  });

/** @param {number} t @returns {Point} */
function heart(t) {
  const up = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
  return [0.075 * 16 * Math.sin(t) ** 3, 0.075 * up + 0.15];
}

/** Straight lines between ten corners, every other one further in. @param {number} t @returns {Point} */
function star(t) {
  const corner = (/** @type {number} */ n) => {
    const [radius, angle] = [n % 2 ? 0.42 : 1.05, (n * Math.PI) / 5];
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  };
  const along = (t / Math.PI) * 5;
  const [from, to, share] = [corner(Math.floor(along)), corner(Math.floor(along) + 1), along % 1];
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}
