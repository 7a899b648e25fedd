/* A game of two numbers, whose V and slopes come as tables. */

import { Table } from "../kit/table.js";
import { climb } from "../kit/two_players.js";

/** @typedef {import("../kit/plot.js").Place} Place d and g */
/** @typedef {"simultaneous" | "alternating"} Order D first, where they alternate */

const FLAT = 1e-4; // a row whose top rises less above its ends has none

export class Game extends Table {
  /** @param {number} d @param {number} g */
  v(d, g) {
    return this.at(0, d, g);
  }
  /** The places that gradient steps lead through; it ends where they leave the picture.
   * @param {Place} start @param {number} step @param {number} count @param {Order} order */
  path(start, step, count, order) {
    const inside = (/** @type {number} */ d, /** @type {number} */ g) => this.holds(d, g);
    /** @param {number} d @param {number} g @returns {Place} */
    const slopes = (d, g) => (inside(d, g) ? [this.at(1, d, g), this.at(2, d, g)] : [0, 0]);
    return climb(start, count, slopes, { step, order: order === "alternating" ? "D first" : "simultaneous" }, inside);
  }
  /** For each g the d in the picture's inside where V is largest, if there is one: pieces of a line.
   * @returns {Place[][]} */
  response() {
    /** @type {Place[][]} */
    const pieces = [[]];
    for (let j = 0; j < this.side; j++) {
      const d = this.best(this.tables[0].subarray(j * this.side, (j + 1) * this.side));
      if (d !== null) pieces[pieces.length - 1].push([d, this.coordinate(j)]);
      else if (pieces[pieces.length - 1].length) pieces.push([]);
    }
    return pieces.filter((piece) => piece.length > 1);
  }
  /** The d of a row's largest V: the top of a parabola through three points. @param {Float32Array} row */
  best(row) {
    const [k, end] = [row.reduce((best, value, i) => (value > row[best] ? i : best), 0), this.side - 1];
    if (k === 0 || k === end || row[k] - Math.min(row[0], row[end]) < FLAT) return null;
    const bend = row[k - 1] - 2 * row[k] + row[k + 1];
    return this.coordinate(k + (bend < 0 ? (row[k - 1] - row[k + 1]) / (2 * bend) : 0));
  }
}
