/* Where a style's pictures lie on its sheet, as asked.py puts them there; and the label that each has. */

/** @typedef {{classes: string[], read: number[][] | null, steps: number, shown: number} & import("../kit/atlas.js").Layout} Board
 *   steps: from a class to another; shown: rows that are on show together */
/** @typedef {{style: number, a: number, b: number, step: number}} At a picture: step of the way from class a to b */

/** Which of a style's pictures it is. @param {Board} board @param {Pick<At, "a" | "b" | "step">} at */
export function placeOf({ classes, steps }, { a, b, step }) {
  if (a === b || step === 0) return a;
  if (step === steps) return b;
  const [low, high, along] = a < b ? [a, b, step] : [b, a, steps - step];
  const pairs = (low * (2 * classes.length - low - 1)) / 2 + high - low - 1; // before this one
  return classes.length + (steps - 1) * pairs + along - 1;
}

/** Where it lies on all sheets. @param {Board} board @param {At} at */
export const frameOf = (board, at) => at.style * board.columns * board.rows + placeOf(board, at);

/** The label of a picture: the share of each class. @param {Board} board @param {At} at */
export function sharesOf({ classes, steps }, { a, b, step }) {
  const shares = classes.map(() => 0);
  shares[a] += 1 - step / steps;
  shares[b] += step / steps;
  return shares;
}

/** What a picture is read as: a class, −1 for none, null where nobody reads. @param {Board} board @param {At} at */
export const readAs = (board, at) => board.read?.[at.style][placeOf(board, at)] ?? null;

/** How many pictures of one class are read as that class, of some styles.
 * @param {Board} board @param {readonly number[]} styles */
export function asAsked({ classes, read }, styles) {
  const right = styles.flatMap((style) => classes.filter((_, c) => read?.[style][c] === c));
  return { count: right.length, all: styles.length * classes.length };
}
