/* A game of two numbers: V and its slopes come as tables; between their points they are interpolated by cubics, so that any
 * start and any step can be tried without the kernel.
 */

import { bytesOf } from "../kit/dom.js";
import { clamp } from "../kit/numbers.js";
import { walk } from "../kit/two_players.js";

/** @typedef {[number, number]} Place d and g */
/** @typedef {"simultaneous" | "alternating"} Order D first, where they alternate */
/** @typedef {{name: string, side: number, reach: number, values: string | ArrayBufferView}} Table as Python sends it */

const LEVEL_COUNT = 16;
const FLAT = 1e-4; // a row whose top rises less above its ends has none

export class Game {
  /** @param {Table} table */
  constructor({ name, side, reach, values }) {
    const all = new Float32Array(bytesOf(values));
    const part = (/** @type {number} */ k) => all.subarray(k * side * side, (k + 1) * side * side);
    this.name = name;
    this.side = side; // points of the grid
    this.reach = reach; // d and g go from −reach to reach
    /** V, ∂V/∂d and ∂V/∂g, g in rows and d in columns */
    this.tables = [part(0), part(1), part(2)];
    this.low = this.tables[0].reduce((a, b) => Math.min(a, b));
    this.high = this.tables[0].reduce((a, b) => Math.max(a, b));
  }
  /** Table k at any place, by cubics through the nearest four points each way; at an edge these are off their middle.
   * @param {number} k @param {number} d @param {number} g */
  at(k, d, g) {
    const [x, y] = [this.place(d), this.place(g)];
    const [i, j] = [this.first(x), this.first(y)];
    const [wx, wy] = [weights(x - i), weights(y - j)];
    let sum = 0;
    for (let b = 0; b < 4; b++)
      for (let a = 0; a < 4; a++) sum += wy[b] * wx[a] * this.tables[k][(j + b - 1) * this.side + i + a - 1];
    return sum;
  }
  /** Where a number stands on the grid. @param {number} t */
  place(t) {
    return clamp((t + this.reach) / (2 * this.reach), 0, 1) * (this.side - 1);
  }
  /** The point that a cubic's weights count from. @param {number} x */
  first(x) {
    return clamp(Math.floor(x), 1, this.side - 3);
  }
  /** @param {number} d @param {number} g */
  v(d, g) {
    return this.at(0, d, g);
  }
  /** V as a share of all that the picture holds. @param {number} v */
  level(v) {
    return (v - this.low) / (this.high - this.low || 1);
  }
  /** @param {number} d @param {number} g */
  inside(d, g) {
    return Math.abs(d) <= this.reach && Math.abs(g) <= this.reach;
  }
  /** Heights of the contour lines: as much of the map between any two, and the saddle's own, which cross in it. */
  levels() {
    const sorted = Float32Array.from(this.tables[0]).sort();
    const quantile = (/** @type {number} */ share) => sorted[Math.floor(share * sorted.length)];
    return [...Array.from({ length: LEVEL_COUNT - 1 }, (_, k) => quantile((k + 1) / LEVEL_COUNT)), this.v(0, 0)];
  }
  /** The places that gradient steps lead through; it ends where they leave the picture.
   * @param {Place} start @param {number} step @param {number} count @param {Order} order */
  path([d, g], step, count, order) {
    const inside = (/** @type {readonly [number, number]} */ place) => this.inside(place[1], place[0]);
    /** @param {number} g @param {number} d @returns {Place} */
    const field = (g, d) => (this.inside(d, g) ? [-this.at(2, d, g), this.at(1, d, g)] : [0, 0]); // D climbs, G descends
    /** @type {import("../kit/two_players.js").Rule} */
    const rule = { step, order: order === "alternating" ? "D first" : "simultaneous" };
    return walk([g, d], count, field, rule, inside).map(([g, d]) => /** @type {Place} */ ([d, g]));
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
  /** @param {number} k */
  coordinate(k) {
    return -this.reach + (2 * this.reach * k) / (this.side - 1);
  }
}

/** Lagrange's weights of four points at −1, 0, 1 and 2, for a t between them. @param {number} t */
const weights = (t) => [
  (-t * (t - 1) * (t - 2)) / 6,
  ((t + 1) * (t - 1) * (t - 2)) / 2,
  (-(t + 1) * t * (t - 2)) / 2,
  ((t + 1) * t * (t - 1)) / 6,
];
