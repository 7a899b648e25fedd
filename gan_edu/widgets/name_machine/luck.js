/* How many of n rounds someone gets right who only guesses, and what a score is worth beside it. */

/** @typedef {{names: [string, string], real: number, by: string, judged: [number, number] | null}} Pair real: the place
 *   of the real name; by: the network that made the other; judged: D's probabilities that each is real */

const TAIL = 0.025; // at each side: at least 95 of 100 games lie between

/** The fewest and the most rounds of n that a guesser gets right, each with probability ½, in at least 95 of 100 games.
 * @param {number} n @returns {[number, number]} */
export function guessing(n) {
  let [low, chance, below] = [0, 0.5 ** n, 0]; // chance: of exactly low, C(n, low) / 2ⁿ; below: of fewer
  while (below + chance <= TAIL) {
    below += chance;
    chance *= (n - low) / (low + 1);
    low += 1;
  }
  return [low, n - low];
}

/** What D takes for the real one: the first of two that are alike to it. @param {readonly [number, number]} judged */
export const choiceOf = ([first, second]) => (second > first ? 1 : 0);

/** How many of the rounds played were right, for the reader and for D, of one network or of all.
 * @param {readonly Pair[]} pairs @param {readonly number[]} guesses @param {string} [by] */
export function scoreOf(pairs, guesses, by) {
  const played = guesses.map((guess, k) => ({ guess, pair: pairs[k] })).filter(({ pair }) => !by || pair.by === by);
  const right = (/** @type {(round: typeof played[number]) => number} */ chosen) =>
    played.filter((round) => chosen(round) === round.pair.real).length;
  return {
    count: played.length,
    you: right(({ guess }) => guess),
    d: right(({ pair }) => (pair.judged ? choiceOf(pair.judged) : Number.NaN)),
  };
}
