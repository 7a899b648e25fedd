/* A chart: curves over the logit, a mark on each where the point stands, and the path of the steps. */

import { scaleLinear } from "d3-scale";
import { bottomAxis, leftAxis, linePath } from "../kit/axis.js";
import { draw, make } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { clamp, isNumber } from "../kit/numbers.js";
import { dashOf, LETTERS } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { apart, axisRange, freest, stretches } from "./places.js";

/** @typedef {import("./table.js").Curve} Curve */
/** @typedef {{curves: Curve[], reach: number, nodes: number[], inside: number[]}} Scene
 *   inside: places of the nodes on show */

const STEEPEST = 3; // slope on show
const WORDS = 48; // pixels from the middle of some words to where no curve of theirs matters

export class LossChart {
  /** @param {string} title @param {boolean} steep whether it shows slopes @param {(l: number) => void} go */
  constructor(title, steep, go) {
    this.steep = steep;
    /** @type {Scene} */
    this.scene = { curves: [], reach: 1, nodes: [], inside: [] };
    this.size = [0, 0];
    this.edges = { left: 40, right: 0, top: 4, bottom: 0 };
    this.x = scaleLinear();
    this.y = scaleLinear();
    this.svg = draw("svg", { class: "plot", "aria-hidden": "true" });
    this.over = draw("svg", { class: "over", "aria-hidden": "true" });
    this.cursor = draw("path", { class: "cursor" });
    /** @type {{mark: SVGElement, way: SVGElement, end: SVGElement}[]} */
    this.marks = [];
    this.box = make("div", { class: "loss-box" });
    this.box.append(this.svg, this.over);
    this.note = make("span");
    const legend = make("div", { class: "legend" }, make("b", {}, title), make("i", { class: "push" }), this.note);
    this.node = make("div", { class: "loss-chart" }, legend, this.box);
    const move = (/** @type {PointerEvent} */ event) =>
      go(this.x.invert(shareOf(event, this.box)[0] * this.box.clientWidth));
    dragged(this.box, { start: move, move });
  }
  /** What this chart shows, of values and slopes.
   * @template T @param {readonly [T, T]} pair @returns {T} */
  of([value, slope]) {
    return this.steep ? slope : value;
  }
  /** Draws the curves, where they or the room for them are new. @param {Scene} scene */
  show(scene) {
    const { clientWidth: width, clientHeight: height } = this.box;
    const [before, tall] = this.size;
    if (!width || (scene === this.scene && width === before && height === tall)) return;
    this.scene = scene;
    this.size = [width, height];
    this.measure();
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", String(width));
      svg.setAttribute("height", String(height));
    }
    this.paint();
    this.marks = scene.curves.map(({ k }) => ({
      mark: draw("circle", { class: `mark run${k}`, r: 5 }),
      way: draw("path", { class: `way run${k}` }),
      end: draw("circle", { class: `end run${k}`, r: 4.5 }),
    }));
    const layers = /** @type {const} */ (["way", "end", "mark"]);
    this.cursor.setAttribute("d", `M0 ${this.edges.top}V${this.edges.bottom}`);
    this.over.replaceChildren(this.cursor, ...layers.flatMap((layer) => this.marks.map((each) => each[layer])));
  }
  /** The axes hold what fits 1.25 × the reach, or slopes up to 3. */
  measure() {
    const { curves, reach, inside } = this.scene;
    const [width, height] = this.size;
    const bound = this.steep ? STEEPEST : 1.25 * reach;
    const values = curves.flatMap(({ columns }) => inside.map((i) => this.of(columns)[i]).filter(isNumber));
    const { low, high, cut } = axisRange(values, bound);
    this.edges = { ...this.edges, right: width - 20, bottom: height - 20 };
    const { left, right, top, bottom } = this.edges;
    this.x.domain([-reach, reach]).range([left, right]);
    this.y.domain([low, high]).range([bottom, top]);
    this.note.textContent = cut ? say("cutOffAt", { bound }) : "";
  }
  paint() {
    const { left, right, top, bottom } = this.edges;
    const id = this.steep ? "clip-slope" : "clip-loss";
    const room = draw("rect", { x: left, y: top, width: right - left, height: bottom - top });
    const lines = this.scene.curves.flatMap((curve) => this.lines(curve));
    this.svg.replaceChildren(
      draw("clipPath", { id }, room),
      ...leftAxis(this.y, [left, right]),
      draw("path", { class: "axis", d: `M${left} ${this.y(0)}H${right}` }),
      draw("path", { class: "rule", d: `M${this.x(0)} ${top}V${bottom}` }),
      draw("g", { "clip-path": `url(#${id})` }, ...lines),
      ...bottomAxis(this.x, bottom, this.x.ticks(this.size[0] < 360 ? 4 : 8)),
      ...this.letters(),
    );
  }
  /** A curve above its textbook's form, which has gaps. @param {Curve} curve */
  lines({ k, columns, textbook }) {
    const line = draw("path", { class: `series run${k}`, "stroke-dasharray": dashOf(k), d: this.trace(columns) });
    if (!textbook) return [line];
    return [
      ...this.broken(k, textbook),
      draw("path", { class: `series textbook run${k}`, d: this.trace(textbook) }),
      line,
    ];
  }
  /** @param {import("./table.js").Columns} columns */
  trace(columns) {
    const { nodes, inside } = this.scene;
    const [low, high] = this.y.domain();
    const far = 10 * (high - low); // where a line may go beyond what is seen
    const values = this.of(columns);
    const seen = (/** @type {number} */ v) => (isNumber(v) ? clamp(v, low - far, high + far) : null);
    return linePath(
      inside.map((i) => [nodes[i], seen(values[i])]),
      this.x,
      this.y,
    );
  }
  /** The stretches where a textbook form gives no number, value or slope: shaded, with words.
   * @param {number} k @param {import("./table.js").Columns} textbook */
  broken(k, textbook) {
    const { nodes, inside } = this.scene;
    const { left, right, top, bottom } = this.edges;
    const bad = inside.filter((i) => textbook.some((column) => !isNumber(column[i])));
    return stretches(bad).flatMap(([first, last]) => {
      const [from, to] = [this.x(nodes[first]), this.x(nodes[last])];
      const middle = clamp((from + to) / 2, left + 40, right - 40);
      const size = { x: from, y: top, width: Math.max(2, to - from), height: bottom - top };
      return [
        draw("rect", { class: "broken", "data-from": nodes[first], "data-to": nodes[last], ...size }),
        draw(
          "text",
          { class: "halo", x: middle, y: this.clear(middle, k), "text-anchor": "middle" },
          say("brokenHere", { letter: LETTERS[k] }),
        ),
      ];
    });
  }
  /** How high words round x stand so that no curve strikes them through. @param {number} x @param {number} k */
  clear(x, k) {
    const { curves, nodes, inside } = this.scene;
    const { top, bottom } = this.edges;
    const [low, high] = this.y.domain();
    const beside = inside.filter((i) => Math.abs(this.x(nodes[i]) - x) < WORDS);
    const values = curves.flatMap(({ columns }) => beside.map((i) => this.of(columns)[i]).filter(isNumber));
    const row = 14 * k;
    return freest(
      [bottom - 8 - row, bottom - 34 - row, (top + bottom) / 2 - row, top + 16 + row],
      values.map((v) => this.y(clamp(v, low, high))),
    );
  }
  /** The letter of each curve beside its right end. */
  letters() {
    const { curves, inside } = this.scene;
    const { right, top, bottom } = this.edges;
    const [low, high] = this.y.domain();
    const heights = curves.map(({ columns }) => {
      const values = this.of(columns);
      const last = inside.findLast((i) => isNumber(values[i]));
      const v = last === undefined ? 0 : values[last];
      return clamp(this.y(clamp(v, low, high)) + 4, top + 10, bottom);
    });
    return apart(heights, bottom).map((y, i) =>
      draw("text", { x: right + 5, y, class: `letter run${curves[i].k}` }, LETTERS[curves[i].k]),
    );
  }
  /** Puts the point of each curve, and what its steps lead through.
   * @param {number} l @param {import("./table.js").State[]} states */
  move(l, states) {
    const [low, high] = this.y.domain();
    const seen = (/** @type {number} */ at, /** @type {number} */ v) =>
      isNumber(v) && v >= low && v <= high && Math.abs(at) <= this.scene.reach;
    const place = (/** @type {SVGElement} */ node, /** @type {number} */ at, /** @type {number} */ v) => {
      node.toggleAttribute("hidden", !seen(at, v));
      if (isNumber(v)) node.setAttribute("transform", `translate(${this.x(at).toFixed(1)} ${this.y(v).toFixed(1)})`);
    };
    this.cursor.setAttribute("transform", `translate(${this.x(l).toFixed(1)} 0)`);
    for (const [i, { mark, way, end }] of this.marks.entries()) {
      const { point, way: steps } = states[i];
      place(mark, l, this.of(point));
      const dots = this.steep ? [] : steps.filter(([at, v]) => seen(at, v));
      const dot = (/** @type {[number, number]} */ [at, v]) => `M${this.x(at).toFixed(1)} ${this.y(v).toFixed(1)}h0`;
      way.setAttribute("d", dots.length > 1 ? dots.map(dot).join("") : "");
      const [at, v] = steps[steps.length - 1];
      place(end, at, this.steep ? Number.NaN : v);
    }
  }
}
