/* The curves: both losses, the distances to the data, the lengths of the last gradients, further values such as a
 * penalty; another run's beside them.
 */

import { Chart, linearRange } from "../kit/chart.js";
import { draw, make, sign } from "../kit/dom.js";
import { isNumber } from "../kit/numbers.js";
import { letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { furtherCurves } from "./moments.js";
import { badgeOf } from "./runs.js";

/** @typedef {import("../kit/chart.js").Line} Line */
/** @typedef {import("../kit/chart.js").Reference} Reference */
/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {import("./moments.js").Meta} Meta */
/** @typedef {import("./moments.js").Scores} Scores */
/** @typedef {{goToStep(step: number): void}} View */

/** @param {...(string | Node)} parts */
const entry = (...parts) => make("span", { class: "entry" }, ...parts);

/** @param {string} d @param {string} g */
const players = (d, g) => [entry(sign("d"), d), entry(sign("g"), g)];

const dotted = () =>
  draw(
    "svg",
    { viewBox: "0 0 18 10", class: "sign", "aria-hidden": "true" },
    draw("path", { d: "M0 5h18", class: "line", "stroke-dasharray": "2 3" }),
  );

/** A chart that may stand for one of two runs, or for both.
 * @param {View} view @param {string} title @param {string} unit @param {Node[]} [legend] */
function titled(view, title, unit, legend = []) {
  const chart = new Chart(view, { title, unit, legend });
  const name = /** @type {HTMLElement} */ (chart.node.querySelector("b"));
  return { chart, name: (/** @type {Node[]} */ badges) => name.replaceChildren(...badges, title) };
}

export class Charts {
  /** @param {View} view @param {(curve: string) => string} unitOf what a further curve is measured in */
  constructor(view, unitOf) {
    this.view = view;
    this.unitOf = unitOf;
    const floor = () => [entry(dotted(), say("dataItself"))];
    this.losses = [0, 1].map(() => titled(view, say("loss"), say("nats"), players("D", "G")));
    this.norms = [0, 1].map(() => titled(view, say("gradientNorms"), "", players(say("ofD"), say("ofG"))));
    this.js = new Chart(view, { title: "JS", unit: say("nats"), legend: floor() });
    this.kl = new Chart(view, { title: "KL", unit: say("nats"), legend: floor() });
    /** @type {Map<string, Chart>} */
    this.further = new Map();
    /** @type {Chart[]} */
    this.all = [];
    this.first = make("div", { class: "charts first" });
    this.rest = make("div", { class: "charts rest" });
    this.arranged = ""; // of how many runs and which further curves
  }
  /** The charts of one run, or of two: distances in one, losses and gradients in one each.
   * @param {number} count @param {string[]} names of further curves */
  arrange(count, names) {
    const wanted = JSON.stringify([count, names]);
    if (wanted === this.arranged) return;
    this.arranged = wanted;
    this.further = new Map(names.map((name) => [name, this.further.get(name) ?? this.another(name)]));
    const [losses, norms] = [this.losses, this.norms].map((charts) => charts.slice(0, count).map(({ chart }) => chart));
    const first = [...losses, this.js];
    const rest = [this.kl, ...norms, ...this.further.values()];
    this.first.replaceChildren(...first.map(({ node }) => node));
    this.rest.replaceChildren(...rest.map(({ node }) => node));
    this.all = [...first, ...rest];
    for (const chart of this.all) chart.last = true; // each has its axis: they stand in rows or in a stack
    for (const charts of [this.losses, this.norms])
      for (const [k, { name }] of charts.entries()) name(count > 1 ? [badgeOf(k)] : []);
  }
  /** @param {string} title */
  another(title) {
    return new Chart(this.view, { title, unit: this.unitOf(title), legend: [] });
  }
  /** @param {Meta[]} runs one or two @param {number} last the last step that can be shown */
  load(runs, last) {
    const { curves, reals } = runs[0];
    const high = Math.max(1, last, curves.step[curves.step.length - 1] ?? 0);
    const names = [...new Set(runs.flatMap(furtherCurves))];
    this.arrange(runs.length, names);
    this.loadPlayers(runs, high);
    const axis = { high, changes: runs[0].log ?? [] };
    const both = (/** @type {(run: Meta) => [number[], Maybe[]]} */ of, lettered = false) =>
      runs.map((run, k) => shaded(...of(run), k, high, lettered));
    for (const name of names) {
      const lines = both((run) => [run.curves.step, run.curves[name] ?? []]);
      load(/** @type {Chart} */ (this.further.get(name)), lines, [], axis);
    }
    for (const name of /** @type {const} */ (["js", "kl"])) {
      const lines = both((run) => [run.frames.step, scoresOf(run, name)], runs.length > 1);
      load(this[name], lines, [{ y: reals[reals.length - 1].floor[name], kind: "ink", text: "" }], axis);
    }
  }
  /** Losses and gradients, of both runs over the same range. @param {Meta[]} runs @param {number} high */
  loadPlayers(runs, high) {
    const losses = runs.map(({ curves }) => pair(curves.step, [curves.d_loss ?? [], curves.g_loss ?? []], high));
    const norms = runs.map((run) => pair(run.frames.step, [scoresOf(run, "d_grad"), scoresOf(run, "g_grad")], high));
    for (const [k, run] of runs.entries()) {
      const axis = { high, changes: run.log ?? [] };
      load(this.losses[k].chart, losses[k], bestOf(run), axis, losses.flat());
      load(this.norms[k].chart, norms[k], [], axis, norms.flat());
    }
  }
  /** Puts the cursor. @param {number} step */
  draw(step) {
    for (const chart of this.all) chart.draw(step, [0, 0]);
  }
}

/** @param {Chart} chart @param {Line[]} lines @param {Reference[]} references
 * @param {import("../kit/chart.js").Training} axis @param {Line[]} [range] what else its range holds */
function load(chart, lines, references, axis, range = lines) {
  const values = range.map(({ ys }) => ys);
  chart.load(lines, references, linearRange(values, references), axis);
  chart.measure();
}

/** @param {Meta} run @param {keyof Scores} name */
const scoresOf = ({ frames }, name) => frames.scores.map((each) => each?.[name]);

/** @param {number[]} steps @param {number} high */
const upTo = (steps, high) => steps.filter((step) => step <= high);

/** The lines of both players. @param {number[]} steps @param {[Maybe[], Maybe[]]} values @param {number} high
 * @returns {Line[]} */
function pair(steps, [d, g], high) {
  const xs = upTo(steps, high);
  return [
    { run: 0, xs, ys: d, kind: "d", dash: null, mark: "d" },
    { run: 0, xs, ys: g, kind: "g", dash: "6 3", mark: "g" },
  ];
}

/** The line of one run of two. @param {number[]} steps @param {Maybe[]} ys @param {number} run @param {number} high
 * @param {boolean} lettered @returns {Line} */
function shaded(steps, ys, run, high, lettered) {
  const kind = run ? "run2" : "ink";
  const letter = lettered ? { letter: letterOf(run) } : {};
  return { run, xs: upTo(steps, high), ys, kind, dash: run ? "7 3" : null, mark: kind, ...letter };
}

/** What both losses are at the optimum, where that is known. @param {Meta} run @returns {Reference[]} */
const bestOf = ({ optimum }) =>
  ["d", "g"].flatMap((kind) => {
    const y = optimum?.[`${kind}_loss`];
    return isNumber(y) ? [{ y, kind, text: "" }] : [];
  });
