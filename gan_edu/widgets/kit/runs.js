/* How what is compared, runs or curves, differs beside its colour: each has a letter and a dash. */

import { make } from "./dom.js";

export const LETTERS = "ABCDE";
const DASHES = /** @type {const} */ ([null, "7 3", "2 3", "9 3 2 3", "1 4"]);

/** @param {number} k */
export const letterOf = (k) => String.fromCharCode(LETTERS.charCodeAt(0) + k);

/** The dash of its line; null is none. @param {number} k */
export const dashOf = (k) => DASHES[k % DASHES.length];

/** Its letter, in its colour. @param {number} k */
export const badgeOf = (k) => make("b", { class: `badge run${k}` }, letterOf(k));
