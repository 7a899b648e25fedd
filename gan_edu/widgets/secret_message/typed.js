/* What one types as a message, read as letters and spaces. It is text, whatever it looks like. */

import { oddSigns, shownSign } from "../kit/signs.js";
import { isRead, letters, spelled } from "./cipher.js";

/** @typedef {{text: number[], odd: string[], cut: string, none: "" | "empty" | "noLetter"}} Read text: its symbols, none
 *   where it cannot be used; odd: signs that were left out; cut: where it is too long, how the rest begins */

const [FURTHEST, TOLD] = [2000, 24]; // what lies beyond is not looked at; letters of a rest that are told

/** @param {string} typed @param {number} longest @returns {Read} */
export function read(typed, longest) {
  const looked = typed.slice(0, FURTHEST);
  const all = letters(looked);
  if (!all.length) return { text: [], odd: [], cut: "", none: looked.trim() ? "noLetter" : "empty" };
  const text = letters(spelled(all.slice(0, longest))); // no space at its end
  const rest = spelled(all.slice(longest)).trim();
  const more = rest.length > TOLD || typed.length > FURTHEST;
  const cut = rest || more ? rest.slice(0, TOLD) + (more ? "…" : "") : "";
  return { text, odd: oddSigns(looked, isRead).map(shownSign), cut, none: "" };
}
