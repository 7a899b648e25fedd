/* Labels and readings in words. */

import { numeral, say } from "../kit/words.js";
import { readAs, sharesOf } from "./frames.js";

/** @typedef {import("./frames.js").At} At */
/** @typedef {import("./frames.js").Board} Board */

const FRACTIONS = ["0", "⅙", "⅓", "½", "⅔", "⅚", "1"]; // of the way, by its steps

/** @param {number} step */
export const fraction = (step) => FRACTIONS[step];

/** A label: its class, or the shares of two. @param {Board} board @param {At} at */
export function labelText(board, at) {
  const shares = sharesOf(board, at).map((share, k) => /** @type {const} */ ([share, board.classes[k]]));
  const some = shares.filter(([share]) => share > 0);
  if (some.length === 1) return some[0][1];
  return some.map(([share, name]) => say("share", { percent: numeral(100 * share, 0), name })).join(" + ");
}

/** What it is read as; "" where nobody reads. @param {Board} board @param {At} at */
export function readText(board, at) {
  const read = readAs(board, at);
  if (read === null) return "";
  return read < 0 ? say("readAsNone") : say("readAs", { name: board.classes[read] });
}

/** A picture in words. @param {Board} board @param {At} at */
export function told(board, at) {
  const words = [say("labelIs", { label: labelText(board, at) }), say("styleIs", { style: at.style + 1 })];
  return [...words, readText(board, at)].filter(Boolean).join(say("listComma"));
}
