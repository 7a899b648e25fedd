/* A measure over the steps, or over the number of images: medians, their bands, and where one stands. Dragged, it moves. */

import { anchorOf } from "../kit/axis.js";
import { draw, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { nearest, whole } from "../kit/numbers.js";
import { Plot, spot } from "../kit/plot.js";
import { letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import {
  acrossOf,
  axisOf,
  floorOf,
  holds,
  lettersOf,
  lineAt,
  rimOf,
  scoreText,
  shareText,
  sparse,
  wayOf,
} from "./cells.js";

const TITLES = {
  score: { looks: "scoreOverLooks", images: "scoreOverImages" },
  copied: { looks: "copiedOverLooks", images: "copiedOverImages" },
};
const [APART, LETTER] = [9, 6]; // pixels between numbers of the axis across; of a letter
const REACH = 8; // pixels from a line that is pointed at
const BESIDE = 11; // pixels from a mark to its letter

export class Chart {
  /** @param {import("./cells.js").Board} board @param {import("./cells.js").Measure} measure
   * @param {import("./cells.js").Over} over
   * @param {{go: (place: number) => void, point: (method: number | null) => void}} does
   *   go: to a place of what it goes over; point: at a thin line */
  constructor(board, measure, over, { go, point }) {
    this.board = board;
    this.measure = measure;
    this.over = over;
    this.across = acrossOf(board, over);
    this.axis = axisOf(board, measure);
    this.at = { row: 0, column: 0 };
    /** @type {number[]} */
    this.others = []; // methods that are thin lines
    const margin = { left: 38, right: 20, top: 18, bottom: 34 }; // letters stand at the right
    this.plot = new Plot(`${measure} over-${over}`, { x: say(over), y: " ", margin });
    const move = (/** @type {PointerEvent} */ event) => go(nearest(this.across, this.plot.at(event)[0]));
    dragged(this.plot.svg, { start: move, move });
    this.plot.svg.addEventListener("pointermove", (event) => point(this.under(event)));
    this.plot.svg.addEventListener("pointerleave", () => point(null));
  }
  /** @param {import("./cells.js").At} at @param {readonly number[]} methods on show
   * @param {{told: string, pointed: number | null}} about told: what these are worth, for screen readers; pointed: a
   *   method whose thin line is pointed at */
  show(at, methods, { told, pointed }) {
    const { plot, board, measure, over } = this;
    this.at = at;
    this.others = [...board.methods.keys()].filter((method) => !methods.includes(method));
    plot.names.y = this.title(at);
    this.clear();
    const floor = floorOf(board, measure, over, at);
    const classOfFloor = "reference real";
    plot.line(classOfFloor, holds(this.axis, floor) ? this.line(floor) : []);
    for (const method of this.others) plot.line(`other${method === pointed ? " pointed" : ""}`, this.medians(method));
    for (const [k, method] of methods.entries()) this.drawMethod(this.way(method, at), k);
    const place = over === "looks" ? at.column : at.row;
    const letters = this.drawHere(place, methods, at);
    if (pointed !== null && this.others.includes(pointed)) this.drawName(pointed, letters);
    const words = say("chartAlt", { name: this.title(at), over: say(over), told });
    set(plot.svg, { "aria-label": words + this.thin(place) });
  }
  /** The medians of a method where one stands, as a line. @param {number} method */
  medians(method) {
    return this.line(this.way(method, this.at).map(([median]) => median));
  }
  /** The thin lines and where they are, for screen readers. @param {number} place */
  thin(place) {
    if (!this.others.length) return "";
    const each = this.others.map((method) => {
      const band = this.way(method, this.at)[place];
      const value = this.measure === "score" ? scoreText(band).median : `${shareText(band).copied} %`;
      return `${this.board.methods[method].label} ${value}`;
    });
    return say("chartThin", { methods: each.join(say("listComma")) });
  }
  /** The method whose thin line is under a pointer. @param {PointerEvent} event */
  under(event) {
    const { plot, others } = this;
    const lines = others.map((method) => this.medians(method).map((place) => plot.pixel(place)));
    const found = lineAt(lines, plot.pixel(plot.at(event)), REACH);
    return found < 0 ? null : others[found];
  }
  /** The name of a thin line, at the right, where no letters stand. @param {number} method @param {number[]} letters */
  drawName(method, letters) {
    const { top, bottom, right } = this.plot.edges;
    const words = this.board.methods[method].label;
    const heights = [top + 10, bottom - 7];
    const y = heights.find((each) => letters.every((letter) => Math.abs(letter - each) > 13)) ?? heights[0];
    const textLength = words.length * LETTER > right ? right - 10 : null; // squeezed
    const name = { class: "halo pointed", x: right - 4, y, "text-anchor": "end", textLength };
    this.plot.svg.append(draw("text", { ...name, lengthAdjust: "spacingAndGlyphs" }, words));
  }
  /** What it shows, and of where. @param {import("./cells.js").At} at */
  title({ row, column }) {
    const { images, looks, score } = this.board;
    return say(TITLES[this.measure][this.over], { n: images[row], step: looks[column], score: score.label });
  }
  /** @param {number} method @param {import("./cells.js").At} at */
  way(method, at) {
    return wayOf(this.board, method, this.measure, this.over, at);
  }
  /** @param {readonly number[]} values @returns {import("./cells.js").Place[]} */
  line(values) {
    return values.map((value, k) => [this.across[k], this.axis.to(value)]);
  }
  clear() {
    const { plot, across, axis, board, over } = this;
    /** @type {import("./cells.js").Place} */
    const ends = [across[0], across[across.length - 1]];
    plot.x.domain(ends);
    const text = (/** @type {number} */ tick) => whole(board[over][across.indexOf(tick)]);
    const up = axis.ticks.length ? { ticks: axis.ticks, text: axis.text } : {};
    plot.clear(ends, axis.ends, { ticks: sparse(across, (tick) => this.span(tick, text(tick)), APART), text }, up);
  }
  /** Where the words of a tick across stand, in pixels. @param {number} tick @param {string} words
   * @returns {import("./cells.js").Place} */
  span(tick, words) {
    const { x, margin } = this.plot;
    const wide = LETTER * words.length;
    const right = x(tick) + (anchorOf(x, tick, words, margin.right) === "end" ? 0 : wide / 2);
    return [right - wide, right];
  }
  /** @param {import("./cells.js").Band[]} way @param {number} k 0 for A, 1 for B */
  drawMethod(way, k) {
    const classOfBand = `band run${k}`;
    const classOfLine = `chosen run${k}`;
    const rim = rimOf(this.across, way, this.axis.to).map((place) => spot(this.plot.pixel(place)));
    this.plot.path(classOfBand, `M${rim.join("L")}Z`);
    this.plot.line(classOfLine, this.line(way.map(([median]) => median)));
  }
  /** Where the sliders stand: a line, and on it each method with its letter. Returns how high the letters are.
   * @param {number} place @param {readonly number[]} methods @param {import("./cells.js").At} at */
  drawHere(place, methods, at) {
    const { plot, axis, across } = this;
    const { top, bottom } = plot.edges;
    const x = plot.x(across[place]);
    plot.path("cursor", `M${spot([x, top])}V${bottom.toFixed(1)}`);
    const marks = methods.map((method) => plot.y(axis.to(this.way(method, at)[place][0])));
    for (const [k, y] of marks.entries())
      plot.svg.append(draw("circle", { class: `mark run${k}`, r: 4.5, cx: x, cy: y }));
    const letters = lettersOf(marks, top, bottom);
    for (const [k, y] of letters.entries()) {
      const letter = { x: x + BESIDE, y, "text-anchor": "middle", class: `halo letter run${k}` };
      plot.svg.append(draw("text", letter, letterOf(k)));
    }
    return letters;
  }
}
