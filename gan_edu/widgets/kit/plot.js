/* A plot of two numbers: its axes and their names, lines and dots between them, and a canvas beneath for colours. */

import { scaleLinear } from "d3-scale";
import { anchorOf, linePath, tickText } from "./axis.js";
import { paperOf } from "./canvas.js";
import { draw, make, set } from "./dom.js";
import { caption } from "./layout.js";
import { clamp } from "./numbers.js";

/** @typedef {readonly [number, number]} Place */
/** @typedef {{ticks?: readonly number[], text?: (tick: number) => string}} Axis where it has numbers, and which */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Margin in pixels */

const NEAR = 0.4; // pixels: who would cover the one before is left out
const MARGIN = { left: 32, right: 8, top: 9, bottom: 21 };
const NAMED = { left: 36, right: 14, top: 22, bottom: 36 };
export const BARE = { left: 0, right: 0, top: 0, bottom: 0 };
export const NO_TICKS = { ticks: [] };

let plots = 0; // each has a clip of its own name

export class Plot {
  /** @param {string} kind its class
   * @param {{title?: string, words?: string, x?: string, y?: string, square?: boolean, margin?: Margin}} [look]
   *   title, words: above it; x, y: the names of its axes; square: what lies between them is */
  constructor(kind, { title = "", words = "", x = "", y = "", square = false, margin = x || y ? NAMED : MARGIN } = {}) {
    this.names = { x, y };
    this.margin = margin;
    this.clip = `clip-${++plots}`;
    this.svg = draw("svg", { class: "plot", role: "img" });
    this.inner = draw("g", { "clip-path": `url(#${this.clip})` }); // what lies between the axes
    this.box = make("div", { class: `plot-box ${square ? "square" : ""} ${kind}` }, this.svg);
    const higher = margin.top + margin.bottom - margin.left - margin.right; // so that a square has a square between its axes
    this.box.style.setProperty("--higher", `${higher}px`);
    this.node = make("figure", {}, ...(title ? [caption(make("b", {}, title), words)] : []), this.box);
    this.x = scaleLinear();
    this.y = scaleLinear();
    this.width = 0;
    this.height = 0;
    /** @type {HTMLCanvasElement | null} */
    this.canvas = null;
    /** @type {import("./handle.js").Handle[]} */
    this.handles = [];
  }
  /** Takes the size that it has on the page. To be called before anything is drawn: a size that is read after a change
   * makes the browser lay out everything anew. */
  measure() {
    const { left, right, top, bottom } = this.margin;
    [this.width, this.height] = [this.box.clientWidth, this.box.clientHeight];
    this.x.range([left, this.width - right]);
    this.y.range([this.height - bottom, top]);
  }
  /** Where the axes end, in pixels. */
  get edges() {
    const [[left, right], [bottom, top]] = [this.x.range(), this.y.range()];
    return { left, right, top, bottom };
  }
  /** Where in the plot a pointer is, as x and y. @param {PointerEvent} event @returns {Place} */
  at(event) {
    const { left, top } = this.box.getBoundingClientRect();
    return [this.x.invert(event.clientX - left), this.y.invert(event.clientY - top)];
  }
  /** A place, in pixels. @param {Place} place @returns {Place} */
  pixel([x, y]) {
    return [this.x(x), this.y(y)];
  }
  /** Begins anew, with axes and nothing between them.
   * @param {Place} xs from where to where @param {Place} ys @param {Axis} [across] @param {Axis} [up] */
  clear(xs, ys, across = {}, up = {}) {
    this.x.domain(xs);
    this.y.domain(ys);
    const { left, right, top, bottom } = this.edges;
    const room = draw("rect", { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) });
    set(this.svg, { width: this.width, height: this.height });
    this.inner.replaceChildren();
    this.svg.replaceChildren(
      draw("clipPath", { id: this.clip }, room),
      ...this.verticals(across),
      ...this.horizontals(up),
      ...this.named(),
      this.inner,
    );
  }
  /** @param {Axis} axis */
  verticals({ ticks = this.x.ticks(5), text = tickText(ticks) }) {
    const { top, bottom } = this.edges;
    return ticks.flatMap((tick) => {
      const [x, words] = [this.x(tick), text(tick)];
      const about = { x, y: bottom + 15, "text-anchor": anchorOf(this.x, tick, words, this.margin.right) };
      return [draw("path", { class: ruleOf(tick), d: `M${x} ${top}V${bottom}` }), draw("text", about, words)];
    });
  }
  /** @param {Axis} axis */
  horizontals({ ticks = this.y.ticks(5), text = tickText(ticks) }) {
    const { left, right } = this.edges;
    return ticks.flatMap((tick) => [
      draw("path", { class: ruleOf(tick), d: `M${left} ${this.y(tick)}H${right}` }),
      draw("text", { x: left - 5, y: this.y(tick) + 4, "text-anchor": "end" }, text(tick)),
    ]);
  }
  named() {
    const { right, top, bottom } = this.edges;
    const { x, y } = this.names;
    return [
      ...(x ? [draw("text", { class: "name", x: right, y: bottom + 31, "text-anchor": "end" }, x)] : []),
      ...(y ? [draw("text", { class: "name", x: 0, y: top - 9 }, y)] : []),
    ];
  }
  /** @param {string} kind its classes @param {string} d */
  path(kind, d) {
    this.inner.append(draw("path", { class: kind, d }));
  }
  /** The whole height from one x to another. @param {string} kind @param {number} from @param {number} to */
  stripe(kind, from, to) {
    const { top, bottom } = this.edges;
    this.path(kind, `M${this.x(from)} ${top}H${this.x(to)}V${bottom}H${this.x(from)}Z`);
  }
  /** @param {string} kind @param {readonly Place[]} points */
  line(kind, points) {
    this.path(kind, linePath(this.apart(points), this.x, this.y));
  }
  /** @param {string} kind @param {readonly Place[]} points */
  dots(kind, points) {
    const places = this.apart(points).map((place) => `M${spot(this.pixel(place))}h0`);
    this.path(kind, places.join(""));
  }
  /** A cross at a place. @param {Place} place */
  cross(place) {
    const [x, y] = this.pixel(place);
    for (const kind of ["rim", "cross"]) this.path(kind, `M${spot([x - 6, y - 6])}l12 12m0-12l-12 12`);
  }
  /** Points without those that would cover the one before. @param {readonly Place[]} points */
  apart(points) {
    let last = [Number.NaN, Number.NaN];
    return points.filter((place) => {
      const at = this.pixel(place);
      if (Math.abs(at[0] - last[0]) < NEAR && Math.abs(at[1] - last[1]) < NEAR) return false;
      last = [...at];
      return true;
    });
  }
  /** Words over the middle of the plot, above its lower edge. @param {string} words @param {number} above in pixels */
  note(words, above) {
    const { left, right, bottom } = this.edges;
    const place = { x: (left + right) / 2, y: bottom - above };
    this.svg.append(draw("text", { class: "halo", ...place, "text-anchor": "middle" }, words));
  }
  /** Puts a node of the box at a place; beyond an axis's end it stands there, `outside`.
   * @param {HTMLElement} node @param {Place} place */
  put(node, place) {
    const [x, y] = this.within(place);
    node.style.left = `${this.x(x)}px`;
    node.style.top = `${this.y(y)}px`;
    node.classList.toggle("outside", x !== place[0] || y !== place[1]);
  }
  /** The place nearest to another that the axes hold. @param {Place} place @returns {Place} */
  within([x, y]) {
    const [[left, right], [low, high]] = [this.x.domain(), this.y.domain()];
    return [clamp(x, left, right), clamp(y, low, high)];
  }
  /** The canvas beneath, empty, to be painted on in pixels; null where the plot has no size yet. */
  paper() {
    if (!this.canvas) {
      this.canvas = make("canvas", { "aria-hidden": "true" });
      this.box.prepend(this.canvas);
    }
    return paperOf(this.canvas);
  }
}

/** @param {number} tick */
const ruleOf = (tick) => (tick === 0 ? "axis" : "rule");

/** A place in a path. @param {Place} place in pixels */
export const spot = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
