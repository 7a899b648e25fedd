/* The three pictures over the line: the densities with the pull on ▲, D with its targets, and the pull at every x. */

import { max, min } from "d3-array";
import { DensityPlot } from "../kit/density_plot.js";
import { draw, sign } from "../kit/dom.js";
import { shift } from "../kit/line_handle.js";
import { asShare, entry, LinePlot } from "../kit/line_plot.js";
import { clamp, sigmoid, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { pull, smoothedBest } from "./best.js";

/** @typedef {import("./best.js").Point} Point */
/** @typedef {{line: readonly Point[], there: Point, alpha: number, beta: number, left: boolean}} Seen
 *   there: at ▲; left: whether ▲ is left of the data */

export class Plots {
  constructor() {
    this.densities = new DensityPlot();
    this.d = new LinePlot("d", "D(x)", say("dHint"), [
      entry(lineSign("plain"), say("plainBest")),
      entry(sign("dots", "d"), "D*"),
      entry(sign("d"), say("trained")),
    ]);
    this.pull = new LinePlot("pull", say("pullHead"), say("pullHint"), [
      entry(lineSign("plain"), say("noSmoothing")),
      entry(lineSign("alone"), say("alphaAlone")),
      entry(lineSign("both"), say("alphaAndBeta")),
    ]);
    this.nodes = [this.densities, this.d, this.pull].map(({ node }) => node);
  }
  /** @param {Seen} seen @param {(x: number) => number} logit of the trained D */
  paint(seen, logit) {
    this.paintDensities(seen);
    this.paintD(seen, logit);
    this.paintPull(seen);
  }
  /** Where ▲ stands, in pixels. @param {Point} there @returns {[number, number]} */
  place(there) {
    return [this.densities.x(there.x), this.densities.y(Math.exp(there.logQ))];
  }
  /** @param {Seen} seen */
  paintDensities({ line, there, alpha, beta }) {
    const arrow = (/** @type {string} */ kind, /** @type {number} */ way) =>
      draw("path", { class: kind, transform: shift(this.place(there)), d: arrowPath(way) });
    this.densities.paint(line, () => [arrow("plain", pull(there, 1, 0)), arrow("both", pull(there, alpha, beta))]);
  }
  /** @param {Seen} seen @param {(x: number) => number} logit */
  paintD({ line, there, alpha, beta, left }, logit) {
    const plot = this.d;
    plot.measure(0, 1);
    const words = (/** @type {string} */ name, /** @type {number} */ value, /** @type {number} */ below) => {
      const x = left ? plot.across[0] + 4 : plot.across[1];
      const at = { x, y: plot.y(value) + below, "text-anchor": left ? "start" : "end" };
      return draw("text", { class: "halo", ...at }, `${name} = ${signed(value, 2)}`);
    };
    plot.show(say("dLabel"), [
      ...plot.axes([0, 0.5, 1], asShare),
      under(plot, there.x),
      plot.curve("plain", line, (at) => smoothedBest(at, 1, 0)),
      plot.curve("d", line, ({ x }) => sigmoid(logit(x))),
      plot.curve("d best", line, (at) => smoothedBest(at, alpha, beta)),
      plot.level("level-line", alpha),
      words("α", alpha, alpha > 0.9 ? 12 : -4),
      plot.level("level-line", beta),
      words("β", beta, beta < 0.1 ? -4 : 12),
    ]);
  }
  /** @param {Seen} seen */
  paintPull({ line, there, alpha, beta }) {
    const plot = this.pull;
    const full = (/** @type {Point} */ at) => pull(at, 1, 0);
    plot.measure(Math.min(-1, 1.1 * (min(line, full) ?? 0)), Math.max(1, 1.1 * (max(line, full) ?? 0)));
    plot.show(say("pullLabel"), [
      ...plot.axes(plot.y.ticks(3)),
      plot.level("axis", 0),
      under(plot, there.x),
      plot.curve("plain", line, full),
      plot.curve("alone", line, (at) => pull(at, alpha, 0)),
      plot.curve("both", line, (at) => pull(at, alpha, beta)),
    ]);
  }
}

/** A line of one of this control's own kinds, for a legend. @param {string} kind */
function lineSign(kind) {
  const line = draw("path", { d: "M1 5h16", class: kind });
  return draw("svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: `sign ${kind}` }, line);
}

/** Where ▲ is, in the other pictures. @param {LinePlot} plot @param {number} x */
const under = (plot, x) => draw("path", { class: "under", d: `M${plot.x(x).toFixed(1)} ${plot.top}V${plot.bottom}` });

/** An arrow over ▲, 9 pixels for each unit of the pull, at most 63; none where it would be all head.
 * @param {number} way */
function arrowPath(way) {
  const length = 9 * clamp(way, -7, 7);
  const head = 6 * Math.sign(way);
  return Math.abs(length) < 4 ? "" : `M0-18H${length.toFixed(1)}m${-head}-6 ${head} 6 ${-head} 6`;
}
