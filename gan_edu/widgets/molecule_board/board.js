/* What a board holds, as stored.py arranges it, and what a filter leaves of it. */

import { numeral, say } from "../kit/words.js";

/** @typedef {"qed" | "logp" | "sa" | "atoms" | "nearest"} Property */
/** @typedef {[number, number, number, string, string]} Letter x, y, size, letter, the name of its colour */
/** @typedef {{smiles: string, box: number[], path: string, letters: Letter[]} & Record<Property, number>} Molecule */
/** @typedef {{valid: number, unique: number, qed: number}} Point */
/** @typedef {object} Board
 * @property {number[]} shares of λ
 * @property {number[]} steps
 * @property {number} seed
 * @property {number} draws that a point's numbers are of
 * @property {number[][][]} grids places in molecules, or −1, by share and step
 * @property {Point[][]} points
 * @property {Molecule[]} molecules
 * @property {number} data the mean QED of what was learned from
 * @property {Record<Property, number>} digits */
/** @typedef {{property: Property, side: "least" | "most", limit: number | null}} Filter */

/** @type {readonly Property[]} */
export const PROPERTIES = ["qed", "logp", "sa", "atoms", "nearest"];

/** The twelve of a point; null for an empty tile. @param {Board} board @param {number} row @param {number} column */
export const gridOf = ({ grids, molecules }, row, column) => grids[row][column].map((k) => molecules[k] ?? null);

/** Whether a filter leaves a molecule. Numbers are compared as they are shown.
 * @param {Filter} filter @param {Molecule | null} molecule @param {Board["digits"]} digits */
export function leaves({ property, side, limit }, molecule, digits) {
  if (limit === null || !molecule) return limit === null;
  const at = +limit.toFixed(digits[property]);
  return side === "least" ? molecule[property] >= at : molecule[property] <= at;
}

/** From where to where a property goes, and in which steps, over all molecules; never a single point.
 * @param {Board} board @param {Property} property */
export function rangeOf({ molecules, digits }, property) {
  const step = 10 ** -digits[property];
  const values = molecules.map((each) => each[property]);
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  return { low, high: +Math.max(high, low + step).toFixed(digits[property]), step };
}

/** Where the slider of a filter stands: without a limit at the end where nobody fades.
 * @param {Filter} filter @param {{low: number, high: number}} range */
export const standsAt = ({ side, limit }, { low, high }) => limit ?? (side === "least" ? low : high);

/** The limit of a filter whose slider stands there: none at the end where nobody fades.
 * @param {number} at @param {"least" | "most"} side @param {{low: number, high: number}} range */
export const limitAt = (at, side, { low, high }) => ((side === "least" ? at <= low : at >= high) ? null : at);

/** Labels beside the ends of lines, none over another: each is moved down as far as the one above it asks, and all up again
 * where the last would leave the plot.
 * @param {readonly number[]} heights in pixels @param {number} apart @param {number} bottom @returns {number[]} in their order */
export function spread(heights, apart, bottom) {
  const order = [...heights.keys()].sort((a, b) => heights[a] - heights[b]);
  const places = [...heights];
  for (const [k, at] of order.entries()) if (k) places[at] = Math.max(places[at], places[order[k - 1]] + apart);
  for (let k = order.length - 1; k >= 0; k--)
    places[order[k]] = Math.min(places[order[k]], k + 1 < order.length ? places[order[k + 1]] - apart : bottom);
  return places;
}

/** A number of a molecule in words. @param {Board["digits"]} digits @param {Property} property @param {number} value */
export const numberText = (digits, property, value) => numeral(value, digits[property]);

/** λ with the digits that it has. @param {number} share */
export const plain = (share) => {
  const digits = String(+share.toFixed(4)).split(".")[1]?.length ?? 0;
  return numeral(share, digits);
};

/** What the ends of λ leave alone, behind its number. @param {number} share */
export const endText = (share) =>
  share === 0 || share === 1 ? say("listComma") + say(share ? "dAlone" : "objectiveAlone") : "";

/** A molecule with its numbers, for who does not see it. @param {Board} board @param {Molecule | null} molecule
 * @param {boolean} isLeft */
export function told({ digits }, molecule, isLeft) {
  if (!molecule) return say("none");
  const numbers = PROPERTIES.map((each) => `${say(each)} ${numberText(digits, each, molecule[each])}`);
  return [...numbers, molecule.smiles, ...(isLeft ? [] : [say("fades")])].join(say("listComma"));
}
