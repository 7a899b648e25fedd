/* The axis that a column's values stand on, also a logarithmic one, on which 0 has a place of its own. */

import { extent, ticks } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";

/** @typedef {{place: (value: number) => number, ticks: number[]}} Axis
 *   place: from the left end, 0, to the right one, 1 */

const ROOM = 0.04; // of the axis, at either end
const ZERO_SHARE = 0.07; // of a logarithmic axis, for values that are 0
const ZERO = 0.02; // where these stand
const MOST = 6; // ticks of a logarithmic axis

/** The axis that holds all of these values.
 * @param {number[]} values @param {boolean} log @returns {Axis} */
export function axisOf(values, log) {
  const positive = values.filter((value) => value > 0);
  return log && positive.length ? logarithmic(positive, values.includes(0)) : linear(values);
}

/** @param {number[]} values @returns {Axis} */
function linear(values) {
  const scale = scaleLinear(widened(values), [0, 1]);
  return { place: scale, ticks: scale.ticks(4) };
}

/** @param {number[]} positive @param {boolean} zero whether there are values that are 0 @returns {Axis} */
function logarithmic(positive, zero) {
  const ends = widened(positive.map(Math.log10)).map((power) => 10 ** power);
  const scale = scaleLog(ends, [zero ? ZERO_SHARE : 0, 1]);
  const round = [[1, 2, 5], [1, 3], [1]].map((marks) => scale.ticks().filter((t) => marks.includes(mantissa(t))));
  const found = round.find((some) => some.length <= MOST) ?? round[2];
  const shown = found.length > 1 ? found : ticks(ends[0], ends[1], 4);
  return { place: (value) => (value > 0 ? scale(value) : ZERO), ticks: zero ? [0, ...shown] : shown };
}

/** The ends of an axis with room beside all values.
 * @param {number[]} values @returns {[number, number]} */
function widened(values) {
  const [low = 0, high = 1] = extent(values);
  const room = (high - low) * ROOM || Math.abs(high) * 0.05 || 1;
  return [low - room, high + room];
}

/** A number without its power of ten. @param {number} t */
const mantissa = (t) => +t.toExponential(9).split("e")[0];

/** Those ticks, from the left, that stand far enough behind the last one.
 * @param {Axis} axis @param {number} apart as a share of the axis */
export function roomyTicks({ place, ticks: all }, apart) {
  /** @type {number[]} */
  const found = [];
  for (const tick of all) if (!found.length || place(tick) - place(found[found.length - 1]) > apart) found.push(tick);
  return found;
}
