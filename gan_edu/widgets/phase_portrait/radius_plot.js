/* How far from (0, 0) the path is, over its steps, in powers of ten. */

import { ticks } from "d3-array";
import { whole } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { LAST } from "./outcome.js";
import { powerText } from "./texts.js";

const LEAST = 1e-18; // what is nearer is drawn here

export class RadiusPlot extends Plot {
  constructor() {
    super("radius", { title: say("radiusTitle"), words: say("radiusWords") });
  }
  /** @param {number[]} radii as far as they are shown @param {number} steps @param {boolean} ended whether they all are */
  paint(radii, steps, ended) {
    const powers = radii.map((radius) => Math.log10(Math.max(radius, LEAST)));
    const [low, high] = [Math.floor(Math.min(-1, ...powers)), Math.ceil(Math.max(1, ...powers))];
    const by = Math.ceil((high - low) / 4);
    const marks = Array.from({ length: Math.floor((high - low) / by) + 1 }, (_, k) => high - k * by);
    this.clear([0, steps], [low, high], { ticks: ticks(0, steps, 4), text: whole }, { ticks: marks, text: powerText });
    if (ended) this.stripe("stable", Math.max(0, radii.length - LAST), radii.length - 1);
    this.line(
      "series",
      powers.map((power, k) => [k, power]),
    );
  }
}
