/* What one types as a message, read as letters and spaces. It is text, whatever it looks like. */

import { oddSigns, shownSign } from "../kit/signs.js";
import { isRead, letters } from "./cipher.js";

/** @typedef {{text: number[], odd: string[], long: number, none: "" | "empty" | "noLetter"}} Read text: its symbols, none
 *   where it cannot be used; odd: signs that were left out; long: how many symbols there are where they are too many */

const FURTHEST = 2000; // a text that is longer is not looked at

/** @param {string} typed @param {number} longest @returns {Read} */
export function read(typed, longest) {
  if (typed.length > FURTHEST) return { text: [], odd: [], long: [...typed].length, none: "" };
  const text = letters(typed);
  if (text.length > longest) return { text: [], odd: [], long: text.length, none: "" };
  if (!text.length) return { text, odd: [], long: 0, none: typed.trim() ? "noLetter" : "empty" };
  return { text, odd: oddSigns(typed, isRead).map(shownSign), long: 0, none: "" };
}
