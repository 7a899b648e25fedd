/* How far a guess is from the answer: compare.py, which explains it, for the browser. */

/** @typedef {{kind: "number" | "choice" | "curve", guess: any, truth: any, low: number, high: number, log: boolean,
 *   near: number}} Asked a question with both, by names of traits */
/** @typedef {"spot" | "near" | "far"} Verdict */
/** @typedef {{verdict: Verdict, side: "low" | "high" | "", away: number, by: number}} Reading away: 0 on the spot */

export const COLUMNS = 41;
export const FINER = 4;
const SPOT = 0.01;

/** @param {Asked} asked @returns {Reading} */
export function reading({ kind, guess, truth, low, high, log, near }) {
  if (kind === "choice") {
    const away = guess === truth ? 0 : 1;
    return { verdict: away ? "far" : "spot", side: "", away, by: 0 };
  }
  if (kind === "curve") {
    const away = rms(guess, coarser(truth)) / (high - low);
    return { verdict: verdictOf(away, near), side: "", away, by: away };
  }
  const away = Math.abs(placeOf(guess, low, high, log) - placeOf(truth, low, high, log));
  const by = log ? Math.max(guess / truth, truth / guess) : Math.abs(guess - truth);
  const side = guess < truth ? "low" : guess > truth ? "high" : "";
  return { verdict: verdictOf(away, near), side, away, by };
}

/** Where a number lies in its range, from 0 to 1.
 * @param {number} value @param {number} low @param {number} high @param {boolean} log */
export const placeOf = (value, low, high, log) =>
  log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);

/** The number at a place of its range, in steps, or on a logarithmic axis of two digits.
 * @param {number} place @param {number} low @param {number} high @param {boolean} log @param {number} step */
export function valueAt(place, low, high, log, step) {
  const plain = log ? low * (high / low) ** place : low + step * Math.round((place * (high - low)) / step);
  return Math.min(high, Math.max(low, +plain.toPrecision(log ? 2 : 12)));
}

/** @param {number} away @param {number} near @returns {Verdict} */
const verdictOf = (away, near) => (away <= SPOT ? "spot" : away <= near ? "near" : "far");

/** @param {readonly number[]} guess @param {readonly number[]} truth */
const rms = (guess, truth) => Math.sqrt(guess.reduce((sum, y, k) => sum + (y - truth[k]) ** 2, 0) / guess.length);

/** The answer's curve where the guess is. @param {readonly number[]} truth */
const coarser = (truth) => truth.filter((_, k) => k % FINER === 0);

/** A curve drawn in some columns, in all of them: straight between two, level beyond the ends; null where none is.
 * @param {readonly (number | null)[]} drawn @returns {number[] | null} */
export function completed(drawn) {
  const known = drawn.flatMap((y, k) => (y === null ? [] : [{ k, y }]));
  if (!known.length) return null;
  return drawn.map((_, k) => {
    const after = known.find((each) => each.k >= k) ?? known[known.length - 1];
    const before = known.findLast((each) => each.k <= k) ?? known[0];
    const share = after.k === before.k ? 0 : (k - before.k) / (after.k - before.k);
    return before.y + share * (after.y - before.y);
  });
}
