/* The same shuffles as shuffle.py, to the last bit. Numbers: Marsaglia (2003), "Xorshift RNGs", shifts 13, 17 and 5;
 * order: Fisher and Yates, from the last place to the first. */

const [SPREAD, WARM] = [2654435761, 8];
const ALL = 2 ** 32;
export const MOST_ROUNDS = 20;
const [OF_GAME, OF_DEAL, OF_SIDES] = [10_000, 20_000, 30_000]; // seeds: what the game does has no shuffle's number

/** @typedef {{model: number, path: number, shuffled: number}} Round a path and its shuffle, side by side; shuffled: the
 *   place of the shuffle, 0 or 1 */

/** The number after another, of 32 bits. @param {number} before */
export function after(before) {
  let x = before ^ (before << 13);
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

/** Whole numbers from 1 to 2³² − 1, one a call. @param {number} seed */
export function numbers(seed) {
  let x = Math.imul(seed + 1, SPREAD) >>> 0 || 1;
  const next = () => {
    x = after(x);
    return x;
  };
  for (let k = 0; k < WARM; k++) next();
  return next;
}

/** The numbers 0 … count − 1 in another order. @param {number} count @param {number} seed */
export function order(count, seed) {
  const next = numbers(seed);
  const places = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const j = Math.floor((next() * (k + 1)) / ALL); // exact: below 2⁵³
    [places[k], places[j]] = [places[j], places[k]];
  }
  return places;
}

/** What stands at each place after a shuffle; in order where its number is 0.
 * @template T @param {readonly T[]} days @param {number} seed @returns {readonly T[]} */
export const reordered = (days, seed) => (seed ? order(days.length, seed).map((k) => days[k]) : days);

/** A path's days as the game shuffles them. @param {readonly number[]} returns @param {number} path its place */
export const forGame = (returns, path) => reordered(returns, OF_GAME + path);

/** The rounds of a game over all paths of all models. @param {number} models @param {number} paths @param {number} deal
 * @returns {Round[]} */
export function rounds(models, paths, deal) {
  const next = numbers(OF_SIDES + deal);
  const places = order(models * paths, OF_DEAL + deal).slice(0, MOST_ROUNDS);
  return places.map((at) => ({ model: Math.floor(at / paths), path: at % paths, shuffled: next() >>> 31 }));
}
