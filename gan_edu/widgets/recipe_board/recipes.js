/* Recipes: which are one switch apart, and whether the seeds of two tell them apart. */

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {{seed: number, fid: Maybe, seconds: number, way: [number, Maybe][]}} Run way: computing seconds, FID */
/** @typedef {{on: string[], runs: Run[], median: Maybe, low: Maybe, high: Maybe, recall: Maybe, steps: number}} Recipe
 *   median, low, high: of the seeds' FIDs; null where a run without a number is counted as the worst */
/** @typedef {{key: string, label: string, code: string}} Ingredient */
/** @typedef {object} Stored
 * @property {Ingredient[]} ingredients
 * @property {Recipe[]} recipes the best first
 * @property {number} seconds @property {number} samples @property {number} digits of a tile
 * @property {{fid: number, recall: Maybe}} floor @property {import("../kit/atlas.js").Layout} tile */

export const FEWEST = 3; // seeds of each, for a comparison

/** Where a recipe stands among all, −1 where it is not stored. @param {Stored} stored @param {readonly string[]} on */
export const placeOf = ({ recipes }, on) => recipes.findIndex((each) => each.on.join() === on.join());

/** What is on once an ingredient is switched. @param {Stored} stored @param {readonly string[]} on @param {string} key */
export const switched = ({ ingredients }, on, key) =>
  ingredients.map((each) => each.key).filter((each) => on.includes(each) !== (each === key));

/** Which ingredients are in one of two recipes only. @param {Stored} stored
 * @param {readonly string[]} on @param {readonly string[]} before */
export const differing = ({ ingredients }, on, before) =>
  ingredients.filter(({ key }) => on.includes(key) !== before.includes(key));

/** Of equal recipes, one pair in how many has ranges that do not overlap: half of the ways to choose n of n + m runs.
 * @param {number} n @param {number} m */
export function chance(n, m) {
  let ways = 1;
  for (let k = 1; k <= n; k++) ways = (ways * (m + k)) / k;
  return ways / 2;
}

/** What the seeds of two recipes say. @param {Recipe} now @param {Recipe} before
 * @returns {"few" | "overlap" | "better" | "worse"} */
export function verdict(now, before) {
  if (Math.min(now.runs.length, before.runs.length) < FEWEST) return "few";
  const [a, b] = [ends(now), ends(before)];
  return a.high < b.low ? "better" : b.high < a.low ? "worse" : "overlap";
}

/** @param {Recipe} recipe */
const ends = ({ low, high }) => ({ low: low ?? Number.POSITIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY });
