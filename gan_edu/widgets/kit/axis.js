/* Axes, lines and areas in SVG, on scales of d3: what every plot is drawn with. */

import { area, line } from "d3-shape";
import { draw } from "./dom.js";
import { isNumber, signed } from "./numbers.js";

/** @typedef {import("d3-scale").ScaleContinuousNumeric<number, number>} Scale */
/**
 * @typedef {readonly (readonly [number, number | null | undefined])[]} Points each [x, y]; a y that is no number is a
 * gap
 */

/** The text of a tick, as many digits as its distance to the next needs.
 * @param {readonly number[]} ticks @returns {(value: number) => string} */
export function tickText(ticks) {
  const digits = Math.max(0, ...ticks.map((tick) => (String(+tick.toPrecision(10)).split(".")[1] ?? "").length));
  return (value) => signed(value, Math.min(digits, 6));
}

/** Rules across the plot and their numbers at its left.
 * @param {Scale} y @param {readonly [number, number]} across from left to right, in pixels
 * @param {readonly number[]} [ticks] @param {(value: number) => string} [text] */
export function leftAxis(y, [left, right], ticks = y.ticks(4), text = tickText(ticks)) {
  return ticks.flatMap((tick) => [
    draw("path", { class: "rule", d: `M${left} ${y(tick)}H${right}` }),
    draw("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, text(tick)),
  ]);
}

const LETTER = 6; // pixels that a letter of a number takes, at most

/** How words stand by their tick: over its middle, unless they would be cut off at the right.
 * @param {Scale} x @param {number} tick @param {string} words @param {number} [beside] pixels to the right of the plot */
export function anchorOf(x, tick, words, beside = 8) {
  const end = x(tick) + (LETTER * words.length) / 2;
  return end > x.range()[1] + beside ? "end" : "middle";
}

/** The line below the plot and its numbers.
 * @param {Scale} x
 * @param {number} bottom in pixels
 * @param {readonly number[]} [ticks]
 * @param {(value: number) => string} [text] */
export function bottomAxis(x, bottom, ticks = x.ticks(6), text = tickText(ticks)) {
  const [left, right] = x.range();
  const numbers = ticks.map((tick) => {
    const words = text(tick);
    return draw("text", { x: x(tick), y: bottom + 15, "text-anchor": anchorOf(x, tick, words) }, words);
  });
  return [...numbers, draw("path", { class: "axis", d: `M${left} ${bottom}H${right}` })];
}

const ALONE = /M([-\d.]+),([-\d.]+)Z/g; // how d3 writes a point between two gaps

/** The path of a line through points; it has gaps where a number is none, and a short stroke for a number between gaps.
 * @param {Points} points @param {Scale} x @param {Scale} y */
export function linePath(points, x, y) {
  const path = line()
    .defined(([, value]) => isNumber(value))
    .x(([at]) => x(at))
    .y(([, value]) => y(value))
    .digits(1);
  const all = path(/** @type {[number, number][]} */ (points)) ?? "";
  return all.replace(ALONE, (_, left, top) => `M${(left - 1.5).toFixed(1)},${top}h3`);
}

/** The path of the area between points and a base line.
 * @param {Points} points @param {Scale} x @param {Scale} y @param {number} [base] a value of y */
export function areaPath(points, x, y, base = 0) {
  const path = area()
    .defined(([, value]) => isNumber(value))
    .x(([at]) => x(at))
    .y0(y(base))
    .y1(([, value]) => y(value))
    .digits(1);
  return path(/** @type {[number, number][]} */ (points)) ?? "";
}
