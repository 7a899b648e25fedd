/* Signs of a text as one sees them: an emoji may be several characters. */

/** The signs of a text for which `fine` does not hold, each once.
 * @param {string} text @param {(sign: string) => boolean} fine */
export function oddSigns(text, fine) {
  const seen = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  return [...new Set(seen.filter((sign) => !fine(sign)))];
}

/** A sign between marks, apart from the direction of the text around it; one that cannot be seen by its number.
 * @param {string} sign */
export function shownSign(sign) {
  if (!/^[\p{C}\p{Z}\p{M}]+$/u.test(sign)) return apart(sign);
  return [...sign].map((each) => `U+${each.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`).join(" ");
}

/** A text apart from the direction of the text around it. @param {string} text */
export const apart = (text) => `\u2068${text}\u2069`;
