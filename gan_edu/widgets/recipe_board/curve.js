/* FID over computing seconds: each seed of the chosen recipe, and in grey those of the one before. */

import { scaleLog } from "d3-scale";
import { fidRange, logTicks } from "../kit/chart.js";
import { draw } from "../kit/dom.js";
import { fidText, isNumber } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";

/** @typedef {import("./recipes.js").Recipe} Recipe */
/** @typedef {{log: boolean, ends: [number, number], at: (fid: number) => number, ticks?: number[], text: (y: number) => string}} Height
 *   of FIDs: at is a place on the axis */

/** An axis that holds these FIDs, by powers of ten where they are far apart.
 * @param {readonly import("../kit/numbers.js").Maybe[]} fids @returns {Height} */
export function heightOf(fids) {
  const { log, range } = fidRange(fids);
  const [low, high] = range;
  if (!log) return { log, ends: [low, high], at: Number, text: (y) => fidText(y) };
  const ticks = logTicks(scaleLog([low, high], [0, 1]));
  return {
    ...{ log, ends: [Math.log10(low), Math.log10(high)], at: Math.log10, ticks: ticks.map(Math.log10) },
    text: (y) => String(+(10 ** y).toPrecision(3)),
  };
}

export class Curve {
  /** @param {import("./recipes.js").Stored} stored */
  constructor(stored) {
    this.stored = stored;
    const runs = stored.recipes.flatMap((recipe) => recipe.runs);
    this.height = heightOf(runs.flatMap(({ fid, way }) => [fid, ...way.map((look) => look[1])])); // the same for all
    this.plot = new Plot("fid", {
      title: say("curveTitle"),
      words: say("curveWords"),
      x: say("axisSeconds"),
      y: "FID",
    });
    this.last = Math.max(stored.seconds, ...runs.map(({ seconds }) => seconds)) * 1.02;
  }
  /** @param {Recipe | undefined} now @param {Recipe | undefined} before @param {string} words for screen readers */
  show(now, before, words) {
    const { plot, height } = this;
    const { ticks, text } = height;
    plot.clear([0, this.last], height.ends, {}, { ...(ticks ? { ticks } : {}), text });
    this.floor();
    if (before) this.runs("before", before);
    if (now) this.runs("now", now);
    plot.svg.setAttribute("aria-label", words);
  }
  /** @param {string} kind @param {Recipe} recipe */
  runs(kind, { runs }) {
    const at = (/** @type {import("../kit/numbers.js").Maybe} */ fid) =>
      isNumber(fid) ? this.height.at(fid) : Number.NaN;
    for (const { way } of runs)
      this.plot.line(
        `curve-${kind}`,
        way.map(([x, fid]) => [x, at(fid)]),
      );
    const ends = runs.filter(({ fid }) => isNumber(fid)).map(({ seconds, fid }) => [seconds, at(fid)]);
    this.plot.dots(`ends-${kind}`, /** @type {[number, number][]} */ (ends));
  }
  /** What real data get: a dotted line, or words at the foot where it lies below. */
  floor() {
    const { plot, height } = this;
    const { fid } = this.stored.floor;
    const y = height.log && fid <= 0 ? Number.NEGATIVE_INFINITY : height.at(fid);
    const below = y < height.ends[0];
    if (!below)
      plot.line("reference", [
        [0, y],
        [this.last, y],
      ]);
    const words = say(below ? "floorBelow" : "floorIs", { fid: fidText(fid) });
    const { left, bottom } = plot.edges;
    plot.svg.append(draw("text", { class: "halo", x: left + 5, y: (below ? bottom : plot.y(y)) - 5 }, words));
  }
}
