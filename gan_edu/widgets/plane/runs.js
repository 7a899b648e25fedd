/* How two runs that are compared are called in titles, numbers and charts. */

import { make } from "../kit/dom.js";

const LETTERS = /** @type {const} */ ([
  { letter: "A", kind: "run0" },
  { letter: "B", kind: "run2" },
]);

/** @param {number} k */
export const letterOf = (k) => LETTERS[k].letter;

/** @param {number} k */
export const badgeOf = (k) => make("b", { class: `badge ${LETTERS[k].kind}` }, letterOf(k));
