/* The three pictures over the line: the densities, D, and the integrands of V. */

import { min } from "d3-array";
import { bestLogit } from "../kit/density.js";
import { DensityPlot } from "../kit/density_plot.js";
import { sign } from "../kit/dom.js";
import { asShare, entry, LinePlot } from "../kit/line_plot.js";
import { sigmoid } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { logD, logNotD } from "./value.js";

/** @typedef {import("../kit/density.js").Pair & {logit: number}} Point logit: of the trained D */

const DEEPEST = -2; // integrands below are cut off

export class Plots {
  constructor() {
    this.densities = new DensityPlot();
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
  /** @param {readonly Point[]} points @param {"best" | "trained"} whose D the integrands are of */
  paint(points, whose) {
    this.densities.paint(points);
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

/** p times a value, which does not count where p is 0. @param {number} logP @param {number} value */
const integrand = (logP, value) => (logP === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logP) * value);
