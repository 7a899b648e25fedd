/* Losses as Python evaluated them at many logits, interpolated between these, and gradient steps on them. */

import { bytesOf } from "../kit/dom.js";
import { clamp, lastAtOrBefore } from "../kit/numbers.js";

/** @typedef {{names: string[], nodes: number[], terms: string[], types: string[], textbook: Record<string, number>,
 *   titles: Record<string, string>, formulas: Record<string, [string | null, string | null]>}} Spec
 *   titles: what losses are called; formulas: of D and of G, where they are told; textbook: of a loss the row of the
 *   same one written with probabilities */
/** @typedef {[Float32Array, Float32Array]} Columns values and slopes, one a node */
/** @typedef {[number, number]} Pair a value and its slope, or a logit and its value */
/** @typedef {{k: number, name: string, formula: string, columns: Columns, textbook: Columns | null}} Curve
 *   the k-th on show; formula: "" where it is not told */
/** @typedef {{point: Pair, way: Pair[], form: {point: Pair, end: number} | null}} State
 *   point: value and slope at the logit; way: logits and their values; form: what the textbook's form makes of it */

export class LossTable {
  /** @param {Spec} spec @param {string | ArrayBufferView} source float32 [type][row][term][value, slope][node] */
  constructor(spec, source) {
    this.spec = spec;
    this.nodes = spec.nodes;
    this.all = new Float32Array(bytesOf(source));
    this.rows = spec.names.length + Object.keys(spec.textbook).length;
    this.last = spec.nodes[spec.nodes.length - 1]; // what lies beyond it is unknown
  }
  /** @param {string} type @param {number} row @param {string} term @returns {Columns} */
  columns(type, row, term) {
    const { types, terms } = this.spec;
    const size = this.nodes.length;
    const start = ((types.indexOf(type) * this.rows + row) * terms.length + terms.indexOf(term)) * 2 * size;
    return [this.all.subarray(start, start + size), this.all.subarray(start + size, start + 2 * size)];
  }
  /** The curves of some losses. @param {string[]} names @param {string} type @param {string} term @returns {Curve[]} */
  curves(names, type, term) {
    const { names: all, textbook, titles, formulas } = this.spec;
    return names.map((name, k) => ({
      ...{ k, name: titles[name], formula: formulas[name][Number(term === "g")] ?? "" },
      ...{ columns: this.columns(type, all.indexOf(name), term) },
      textbook: Object.hasOwn(textbook, name) ? this.columns(type, textbook[name], term) : null,
    }));
  }
  /** Value and slope at any logit: at a node Python's own, between two the cubic through both values and slopes.
   * @param {Columns} columns @param {number} l @returns {Pair} */
  at([values, slopes], l) {
    const k = clamp(lastAtOrBefore(this.nodes, l), 0, this.nodes.length - 2);
    const h = this.nodes[k + 1] - this.nodes[k];
    const t = (l - this.nodes[k]) / h;
    if (t <= 0) return [values[k], slopes[k]];
    if (t >= 1) return [values[k + 1], slopes[k + 1]];
    const s = 1 - t;
    const ends = values[k] * s * s * (1 + 2 * t) + values[k + 1] * t * t * (3 - 2 * t);
    return [ends + (slopes[k] * s - slopes[k + 1] * t) * h * t * s, slopes[k] * s + slopes[k + 1] * t];
  }
  /** The logits that gradient descent visits, `steps` times l ← l − rate · slope. It ends where a slope is no number.
   * @param {Columns} columns @param {number} l @param {number} rate @param {number} steps */
  descend(columns, l, rate, steps) {
    const way = [l];
    for (let k = 0; k < steps && Math.abs(l) <= this.last; k++) {
      l -= rate * this.at(columns, l)[1];
      way.push(l);
    }
    return way;
  }
  /** What there is to tell of a curve at a logit.
   * @param {Curve} curve @param {number} l @param {number} rate @param {number} steps @returns {State} */
  state({ columns, textbook }, l, rate, steps) {
    const way = this.descend(columns, l, rate, steps);
    return {
      point: this.at(columns, l),
      way: way.map((at) => [at, this.at(columns, at)[0]]),
      form: textbook && { point: this.at(textbook, l), end: this.descend(textbook, l, rate, steps).slice(-1)[0] },
    };
  }
  /** Places of the nodes from −reach to reach. @param {number} reach */
  inside(reach) {
    return this.nodes.flatMap((l, i) => (Math.abs(l) <= reach ? [i] : []));
  }
}
