/* The strengths of a direction, and what was measured at each, as a plot takes them. */

/** @typedef {{name: string, strengths: number[], mean: number[], low: number[], high: number[]}} Direction
 *   what was measured in the pictures at each strength: mean and range */
/** @typedef {readonly [number, number]} Place */

/** The place of the strength that is nearest to another. @param {readonly number[]} strengths @param {number} strength */
export function nearestTo(strengths, strength) {
  const away = strengths.map((each) => Math.abs(each - strength));
  return away.indexOf(Math.min(...away));
}

/** @param {Direction} direction @returns {Place[]} */
export const meanOf = ({ strengths, mean }) => strengths.map((strength, k) => [strength, mean[k]]);

/** The rim of what lies between the least and the largest. @param {Direction} direction @returns {Place[]} */
export function rangeOf({ strengths, low, high }) {
  const over = strengths.map((strength, k) => /** @type {Place} */ ([strength, high[k]]));
  const under = strengths.map((strength, k) => /** @type {Place} */ ([strength, low[k]]));
  return [...over, ...under.reverse()];
}

/** From where to where its axis goes: a tenth beyond what was measured. @param {Direction} direction @returns {Place} */
export function axisOf({ low, high }) {
  const [least, most] = [Math.min(...low), Math.max(...high)];
  const beyond = (most - least || Math.abs(most) || 1) / 10;
  return [least - beyond, most + beyond];
}

/** How many digits tell strengths to a tenth of their least distance, four at most. @param {readonly number[]} strengths */
export function digitsOf(strengths) {
  const apart = Math.min(...strengths.slice(1).map((each, k) => each - strengths[k]));
  const off = (/** @type {number} */ digits) =>
    Math.max(...strengths.map((t) => Math.abs(Number(t.toFixed(digits)) - t)));
  return [0, 1, 2, 3].find((digits) => off(digits) < apart / 10) ?? 4;
}
