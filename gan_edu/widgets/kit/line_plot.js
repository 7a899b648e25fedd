/* One picture over the line from −EDGE to EDGE: axes, curves, and what stands over them. */

import { scaleLinear } from "d3-scale";
import { areaPath, bottomAxis, leftAxis, linePath } from "./axis.js";
import { draw, lowered, make } from "./dom.js";
import { signed } from "./numbers.js";

export const EDGE = 6;
const NUMBERS = [-6, -4, -2, 0, 2, 4, 6]; // below the plot
const ROOMY = 420; // pixels; in less, "x = −6" takes the place of −4
const MARGIN = { left: 34, right: 10, top: 8, bottom: 18 };
export const XS = Array.from({ length: 361 }, (_, k) => -EDGE + (k * 2 * EDGE) / 360);

/** @typedef {{x: number}} Placed */

export class LinePlot {
  /** @param {string} kind its class @param {string} title @param {string} unit what is shown
   * @param {readonly Node[]} legend */
  constructor(kind, title, unit, legend) {
    this.svg = draw("svg", { class: "plot", role: "img" });
    this.over = draw("svg", { class: "over" });
    this.box = make("div", { class: `line-box ${kind}` }, this.svg, this.over);
    const entries = make("span", { class: "entries" }, ...legend);
    const head = make("div", { class: "legend" }, make("b", {}, title), make("span", {}, unit), entries);
    this.node = make("div", { class: "line-plot" }, head, this.box);
    this.x = scaleLinear([-EDGE, EDGE], [0, 1]);
    this.y = scaleLinear([0, 1], [1, 0]).clamp(true);
    this.top = MARGIN.top;
    this.bottom = 0;
  }
  /** Takes the size that it has on the page. @param {number} low the ends of its y @param {number} high */
  measure(low, high) {
    const { clientWidth: width, clientHeight: height } = this.box;
    this.bottom = height - MARGIN.bottom;
    this.x.range([MARGIN.left, width - MARGIN.right]);
    this.y.domain([low, high]).range([this.bottom, this.top]);
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", String(width));
      svg.setAttribute("height", String(height));
    }
  }
  /** From left to right, in pixels. @returns {[number, number]} */
  get across() {
    return /** @type {[number, number]} */ (this.x.range());
  }
  /** @param {number[]} [ticks] of y @param {(value: number) => string} [text] */
  axes(ticks, text) {
    const roomy = this.box.clientWidth > ROOMY;
    const below = NUMBERS.filter((t) => roomy || t !== -4);
    const words = (/** @type {number} */ t) => (t === -EDGE ? "x = " : "") + signed(t, 0);
    return [...leftAxis(this.y, this.across, ticks, text), ...bottomAxis(this.x, this.bottom, below, words)];
  }
  /** A value of each point as a line; it has gaps where the value is none.
   * @template {Placed} P
   * @param {string} kind classes @param {readonly P[]} points @param {(point: P) => number} value
   * @param {string | null} [dash] */
  curve(kind, points, value, dash = null) {
    const path = linePath(placed(points, value), this.x, this.y);
    return draw("path", { class: `series ${kind}`, d: path, "stroke-dasharray": dash });
  }
  /** @template {Placed} P @param {string} kind @param {readonly P[]} points @param {(point: P) => number} value */
  area(kind, points, value) {
    return draw("path", { class: `area ${kind}`, d: areaPath(placed(points, value), this.x, this.y) });
  }
  /** What belongs to the data, solid, and what to the fakes, dashed, with the areas under them.
   * @template {Placed} P
   * @param {readonly P[]} points @param {(point: P) => number} data @param {(point: P) => number} fake */
  both(points, data, fake) {
    return [
      this.area("real", points, data),
      this.area("fake", points, fake),
      this.curve("real", points, data),
      this.curve("fake", points, fake, "6 3"),
    ];
  }
  /** A straight line from left to right. @param {string} kind @param {number} value of y */
  level(kind, value) {
    const [left, right] = this.across;
    return draw("path", { class: kind, d: `M${left} ${this.y(value)}H${right}` });
  }
  /** @param {string} label what screen readers are told @param {readonly Node[]} nodes */
  show(label, nodes) {
    this.svg.replaceChildren(...nodes);
    this.svg.setAttribute("aria-label", label);
  }
}

/** @template {Placed} P @param {readonly P[]} points @param {(point: P) => number} value */
const placed = (points, value) => points.map((point) => /** @type {const} */ ([point.x, value(point)]));

/** The words of a series in a legend, behind its sign; an underscore lowers what follows.
 * @param {SVGElement} sign @param {string} words */
export const entry = (sign, words) => make("span", { class: "entry" }, sign, make("span", {}, ...lowered(words)));

/** The numbers of a D's axis. @param {number} t */
export const asShare = (t) => (t === 0.5 ? "½" : signed(t, 0));
