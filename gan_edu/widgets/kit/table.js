/* Functions of two numbers that come as tables of their values: between the points of the grid they are interpolated by
 * cubics, so that any place can be tried without the kernel. */

import { bytesOf } from "./dom.js";
import { clamp } from "./numbers.js";

/** @typedef {{name: string, side: number, reach: number, values: string | ArrayBufferView}} Sent
 *   as `table` of kit/two_numbers.py makes it; side: points of the grid; reach: it goes from −reach to reach */

export class Table {
  /** @param {Sent} sent */
  constructor({ name, side, reach, values }) {
    const all = new Float32Array(bytesOf(values));
    this.name = name;
    this.side = side;
    this.reach = reach;
    /** Of each function its values, y in rows and x in columns. */
    this.tables = Array.from({ length: all.length / side ** 2 }, (_, k) =>
      all.subarray(k * side * side, (k + 1) * side * side),
    );
  }
  /** Function k at a place, through the nearest four points each way; at an edge these are off their middle.
   * @param {number} k @param {number} x @param {number} y */
  at(k, x, y) {
    const [across, up] = [this.column(x), this.column(y)];
    const [i, j] = [this.first(across), this.first(up)];
    const [wx, wy] = [weights(across - i), weights(up - j)];
    let sum = 0;
    for (let b = 0; b < 4; b++)
      for (let a = 0; a < 4; a++) sum += wy[b] * wx[a] * this.tables[k][(j + b - 1) * this.side + i + a - 1];
    return sum;
  }
  /** Where a number stands on the grid. @param {number} t */
  column(t) {
    return clamp((t + this.reach) / (2 * this.reach), 0, 1) * (this.side - 1);
  }
  /** The point that a cubic's weights count from. @param {number} column */
  first(column) {
    return clamp(Math.floor(column), 1, this.side - 3);
  }
  /** The number of a point of the grid. @param {number} k */
  coordinate(k) {
    return -this.reach + (2 * this.reach * k) / (this.side - 1);
  }
  /** @param {number} x @param {number} y */
  holds(x, y) {
    return Math.abs(x) <= this.reach && Math.abs(y) <= this.reach;
  }
}

/** Lagrange's weights of four points at −1, 0, 1 and 2, for a t between them. @param {number} t */
const weights = (t) => [
  (-t * (t - 1) * (t - 2)) / 6,
  ((t + 1) * (t - 1) * (t - 2)) / 2,
  (-(t + 1) * t * (t - 2)) / 2,
  ((t + 1) * t * (t - 1)) / 6,
];
