/* The axes over which a curve is guessed, and both curves in them. */

import { scaleLinear } from "d3-scale";
import { bottomAxis, leftAxis, linePath } from "../kit/axis.js";
import { draw, make } from "../kit/dom.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [46, 10, 8, 20];

export class CurvePlot {
  /** @param {import("../kit/store.js").Store} store */
  constructor(store) {
    const [across, low, high, labels] = ["across", "low", "high", "labels"].map(store.get);
    this.x = scaleLinear(across, [0, 1]);
    this.y = scaleLinear([low, high], [1, 0]);
    this.svg = draw("svg", { class: "plot", role: "img" });
    this.box = make("div", { class: "curve-box" }, this.svg);
    const below = make("div", { class: "x-label", "aria-hidden": "true" }, labels[0]);
    this.node = make("div", {}, make("div", { class: "y-label", "aria-hidden": "true" }, labels[1]), this.box, below);
  }
  /** Draws the axes, and over them some lines: even heights from left to right, null where there is none yet.
   * @param {readonly {kind: string, heights: readonly (number | null)[]}[]} lines @param {readonly Node[]} [more] */
  paint(lines, more = []) {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width) return;
    this.x.range([LEFT, width - RIGHT]);
    this.y.range([height - BOTTOM, TOP]);
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(height));
    const axes = [...leftAxis(this.y, [LEFT, width - RIGHT]), ...bottomAxis(this.x, height - BOTTOM)];
    const paths = lines.map(({ kind, heights }) => {
      const points = heights.map((y, k) => /** @type {const} */ ([this.at(k / (heights.length - 1)), y]));
      return draw("path", { class: `series ${kind}`, d: linePath(points, this.x, this.y) });
    });
    this.svg.replaceChildren(...axes, ...paths, ...more);
  }
  /** The x at a share of the way across. @param {number} share */
  at(share) {
    const [from, to] = this.x.domain();
    return from + share * (to - from);
  }
}
