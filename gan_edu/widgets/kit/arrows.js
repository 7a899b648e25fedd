/* Arrows in a plot. */

import { spot } from "./plot.js";

/** @typedef {import("./plot.js").Place} Place */

const [FEW, MANY, NARROW] = [11, 15, 330]; // arrows a side; fewer where it is less wide, in pixels
const STILL = 1e-9; // a speed below it has no arrow

/** The path of an arrow. @param {Place} tail in pixels @param {Place} tip */
export function arrowPath(tail, tip) {
  const [right, down] = [tip[0] - tail[0], tip[1] - tail[1]];
  const size = Math.hypot(right, down) || 1;
  const head = Math.min(4.5, size * 0.4) / size;
  const wing = (/** @type {1 | -1} */ side) =>
    spot([tip[0] - head * (right + side * 0.6 * down), tip[1] - head * (down - side * 0.6 * right)]);
  return `M${spot(tail)}L${spot(tip)}M${wing(1)}L${spot(tip)}L${wing(-1)}`;
}

/** The path of a field's arrows on a lattice, their length by the square root of the speed, so that slow places show
 * their direction too. @param {import("./plot.js").Plot} plot @param {(x: number, y: number) => Place} field */
export function arrowsPath(plot, field) {
  const count = plot.width < NARROW ? FEW : MANY;
  const { left, right, top, bottom } = plot.edges;
  const line = Array.from({ length: count }, (_, k) => (2 * k + 1) / (2 * count));
  const found = line.flatMap((across) =>
    line.map((up) => {
      const at = /** @type {const} */ ([left + across * (right - left), bottom - up * (bottom - top)]);
      const v = field(plot.x.invert(at[0]), plot.y.invert(at[1]));
      return { at, v, speed: Math.hypot(...v) };
    }),
  );
  const most = Math.max(...found.map(({ speed }) => speed)) || 1;
  const long = (0.84 * (right - left)) / count;
  const moving = found.filter(({ speed }) => speed > STILL);
  const arrows = moving.map(({ at: [x, y], v, speed }) => {
    const half = (long * Math.max(0.25, Math.sqrt(speed / most))) / (2 * speed);
    return arrowPath([x - half * v[0], y + half * v[1]], [x + half * v[0], y - half * v[1]]);
  });
  return arrows.join("");
}
