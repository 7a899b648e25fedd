/* The three pictures over the line: the densities, D, and the integrands of V. */

import { min } from "d3-array";
import { arrowPath } from "../kit/arrows.js";
import { bestLogit } from "../kit/density.js";
import { DensityPlot } from "../kit/density_plot.js";
import { draw, make, sign } from "../kit/dom.js";
import { asShare, entry, LinePlot } from "../kit/line_plot.js";
import { clamp, sigmoid } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { logD, logNotD } from "./value.js";

/** @typedef {import("../kit/density.js").Pair & {logit: number}} Point logit: of the trained D */

/** @typedef {{x: number, height: number, by: number}} Pull where it is drawn, and how hard G's gradient pulls there */

const DEEPEST = -2; // integrands below are cut off
const [LONG, LONGEST, SHORTEST] = [36, 72, 2]; // pixels of an arrow: for a pull of 1 nat, at most, and at least

export class Plots {
  constructor() {
    this.densities = new DensityPlot(make("span", { class: "entry pulling" }, say("pullEntry")));
    this.d = new LinePlot("d", "D(x)", say("dHint"), [
      entry(sign("dots", "d"), say("theBest")),
      entry(sign("d"), say("trained")),
    ]);
    this.integrands = new LinePlot("integrands", say("integrandsHead"), say("integrandsHint"), [
      entry(sign("real"), "p_data · log D"),
      entry(sign("fake"), "p_g · log(1 − D)"),
    ]);
    this.nodes = [this.densities, this.d, this.integrands].map(({ node }) => node);
  }
  /** @param {readonly Point[]} points @param {"best" | "trained"} whose D the integrands are of
   * @param {readonly Pull[]} pulls on p_g */
  paint(points, whose, pulls) {
    const plot = this.densities;
    const arrows = () => pulls.map((pull) => arrow(plot, pull)).join("");
    plot.paint(points, () => [draw("path", { class: "pulling", d: arrows() })]);
    this.paintD(points);
    this.paintIntegrands(points, whose);
  }
  /** @param {readonly Point[]} points */
  paintD(points) {
    const plot = this.d;
    plot.measure(0, 1);
    plot.show(say("dLabel"), [
      ...plot.axes([0, 0.5, 1], asShare),
      plot.curve("d", points, ({ logit }) => sigmoid(logit)),
      plot.curve("d best", points, (at) => sigmoid(bestLogit(at))),
    ]);
  }
  /** @param {readonly Point[]} points @param {"best" | "trained"} whose */
  paintIntegrands(points, whose) {
    const plot = this.integrands;
    const logitOf = (/** @type {Point} */ at) => (whose === "trained" ? at.logit : bestLogit(at));
    const data = (/** @type {Point} */ at) => integrand(at.logP, logD(logitOf(at)));
    const fake = (/** @type {Point} */ at) => integrand(at.logQ, logNotD(logitOf(at)));
    const least = min(points, (at) => Math.min(data(at), fake(at))) ?? 0;
    plot.measure(Math.min(-0.2, Math.max(DEEPEST, least * 1.1)), 0.02);
    const label = say(whose === "trained" ? "integrandsTrainedLabel" : "integrandsBestLabel");
    plot.show(label, [...plot.axes(plot.y.ticks(2)), ...plot.both(points, data, fake)]);
  }
}

/** The path of an arrow; none where there is hardly a pull. @param {LinePlot} plot @param {Pull} pull */
function arrow(plot, { x, height, by }) {
  const long = clamp(LONG * by, -LONGEST, LONGEST);
  const [left, top] = [plot.x(x), plot.y(height)];
  return Math.abs(long) < SHORTEST ? "" : arrowPath([left, top], [left + long, top]);
}

/** p times a value, which does not count where p is 0. @param {number} logP @param {number} value */
const integrand = (logP, value) => (logP === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logP) * value);
