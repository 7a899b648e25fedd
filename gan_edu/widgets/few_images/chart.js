/* A measure over the steps, or over the number of images: medians, their bands, and where one stands. Dragged, it moves. */

import { draw, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { clamp, nearest, whole } from "../kit/numbers.js";
import { Plot, spot } from "../kit/plot.js";
import { letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { acrossOf, axisOf, floorOf, rimOf, sparse, wayOf } from "./cells.js";

const TITLES = {
  score: { looks: "scoreOverLooks", images: "scoreOverImages" },
  copied: { looks: "copiedOverLooks", images: "copiedOverImages" },
};
const APART = 32; // pixels between numbers of the axis across

export class Chart {
  /** @param {import("./cells.js").Board} board @param {import("./cells.js").Measure} measure
   * @param {import("./cells.js").Over} over @param {(place: number) => void} go to a place of what it goes over */
  constructor(board, measure, over, go) {
    this.board = board;
    this.measure = measure;
    this.over = over;
    this.across = acrossOf(board, over);
    this.axis = axisOf(board, measure);
    const margin = { left: 38, right: 12, top: 22, bottom: 36 };
    this.plot = new Plot(`${measure} over-${over}`, { x: say(over), y: " ", margin });
    const move = (/** @type {PointerEvent} */ event) => go(nearest(this.across, this.plot.at(event)[0]));
    dragged(this.plot.svg, { start: move, move });
  }
  /** @param {import("./cells.js").At} at @param {readonly number[]} methods on show
   * @param {string} told what these are worth, for screen readers */
  show(at, methods, told) {
    const { plot, board, measure, over } = this;
    plot.names.y = this.title(at);
    this.clear();
    const floor = floorOf(board, measure, over, at);
    const classOfFloor = "reference real";
    plot.line(classOfFloor, this.line(floor));
    for (const method of board.methods.keys())
      if (!methods.includes(method)) plot.line("other", this.line(this.way(method, at).map(([median]) => median)));
    for (const [k, method] of methods.entries()) this.drawMethod(this.way(method, at), k);
    this.drawHere(over === "looks" ? at.column : at.row, methods, at);
    set(plot.svg, { "aria-label": say("chartAlt", { name: this.title(at), over: say(over), told }) });
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
    plot.clear(ends, axis.ends, { ticks: sparse(across, plot.x, APART), text }, up);
  }
  /** @param {import("./cells.js").Band[]} way @param {number} k 0 for A, 1 for B */
  drawMethod(way, k) {
    const classOfBand = `band run${k}`;
    const classOfLine = `chosen run${k}`;
    const rim = rimOf(this.across, way, this.axis.to).map((place) => spot(this.plot.pixel(place)));
    this.plot.path(classOfBand, `M${rim.join("L")}Z`);
    this.plot.line(classOfLine, this.line(way.map(([median]) => median)));
  }
  /** Where the sliders stand: a line, and on it each method with its letter.
   * @param {number} place @param {readonly number[]} methods @param {import("./cells.js").At} at */
  drawHere(place, methods, at) {
    const { plot, axis, across } = this;
    const { top, bottom, left, right } = plot.edges;
    const x = plot.x(across[place]);
    plot.path("cursor", `M${spot([x, top])}V${bottom.toFixed(1)}`);
    const side = x - left > right - x ? -1 : 1; // the letters stand where there is more room
    for (const [k, method] of methods.entries()) {
      const y = plot.y(axis.to(this.way(method, at)[place][0]));
      const height = clamp(y + (k ? 13 : -5), top + 9, bottom - 3);
      const letter = { x: x + side * 10, y: height, "text-anchor": "middle", class: `halo letter run${k}` };
      plot.svg.append(
        draw("circle", { class: `mark run${k}`, r: 4.5, cx: x, cy: y }),
        draw("text", letter, letterOf(k)),
      );
    }
  }
}
