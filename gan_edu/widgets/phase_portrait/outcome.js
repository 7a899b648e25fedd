/* What a path does, from its distances to (0, 0): the bands of core/games/path_outcome.py. */

export const LAST = 50; // steps at the end that are looked at
const [CONVERGED, CLOSE, SLOW] = [1e-3, 0.05, 0.9];

/** @typedef {"converges" | "staysClose" | "convergesSlowly" | "doesNotConverge"} Word the key of its text */
/** @typedef {{last: number, left: boolean, word: Word}} Outcome
 *   last: the largest distance of the last steps; left: whether it ran away */

/** @param {number[]} radii of a path's points, the start's first @param {number} steps that were to be taken
 * @returns {Outcome} */
export function outcomeOf(radii, steps) {
  const last = Math.max(...radii.slice(-LAST));
  const before = Math.max(...radii.slice(0, Math.floor(radii.length / 2) + 1).slice(-LAST));
  const left = radii.length <= steps;
  return { last, left, word: left ? "doesNotConverge" : banded(last, radii[0], before) };
}

/** @param {number} last @param {number} first @param {number} before @returns {Word} */
function banded(last, first, before) {
  if (last <= CONVERGED * first) return "converges";
  if (last <= CLOSE * first) return "staysClose";
  return last <= SLOW * before ? "convergesSlowly" : "doesNotConverge";
}
