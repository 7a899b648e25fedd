/* Who sees which of two is shuffled: the reader, a judge of one number, and D where its numbers are stored. */

import { clustering } from "./math.js";
import { forGame } from "./shuffle.js";

/** @typedef {{key: string, label: string, paths: number[][], sigma: number[][] | null,
 *   judged: [number, number][] | null}} Model judged: of each path what D says of it, and of its shuffle */
/** @typedef {{days: number, models: Model[]}} Market */
/** @typedef {import("./shuffle.js").Round} Round */
/** @typedef {{two: (readonly number[])[], judged: number[], judge: number, said: number[] | null, d: number | null}} Asked
 *   two: series; judged: the clustering of each, judge: which of them the judge calls shuffled; said, d: likewise D */

/** The place of the lesser of two; the first of two alike. @param {readonly number[]} two */
const lesser = ([first, second]) => (second < first ? 1 : 0);

/** What a round shows, and what is said of it. @param {Market} market @param {Round} round @returns {Asked} */
export function ask({ models }, { model, path, shuffled }) {
  const { paths, judged: known } = models[model];
  const placed = (/** @type {any[]} */ pair) => (shuffled ? pair : [...pair].reverse());
  const two = placed([paths[path], forGame(paths[path], path)]);
  const judged = two.map(clustering);
  const said = known && placed(known[path]);
  return { two, judged, judge: lesser(judged), said, d: said && lesser(said) };
}

/** Of the rounds played, how many each got right; `known`: of how many D has said something.
 * @param {readonly Round[]} rounds @param {readonly number[]} guesses @param {(round: number) => Asked} asked */
export function scoreOf(rounds, guesses, asked) {
  const score = { count: guesses.length, you: 0, judge: 0, d: 0, known: 0 };
  for (const [k, guess] of guesses.entries()) {
    const { judge, d } = asked(k);
    score.you += guess === rounds[k].shuffled ? 1 : 0;
    score.judge += judge === rounds[k].shuffled ? 1 : 0;
    score.d += d === rounds[k].shuffled ? 1 : 0;
    score.known += d === null ? 0 : 1;
  }
  return score;
}
