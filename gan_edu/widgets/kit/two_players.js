/* Two players, each with a number, and the path of their steps along a field: core/games/update_rules.py has the
 * same. */

import { clamp } from "./numbers.js";

/** @typedef {import("./plot.js").Place} Place where G and D stand */
/** @typedef {"simultaneous" | "G first" | "D first"} Order */
/** @typedef {{step: number, order: Order, momentum?: number, clip?: number}} Rule
 *   momentum: heavy ball; clip: after its moves D's number is cut off at −clip and clip */

/** Who moves together, G being 0 and D 1. @type {Record<Order, readonly (readonly number[])[]>} */
const TURNS = { simultaneous: [[0, 1]], "G first": [[0], [1]], "D first": [[1], [0]] };

/** The places that rounds of steps lead through, the start first; fewer where they lead out of where they go on.
 * @param {Place} start
 * @param {number} rounds
 * @param {(g: number, d: number) => Place} field in which direction they step
 * @param {Rule} rule @param {(place: Place) => boolean} goesOn @returns {Place[]} */
export function walk(start, rounds, field, { step, order, momentum = 0, clip }, goesOn) {
  /** @type {Place[]} */
  const way = [[...start]];
  const speed = [0, 0];
  while (way.length <= rounds && goesOn(way[way.length - 1])) {
    const [...at] = way[way.length - 1];
    for (const moving of TURNS[order]) {
      const v = field(at[0], at[1]); // where the other player now stands
      for (const k of moving) {
        speed[k] = momentum * speed[k] + step * v[k];
        at[k] += speed[k];
      }
      if (clip !== undefined && moving.includes(1)) at[1] = clamp(at[1], -clip, clip);
    }
    way.push([at[0], at[1]]);
  }
  return way;
}

/** The places (d, g) of gradient steps on V(d, g), which D climbs and G descends; orders are those of `walk`.
 * @param {Place} start d and g
 * @param {number} rounds
 * @param {(d: number, g: number) => Place} slopes ∂V/∂d and ∂V/∂g
 * @param {Rule} rule @param {(d: number, g: number) => boolean} goesOn @returns {Place[]} */
export function climb([d, g], rounds, slopes, rule, goesOn) {
  /** @param {number} g @param {number} d @returns {Place} */
  const field = (g, d) => {
    const [byD, byG] = slopes(d, g);
    return [-byG, byD];
  };
  return walk([g, d], rounds, field, rule, ([g, d]) => goesOn(d, g)).map(([g, d]) => [d, g]);
}
