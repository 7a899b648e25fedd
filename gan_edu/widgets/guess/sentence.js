/* A guess and its answer in words. */

import { brief } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";
import { reading } from "./compare.js";

/** @typedef {import("./compare.js").Asked & {unit: string}} Asked */

/** A number with its unit. @param {number} value @param {string} unit */
export const withUnit = (value, unit) => `${brief(value)} ${unit}`.trim();

/** What was guessed, what it is, and how far off: one sentence.
 * @param {Asked} asked */
export function sentence(asked) {
  const { verdict, side, by } = reading(asked);
  if (asked.kind === "choice")
    return say(verdict === "spot" ? "choiceRight" : "choiceWrong", { guess: asked.guess, answer: asked.truth });
  if (asked.kind === "curve") {
    const off = { off: `${numeral(100 * by, 0)} %` };
    return say(verdict === "spot" ? "curveSpot" : verdict === "near" ? "curveNear" : "curveFar", off);
  }
  const numbers = { guess: withUnit(asked.guess, asked.unit), answer: withUnit(asked.truth, asked.unit) };
  if (verdict === "spot") return say("numberSpot", numbers);
  const how = say(side === "low" ? "tooLow" : "tooHigh", { by: offText(asked, by) });
  return say(verdict === "near" ? "numberNear" : "numberFar", { ...numbers, how });
}

/** How far off, in the unit or as a factor.
 * @param {Asked} asked @param {number} by */
export const offText = ({ log, unit }, by) =>
  log ? say("factor", { by: brief(+by.toPrecision(2)) }) : withUnit(+by.toPrecision(3), unit);
