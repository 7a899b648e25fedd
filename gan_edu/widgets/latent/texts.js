/* Lengths of latents in words, and the signs of places. */

import { make } from "../kit/dom.js";
import { fixed, isNumber } from "../kit/numbers.js";
import { say } from "../kit/words.js";

/** @typedef {"a" | "b" | "c" | "d"} Mark a place that a sample may hold */
/** @typedef {readonly [number, number]} Band between which lengths the latents of training lay */
/** @typedef {number | null | undefined} Length */

/** @param {Mark} mark */
export const badge = (mark) => make("b", { class: "badge" }, mark.toUpperCase());

/** A length, and where the band is. @param {Length} length @param {Band} band */
export const lengthText = (length, band) =>
  say("lengthAt", { length: fixed(length, 1), side: say(sideOf(length, band)) });

/** @param {Length} length @param {Band} band */
function sideOf(length, [low, high]) {
  if (!isNumber(length)) return "outsideBand";
  if (length < low) return "belowBand";
  return length > high ? "aboveBand" : "inBand";
}
