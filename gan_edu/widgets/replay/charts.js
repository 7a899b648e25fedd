/* The curves of a recording: losses, D's means, further values, FIDs; those of compared runs beside each other. */

import { Chart, fidRange, linearRange } from "../kit/chart.js";
import { make, sign } from "../kit/dom.js";
import { fidText, isNumber } from "../kit/numbers.js";
import { badgeOf, dashOf, letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { CURVES } from "./run.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("../kit/chart.js").Training} Training */
/** @typedef {import("../kit/chart.js").Reference} Reference */
/** @typedef {{key: string, title: string, unit: string, unitKind?: string, legend: Node[], log?: boolean}} Look */
/** @typedef {readonly (readonly [name: string, kind: string])[]} Curves */

/** @typedef {object} Plot
 * @property {Curves} curves
 * @property {string} title
 * @property {string} unit
 * @property {string[]} words of its legend, a curve each
 * @property {boolean} [probability] it goes from 0 to 1
 */

/** How the lines of compared curves differ beside their colour. @type {Record<string, string>} */
const DASH = { g: "6 3", fake: "6 3" };

export class Charts {
  /** @param {{goToStep(step: number): void}} view */
  constructor(view) {
    this.view = view;
    this.node = make("div", { class: "charts" });
    /** @type {Map<string, Chart>} by what it shows; a run that grows keeps them: one may be held by a pointer */
    this.all = new Map();
  }
  /** @param {readonly Run[]} runs @param {Training} axis of the charts that compared runs share
   * @param {readonly {node: HTMLElement}[]} columns where the others stand */
  load(runs, axis, columns) {
    const before = this.all;
    this.all = new Map();
    const compared = runs.length > 1;
    const own = runs.map((run) => ({ ...axis, changes: run.meta.log }));
    const made = axis.high ? plotsOf(runs).flatMap((plot) => this.curves(runs, plot, own, before)) : [];
    const scored = runs.some(({ fid }) => fid.length > 1) && axis.high;
    const fid = scored ? this.fids(runs, compared ? axis : own[0], before) : null;
    for (const { chart, k } of made) {
      const lowest = made.findLast((each) => each.k === k)?.chart === chart;
      chart.last = lowest && (compared || !fid);
    }
    if (fid) fid.last = true;
    const same = [...this.all.values()].every((chart, k) => chart === [...before.values()][k]);
    if (same && before.size === this.all.size && [...before.values()].every(({ node }) => node.isConnected)) return;
    for (const { node } of before.values()) node.remove();
    this.node.replaceChildren(...(compared ? [] : made.map(({ chart }) => chart.node)), ...(fid ? [fid.node] : []));
    if (compared) for (const { chart, k } of made) columns[k].node.append(chart.node);
  }
  /** A chart of each run that has one of these curves, all with the same range.
   * @param {readonly Run[]} runs @param {Plot} plot @param {readonly Training[]} axes
   * @param {Map<string, Chart>} before */
  curves(runs, { curves, title, unit, words, probability = false }, axes, before) {
    const shown = runs.map((run) => curves.filter(([name]) => run.has(name)));
    const references = runs.map((run, k) => optima(run, shown[k], probability));
    const values = runs.flatMap((run, k) => shown[k].map(([name]) => run.curves[name]));
    /** @type {import("../kit/chart.js").Range} */
    const range = probability ? [0, 1, null] : linearRange(values, references.flat());
    return runs.flatMap((run, k) => {
      if (!shown[k].length) return [];
      const legend = shown[k].flatMap(([, kind], i) => (words[i] ? [entry(sign(signOf(kind)), words[i])] : []));
      const key = JSON.stringify([title, unit, k, shown[k]]);
      const unitKind = probability ? "probability" : "";
      const chart = this.chart({ key, title, unit, legend, unitKind }, before);
      const lines = shown[k].map(([name, kind]) => {
        const ys = run.curves[name];
        return { run: k, xs: run.measured, ys, kind, dash: DASH[kind], mark: kind };
      });
      chart.load(lines, references[k], range, axes[k]);
      return [{ chart, k }];
    });
  }
  /** The FIDs of all runs in one chart.
   * @param {readonly Run[]} runs @param {Training} axis @param {Map<string, Chart>} before */
  fids(runs, axis, before) {
    const compared = runs.length > 1;
    const floors = [...new Set(runs.map(({ meta }) => meta.scoring?.fid_floor).filter(isNumber))];
    const scores = runs.map((run) => run.fid.map((frame) => run.scoresOf(frame).fid));
    const { log, range } = fidRange(scores.flat(), floors);
    const legend = compared ? runs.map(({ meta }, k) => entry(badgeOf(k), meta.title)) : [];
    const unit = say(log ? "logLowerIsBetter" : "lowerIsBetter");
    const key = JSON.stringify(["FID", log, ...(compared ? runs.map(({ meta }) => meta.title) : [])]);
    const chart = this.chart({ key, title: "FID", unit, legend, log }, before);
    chart.node.classList.add("fid");
    const lines = runs.map((run, k) => {
      const look = { kind: `run${k}`, dash: dashOf(k), letter: compared ? letterOf(k) : "" };
      return { run: k, exact: true, xs: run.fid.map((frame) => run.steps[frame]), ys: scores[k], ...look };
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
  measure() {
    for (const chart of this.all.values()) chart.measure();
  }
  /** @param {number} step @param {readonly number[]} frames of each run */
  draw(step, frames) {
    for (const chart of this.all.values()) chart.draw(step, frames);
  }
}

/** @param {readonly Run[]} runs @returns {Plot[]} */
function plotsOf(runs) {
  const [lossD, lossG, real, fake] = CURVES.map(([name, kind]) => /** @type {const} */ ([name, kind]));
  const others = [...new Set(runs.flatMap((run) => run.others()))];
  return [
    { curves: [lossD, lossG], title: say("loss"), unit: say("nats"), words: ["D", "G"] },
    {
      ...{ curves: [real, fake], title: say("dMean"), unit: say("probability") },
      ...{ words: [say("real"), say("fake")], probability: true },
    },
    ...others.map((name) => ({ curves: [/** @type {const} */ ([name, "ink"])], title: name, unit: "", words: [] })),
  ];
}

/** What the curves are at the optimum; D's means are the same there, so one line is drawn for both.
 * @param {Run} run @param {Curves} curves @param {boolean} probability @returns {Reference[]} */
function optima(run, curves, probability) {
  const found = curves.flatMap(([name, kind]) => {
    const y = run.optimum[name];
    return isNumber(y) ? [{ y, kind: probability ? "ink" : kind, text: "" }] : [];
  });
  return probability ? found.slice(0, 1) : found;
}

/** @param {...(Node | string)} parts */
const entry = (...parts) => make("span", { class: "entry" }, ...parts);

/** @param {string} kind one of the four curves' */
const signOf = (kind) => /** @type {"d" | "g" | "real" | "fake"} */ (kind);
