/* Numbers as text, and lists of numbers. */

import { bisectRight } from "d3-array";
import { numeral, say } from "./words.js";

/**
 * @typedef {number | null | undefined} Maybe null in what the kernel computed: it was not finite; undefined: none is
 * there
 */

/** @param {unknown} x @returns {x is number} */
export const isNumber = (x) => typeof x === "number" && Number.isFinite(x);

/** What stands where a number is none. */
export const noNumber = () => say("notANumber");

/** @param {number} x */
export const whole = (x) => numeral(Math.round(x), 0, true);

/** @param {Maybe} x @param {number} [digits] */
export const fixed = (x, digits = 2) => (isNumber(x) ? numeral(x, digits) : x === undefined ? "–" : noNumber());

/** A number that may be infinite, and is 0 without a sign where it is written so.
 * @param {number} x @param {number} [digits] */
export function signed(x, digits = 4) {
  if (x === Number.POSITIVE_INFINITY) return "∞";
  if (x === Number.NEGATIVE_INFINITY) return "−∞";
  return numeral(Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x, digits);
}

/** A pair of numbers. @param {readonly [number, number]} pair @param {number} [digits] */
export const pairText = ([a, b], digits = 2) => `(${signed(a, digits)}, ${signed(b, digits)})`;

/** How many digits a number has after the point, of so many that count.
 * @param {number} x @param {number} [significant] */
export function decimals(x, significant = 4) {
  const [mantissa, power] = (+x.toPrecision(significant)).toExponential().split("e");
  return Math.max(0, (mantissa.split(".")[1] ?? "").length - Number(power));
}

/** Four digits that count, a power of ten where it is very small or very large, and plainly so where it is no number.
 * @param {number} x */
export function brief(x) {
  if (Number.isNaN(x)) return "NaN";
  const size = Math.abs(x);
  if (size === 0 || size === Number.POSITIVE_INFINITY) return signed(x, 0);
  if (size >= 1e-3 && size < 1e5) return numeral(+x.toPrecision(4), decimals(x));
  const [mantissa, power] = x.toExponential(2).split("e").map(Number);
  return `${numeral(mantissa, 2)}e${numeral(power, 0)}`;
}

/** @param {Maybe} x */
export const fidText = (x) => fixed(x, isNumber(x) && x >= 100 ? 0 : isNumber(x) && x >= 10 ? 1 : 2);

/** @param {Maybe} x @param {number} [digits] */
export const inNats = (x, digits) => (isNumber(x) ? say("inNats", { value: fixed(x, digits) }) : fixed(x));

/** @param {Maybe} x */
export const optimumText = (x) => (x === 0.5 ? "½" : isNumber(x) ? fixed(x, 3) : "");

/** What D makes of a probability.
 * @param {number} p */
export const looks = (p) => say(p > 0.5 ? "looksReal" : p < 0.5 ? "looksFake" : "undecided");

/** @param {number} epoch */
export function epochText(epoch) {
  if (epoch < 1) return String(+epoch.toFixed(epoch < 0.01 ? 4 : 2));
  const near = Math.round(epoch);
  return Math.abs(epoch - near) < 0.02 ? whole(near) : numeral(epoch, epoch < 10 ? 1 : 0);
}

/** @param {number} logit */
export const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));

/** @param {number} x @param {number} low @param {number} high */
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

/** Index of the last entry of an ascending list that is ≤ value; −1 when there is none.
 * @param {ArrayLike<number>} list @param {number} value */
export const lastAtOrBefore = (list, value) => bisectRight(list, value) - 1;

/** Index of the entry of an ascending list that is nearest to value.
 * @param {ArrayLike<number>} list @param {number} value */
export function nearest(list, value) {
  const left = lastAtOrBefore(list, value);
  if (left < 0) return 0;
  return left + 1 < list.length && list[left + 1] - value < value - list[left] ? left + 1 : left;
}
