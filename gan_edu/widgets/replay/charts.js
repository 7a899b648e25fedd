/* The curves of a recording: losses, D's means, further values, FIDs. Compared runs share each chart, a line a run. */

import { Chart, fidRange, linearRange, spanOf } from "../kit/chart.js";
import { make, sign } from "../kit/dom.js";
import { fidText, isNumber } from "../kit/numbers.js";
import { badgeOf, dashOf, letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { CURVES } from "./run.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("../kit/chart.js").Training} Training */
/** @typedef {import("../kit/chart.js").Reference} Reference */
/** @typedef {import("../kit/chart.js").Line} Line */
/** @typedef {{key: string, title: string, unit: string, legend: Node[], log?: boolean}} Look */
/** @typedef {readonly (readonly [name: string, kind: string])[]} Curves */

/** @typedef {object} Plot
 * @property {Curves} curves
 * @property {string} title
 * @property {string} unit
 * @property {string[]} words of its legend, a curve each
 * @property {boolean} [probability] it goes from 0 to 1
 */

/** How the lines of one run differ beside their colour. @type {Record<string, string>} */
const DASH = { g: "6 3", fake: "6 3" };

export class Charts {
  /** @param {{goToStep(step: number): void}} view */
  constructor(view) {
    this.view = view;
    this.first = make("div", { class: "plots" }); // compared runs: their FIDs, always seen
    this.rest = make("div", { class: "plots" });
    /** @type {Map<string, Chart>} by what it shows; a run that grows keeps them: one may be held by a pointer */
    this.all = new Map();
  }
  /** @param {readonly Run[]} runs @param {Training} axis of all charts */
  load(runs, axis) {
    const before = this.all;
    this.all = new Map();
    const compared = runs.length > 1;
    const own = compared ? axis : { ...axis, changes: runs[0].meta.log };
    const plots = axis.high ? (compared ? plotsOfMany(runs) : plotsOf(runs[0])) : [];
    const curves = plots.flatMap((plot) => this.curves(runs, plot, own, before));
    const fid = runs.some((run) => run.fid.length > 1) && axis.high ? [this.fids(runs, own, before)] : [];
    const [first, rest] = compared ? [fid, curves] : [[], [...curves, ...fid]];
    for (const chart of this.all.values()) chart.last = chart === first.at(-1) || chart === rest.at(-1);
    stand(this.first, first);
    stand(this.rest, rest);
  }
  /** The chart of some curves; none where no run has one of them.
   * @param {readonly Run[]} runs @param {Plot} plot @param {Training} axis @param {Map<string, Chart>} before */
  curves(runs, { curves, title, unit, words, probability = false }, axis, before) {
    const compared = runs.length > 1;
    const lines = runs.flatMap((run, k) => curves.flatMap((curve) => lineOf(run, k, curve, compared)));
    if (!lines.length) return [];
    const shown = curves.filter(([name]) => runs.some((run) => run.has(name)));
    const legend = shown.flatMap(([, kind], i) => (words[i] ? [entry(sign(signOf(kind)), words[i])] : []));
    const key = JSON.stringify([title, unit, shown, lines.map(({ run }) => run)]);
    const chart = this.chart({ key, title, unit, legend }, before);
    const references = optima(runs[0], shown, probability || compared);
    const range = linearRange(
      lines.map(({ ys }) => ys),
      references,
    );
    chart.load(lines, references, probability ? [0, 1, null] : range, axis);
    return [chart];
  }
  /** The FIDs of all runs in one chart.
   * @param {readonly Run[]} runs @param {Training} axis @param {Map<string, Chart>} before */
  fids(runs, axis, before) {
    const compared = runs.length > 1;
    const floors = [...new Set(runs.map(({ meta }) => meta.scoring?.fid_floor).filter(isNumber))];
    const scores = runs.map((run) => run.fid.map((frame) => run.scoresOf(frame).fid));
    const { log, range } = fidRange(scores.flat());
    const legend = compared ? runs.map(({ meta }, k) => entry(badgeOf(k), meta.title)) : [];
    const unit = say(log ? "logLowerIsBetter" : "lowerIsBetter");
    const key = JSON.stringify(["FID", log, ...(compared ? runs.map(({ meta }) => meta.title) : [])]);
    const chart = this.chart({ key, title: "FID", unit, legend, log }, before);
    chart.node.classList.add("fid");
    const lines = runs.map((run, k) => {
      const xs = run.fid.map((frame) => run.steps[frame]);
      return { ...lookOf(k, compared), run: k, exact: true, xs, ys: scores[k] };
    });
    const references = floors.map((y) => ({ y, kind: "ink", text: say("floor", { fid: fidText(y) }) }));
    chart.load(lines, references, range, axis);
    return chart;
  }
  /** @param {Look} look @param {Map<string, Chart>} before */
  chart({ key, ...look }, before) {
    const chart = before.get(key) ?? new Chart(this.view, look);
    this.all.set(key, chart);
    return chart;
  }
  /** Where training begins and ends across them, in pixels. @param {number} width */
  span(width) {
    return spanOf(
      width,
      [...this.all.values()].some(({ lettered }) => lettered),
    );
  }
  measure() {
    for (const chart of this.all.values()) chart.measure();
  }
  /** @param {number} step @param {readonly number[]} frames of each run */
  draw(step, frames) {
    for (const chart of this.all.values()) chart.draw(step, frames);
  }
}

/** Puts charts in their place; those that stand there already are not touched.
 * @param {HTMLElement} place @param {readonly Chart[]} charts */
function stand(place, charts) {
  const nodes = charts.map(({ node }) => node);
  const same = nodes.length === place.children.length && nodes.every((node, k) => node === place.children[k]);
  if (!same) place.replaceChildren(...nodes);
}

/** A line in each look of a run: alone it is ink. @param {number} k @param {boolean} compared */
const lookOf = (k, compared) => ({ kind: `run${k}`, dash: dashOf(k), letter: compared ? letterOf(k) : "" });

/** A curve of a run, if it has it.
 * @param {Run} run @param {number} k @param {readonly [name: string, kind: string]} curve @param {boolean} compared
 * @returns {Line[]} */
function lineOf(run, k, [name, kind], compared) {
  if (!run.has(name)) return [];
  const look = compared ? lookOf(k, true) : { kind, dash: DASH[kind], mark: kind };
  return [{ ...look, run: k, xs: run.measured, ys: run.curves[name] }];
}

/** The charts of one run. @param {Run} run @returns {Plot[]} */
function plotsOf(run) {
  const [lossD, lossG, real, fake] = CURVES.map(([name, kind]) => /** @type {const} */ ([name, kind]));
  return [
    { curves: [lossD, lossG], title: say("loss"), unit: say("nats"), words: ["D", "G"] },
    {
      ...{ curves: [real, fake], title: say("dMean"), unit: say("probability") },
      ...{ words: [say("real"), say("fake")], probability: true },
    },
    ...run.others().map(further),
  ];
}

/** The charts of compared runs, one a curve. @param {readonly Run[]} runs @returns {Plot[]} */
function plotsOfMany(runs) {
  const known = CURVES.map(([name, kind, words], k) => {
    const probability = k > 1;
    const unit = say(probability ? "probability" : "nats");
    return { curves: [/** @type {const} */ ([name, kind])], title: say(words), unit, words: [], probability };
  });
  return [...known, ...[...new Set(runs.flatMap((run) => run.others()))].map(further)];
}

/** @param {string} name of a further curve @returns {Plot} */
const further = (name) => ({ curves: [[name, "ink"]], title: name, unit: "", words: [] });

/** What the curves are at the optimum; where one line does for all of them, one is drawn.
 * @param {Run} run @param {Curves} curves @param {boolean} one @returns {Reference[]} */
function optima(run, curves, one) {
  const found = curves.flatMap(([name, kind]) => {
    const y = run.optimum[name];
    return isNumber(y) ? [{ y, kind: one ? "ink" : kind, text: "" }] : [];
  });
  return one ? found.slice(0, 1) : found;
}

/** @param {...(Node | string)} parts */
const entry = (...parts) => make("span", { class: "entry" }, ...parts);

/** @param {string} kind one of the four curves' */
const signOf = (kind) => /** @type {"d" | "g" | "real" | "fake"} */ (kind);
