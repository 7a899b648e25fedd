/* The densities of the data and of the fakes over the line, each with its area. */

import { max } from "d3-array";
import { sign } from "./dom.js";
import { entry, LinePlot } from "./line_plot.js";
import { say } from "./words.js";

export class DensityPlot extends LinePlot {
  /** @param {...Node} more in its legend */
  constructor(...more) {
    super("densities", say("densities"), say("densitiesHint"), [
      entry(sign("real"), "p_data"),
      entry(sign("fake"), "p_g"),
      ...more,
    ]);
  }
  /** @param {readonly import("./density.js").Pair[]} points @param {() => Node[]} [more] drawn over the curves */
  paint(points, more = () => []) {
    const peak = max(points, ({ logP, logQ }) => Math.exp(Math.max(logP, logQ))) ?? 0;
    this.measure(0, Math.max(0.5, peak * 1.16));
    const curves = this.both(
      points,
      ({ logP }) => Math.exp(logP),
      ({ logQ }) => Math.exp(logQ),
    );
    this.show(say("densitiesLabel"), [...this.axes(this.y.ticks(3)), ...curves, ...more()]);
  }
}
