/* What one types as the beginning of a name, read as letters that the networks know. It is text, whatever it looks like. */

import { oddSigns, shownSign } from "../kit/signs.js";
import { say } from "../kit/words.js";

/** @typedef {{beginning: string, odd: string[], long: number}} Read odd: what no real name holds; long: how many letters
 *   there are where they are too many, else 0 */

const LONGEST = 500; // a text that is longer is not looked at

/** @param {string} typed @param {{letters: string, most: number}} known @returns {Read} */
export function read(typed, { letters, most }) {
  const there = new Set(letters);
  const text = there.has(" ") ? typed.trimStart() : typed.trim();
  if (text.length > LONGEST) return { beginning: "", odd: [], long: [...text].length };
  const forms = [text, text.normalize("NFC"), text.normalize("NFD")].flatMap((form) => [form, form.toLowerCase()]);
  const oddOf = (/** @type {string} */ form) => [...form].filter((letter) => !there.has(letter));
  const beginning = forms.find((form) => oddOf(form).length === 0);
  if (beginning === undefined) return { beginning: "", odd: signs(forms[2], there), long: 0 };
  const count = [...beginning].length;
  return { beginning, odd: [], long: count > most ? count : 0 };
}

/** The signs that are not known, each once. @param {string} text @param {Set<string>} there */
function signs(text, there) {
  const known = (/** @type {string} */ letter) => there.has(letter) || there.has(letter.toLowerCase());
  const odd = oddSigns(text, (sign) => [...sign].every(known));
  return odd.map((sign) => (sign === " " ? say("space") : shownSign(sign)));
}
