/* One chart over training: lines, dotted references, and a cursor that shows where the slider stands. */

import { scaleLinear, scaleLog } from "d3-scale";
import { bottomAxis, leftAxis, linePath, tickText } from "./axis.js";
import { draw, make } from "./dom.js";
import { dragged } from "./drag.js";
import { clamp, fixed, isNumber, lastAtOrBefore, nearest, whole } from "./numbers.js";
import { say } from "./words.js";

/** @typedef {import("./numbers.js").Maybe} Maybe */
/** @typedef {[low: number, high: number, peak: number | null]} Range peak: where the axis is cut off below it */
/** @typedef {{high: number, perEpoch?: number | null, changes?: readonly {step: number}[]}} Training
 *   high: its last step; changes: of settings */
/** @typedef {{y: number, kind: string, text: string}} Reference */

/** @typedef {object} Line
 * @property {readonly number[]} xs steps
 * @property {readonly Maybe[]} ys
 * @property {string} kind the class whose colour it has
 * @property {number} run which of the frames says whether its run has begun
 * @property {string | null} [dash]
 * @property {string} [letter] that stands where it ends
 * @property {string} [mark] of the cursor: "fake" is a triangle, all else a disc
 * @property {boolean} [exact] at a step between two it has the value of the one before
 */

const TOP = 6;
const LEFT = 40;
const RIGHT = 8;
const LETTERED = 16; // where letters stand behind the lines
const LETTERS_APART = 11; // pixels

/** Where training begins and ends across a plot, in pixels: what stands in one column has one axis.
 * @param {number} width @param {boolean} lettered whether the lines end in letters @returns {[number, number]} */
export const spanOf = (width, lettered) => [LEFT, width - (lettered ? LETTERED : RIGHT)];

export class Chart {
  /** @param {{goToStep(step: number): void}} view told where one clicks or drags
   * @param {{title: string, unit: string, legend: readonly Node[], log?: boolean}} look */
  constructor(view, { title, unit, legend, log = false }) {
    this.log = log;
    this.last = false; // whether training's axis stands below it
    this.ends = false; // whether it does now
    this.width = this.height = 0;
    /** @type {readonly Line[]} */
    this.lines = [];
    /** @type {readonly Reference[]} */
    this.references = [];
    /** @type {Range} */
    this.range = [0, 1, null];
    /** @type {Training} */
    this.axis = { high: 1 };
    this.x = scaleLinear();
    this.y = scaleLinear();
    this.svg = draw("svg", { class: "plot", "aria-hidden": "true" });
    this.over = draw("svg", { class: "over", "aria-hidden": "true" });
    this.cursor = draw("path", { class: "cursor" });
    /** @type {SVGElement[]} */
    this.marks = [];
    this.box = make("div", { class: "chart-box", tabindex: -1 }, this.svg, this.over);
    this.note = make("span", { class: "cut" });
    const head = [make("b", {}, title), make("span", { class: "unit" }, unit), this.note];
    const entries = make("span", { class: "entries" }, ...legend);
    this.node = make("div", { class: "chart" }, make("div", { class: "legend" }, ...head, entries), this.box);
    const go = (/** @type {PointerEvent} */ event) => {
      const step = this.x.invert(event.clientX - this.box.getBoundingClientRect().left);
      view.goToStep(clamp(step, 0, this.axis.high));
    };
    dragged(this.box, { start: go, move: go });
  }
  /** @param {readonly Line[]} lines @param {readonly Reference[]} references
   * @param {Range} range @param {Training} axis */
  load(lines, references, range, axis) {
    [this.lines, this.references, this.range, this.axis] = [lines, references, range, axis];
    this.width = 0; // to be drawn anew
  }
  /** Draws all but the cursor, where its size or what it shows has changed. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.box;
    const ends = this.last || getComputedStyle(this.node).getPropertyValue("--in-a-row").trim() === "1";
    if (!width || (width === this.width && height === this.height && ends === this.ends)) return;
    [this.width, this.height, this.ends] = [width, height, ends];
    this.scale();
    const [, high, peak] = this.range;
    this.note.textContent = peak === null ? "" : say("cutOff", { high: fixed(high, 1), peak: fixed(peak, 1) });
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", String(width));
      svg.setAttribute("height", String(height));
    }
    const drawn = this.lines.map((each) => draw("path", this.series(each)));
    const references = this.references.flatMap((each) => this.reference(each));
    this.svg.replaceChildren(...this.axes(), ...references, ...drawn, ...this.letters());
    this.cursor.setAttribute("d", `M0 ${TOP - 4}V${this.bottom}`);
    this.marks = this.lines.map(markOf);
    this.over.replaceChildren(this.cursor, ...this.marks);
  }
  /** Charts in a stack share the axis of training below the last. */
  get bottom() {
    return this.height - (this.ends ? 17 : 6);
  }
  get lettered() {
    return this.lines.some(({ letter }) => letter);
  }
  scale() {
    const [low, high] = this.range;
    this.x = scaleLinear([0, this.axis.high || 1], spanOf(this.width, this.lettered));
    this.y = (this.log ? scaleLog : scaleLinear)([low, high], [this.bottom, TOP]).clamp(true);
  }
  axes() {
    const { x, y, axis, bottom } = this;
    const [left, right] = x.range();
    const own = (/** @type {number} */ tick) => tickText([tick])(tick);
    const rules = this.log ? leftAxis(y, [left, right], logTicks(y), own) : leftAxis(y, [left, right], y.ticks(3));
    const changes = (axis.changes ?? []).filter(({ step }) => step <= axis.high);
    const marked = changes.map(({ step }) =>
      draw("path", { class: "change", d: `M${x(step).toFixed(1)} ${bottom}l-4 -7h8z` }),
    );
    if (!this.ends || !axis.high) return [...rules, ...bottomAxis(x, bottom, []), ...marked];
    return [...rules, ...trainingAxis(x, axis, bottom), ...marked];
  }
  /** @param {Reference} reference */
  reference({ y, kind, text }) {
    const [low, high] = this.range;
    const [left, right] = this.x.range();
    if (y < low && text) return [draw("text", { x: left + 5, y: this.bottom - 4, class: "halo" }, `${text} ↓`)];
    if (y < low || y > high) return [];
    const at = this.y(y);
    const line = draw("path", { class: `reference ${kind}`, d: `M${left} ${at}H${right}` });
    if (!text) return [line];
    return [line, draw("text", { x: left + 5, y: at < TOP + 14 ? at + 11 : at - 4, class: "halo" }, text)];
  }
  /** @param {Line} line */
  series({ xs, ys, kind, dash }) {
    const points = xs.map((step, k) => /** @type {const} */ ([step, ys[k]]));
    return { class: `series ${kind}`, d: linePath(points, this.x, this.y), "stroke-dasharray": dash || null };
  }
  /** The letters of compared runs where their lines end, in the lines' order and none over another. */
  letters() {
    const tails = this.lines.flatMap(({ xs, ys, kind, letter }) => {
      const end = ys.findLastIndex(isNumber);
      return letter && end >= 0 ? [{ x: this.x(xs[end]), y: this.y(Number(ys[end])), kind, letter }] : [];
    });
    const places = apart(tails, this.bottom);
    return tails.map(({ x, kind, letter }, k) =>
      draw("text", { x: x + 4, y: places[k], class: `letter ${kind}` }, letter),
    );
  }
  /** Puts the cursor. frames: of each run, the frame on show; −1 where it has not begun.
   * @param {number} step @param {readonly number[]} frames */
  draw(step, frames) {
    if (!this.width) return;
    this.cursor.setAttribute("transform", `translate(${this.x(step).toFixed(1)} 0)`);
    for (const [k, line] of this.lines.entries()) {
      const at = line.exact ? lastAtOrBefore(line.xs, step) : nearest(line.xs, step);
      const value = line.ys[at];
      const shown = isNumber(value) && frames[line.run] >= 0;
      this.marks[k].setAttribute("visibility", shown ? "visible" : "hidden");
      if (!shown) continue;
      const end = line.xs[line.xs.length - 1]; // never beyond the end of its own curve
      const place = [this.x(Math.min(step, end)), this.y(value)].map((each) => each.toFixed(1));
      this.marks[k].setAttribute("transform", `translate(${place.join(" ")})`);
    }
  }
}

/** Epochs, or steps where there are none, below a plot.
 * @param {import("d3-scale").ScaleLinear<number, number>} x of steps @param {Training} axis @param {number} bottom */
export function trainingAxis(x, axis, bottom) {
  const [left, right] = x.range();
  const scale = scaleLinear([0, axis.high / (axis.perEpoch || 1)], [left, right]);
  const even = scale.ticks(right - left < 120 ? 1 : clamp((right - left) / 80, 2, 5));
  const ticks = axis.perEpoch ? even : even.filter(Number.isInteger); // there is no half step
  const zero = say(axis.perEpoch ? "epochZero" : "stepZero");
  const other = tickText(ticks);
  const text = (/** @type {number} */ tick) => (Number.isInteger(tick) ? whole(tick) : other(tick));
  const strokes = ticks.map((tick) => draw("path", { class: "axis", d: `M${scale(tick)} ${bottom}v3` }));
  return [...bottomAxis(scale, bottom, ticks, (tick) => (tick === 0 ? zero : text(tick))), ...strokes];
}

/** The ticks of a logarithmic axis: 1, 2, 5, 10, …, or the powers of ten alone where these are enough.
 * @param {import("d3-scale").ScaleContinuousNumeric<number, number>} y */
export function logTicks(y) {
  const [low, high] = y.domain();
  const first = high / low > 100 ? [1] : [1, 2, 5];
  return y.ticks().filter((tick) => first.includes(+(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9)).toFixed(6)));
}

/** Heights for letters beside the ends of lines, none over another and none below the plot; sorts them, the highest first.
 * @param {{x: number, y: number}[]} tails @param {number} bottom */
function apart(tails, bottom) {
  tails.sort((a, b) => a.y - b.y);
  const near = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(tails[a].x - tails[b].x) < 14;
  /** @type {number[]} */
  const places = [];
  for (const [k, { y }] of tails.entries())
    places[k] = places.reduce((at, other, j) => (near(j, k) ? Math.max(at, other + LETTERS_APART) : at), y + 4);
  for (let k = places.length - 1; k >= 0; k--) {
    const below = places.filter((_, j) => j > k && near(j, k));
    places[k] = Math.min(places[k], bottom, ...below.map((other) => other - LETTERS_APART));
  }
  return places;
}

/** @param {Line} line */
const markOf = ({ kind, mark }) =>
  mark === "fake"
    ? draw("path", { class: `mark ${kind}`, d: "M0-5 4.8 4H-4.8z" })
    : draw("circle", { class: `mark ${kind}`, r: 4 });

/** The range of a linear axis from 0: one early spike must not flatten the rest.
 * @param {readonly (readonly Maybe[])[]} lists @param {readonly {y: number}[]} references @returns {Range} */
export function linearRange(lists, references) {
  const values = lists
    .flat()
    .filter(isNumber)
    .sort((a, b) => a - b);
  const most = values.at(-1) ?? 1;
  const usual = values[Math.floor(values.length * 0.98)] ?? 1;
  const spike = most > 3 * usual;
  const high = Math.max(spike ? usual * 1.3 : most, ...references.map(({ y }) => y * 1.15), 1e-3);
  return [Math.min(0, values[0] ?? 0), high * 1.04, spike ? most : null];
}

/** The range of FIDs, and whether they are so far apart that a logarithmic axis shows them better. A floor far below
 * them would flatten the curve: it is named at the foot.
 * @param {readonly Maybe[]} values @returns {{log: boolean, range: Range}} */
export function fidRange(values) {
  const known = values.filter(isNumber);
  const [low, high] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const log = low > 0 && high / low > 5;
  return { log, range: log ? [low / 1.15, high * 1.15, null] : [0, high * 1.08 || 1, null] };
}
