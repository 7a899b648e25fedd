/* The lengths of the latents on both paths, over the band of lengths that training saw. */

import { scaleLinear } from "d3-scale";
import { linePath } from "../kit/axis.js";
import { draw, make } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { fixed, isNumber } from "../kit/numbers.js";
import { say } from "../kit/words.js";

/** @typedef {import("./texts.js").Band} Band */
/** @typedef {import("./texts.js").Length} Length */

export const LAST = 32; // a walk's pictures are 0 to LAST, on the line, then again on the arc
const ROOM = { left: 26, right: 8, top: 6, bottom: 17 }; // round the plot, in pixels

export class LengthPlot {
  /** @param {(k: number) => void} go called with a place on the walk that was pointed at */
  constructor(go) {
    this.svg = draw("svg", { class: "plot", "aria-hidden": "true" });
    this.cursor = draw("path", { class: "cursor" });
    this.marks = [draw("path", { class: "mark", d: "M0-5 5 0 0 5-5 0z" }), draw("circle", { class: "mark", r: 4 })];
    this.over = draw("svg", { class: "over", "aria-hidden": "true" }, this.cursor, ...this.marks);
    this.box = make("div", { class: "length-box" }, this.svg, this.over);
    this.told = make("span");
    this.node = make("div", { class: "lengths" }, this.legend(), this.box);
    this.x = scaleLinear([0, LAST], [0, 0]);
    this.y = scaleLinear();
    this.width = 0;
    this.height = 0;
    /** @type {Length[]} */
    this.norms = [];
    /** @type {Band} */
    this.band = [0, 0];
    const move = (/** @type {PointerEvent} */ event) =>
      go(this.x.invert(event.clientX - this.box.getBoundingClientRect().left));
    dragged(this.box, { start: move, move });
  }
  legend() {
    const entry = (/** @type {string | null} */ dash, /** @type {string} */ words) =>
      make("span", { class: "entry" }, lineSign(18, dash), words);
    return make(
      "div",
      { class: "legend" },
      make("b", {}, say("lengthTitle")),
      make("i", { class: "push" }),
      entry("4 2", say("linear")),
      entry(null, say("spherical")),
      make("span", { class: "entry" }, make("i", { class: "swatch" }), this.told),
    );
  }
  /** @param {Length[]} norms @param {Band} band */
  load(norms, band) {
    [this.norms, this.band, this.width] = [norms, band, 0];
    this.told.textContent = say("training", { low: fixed(band[0], 1), high: fixed(band[1], 1) });
  }
  /** Draws all but the marks, where the plot has another size or other lengths. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width || !this.norms.length || (width === this.width && height === this.height)) return;
    [this.width, this.height] = [width, height];
    const high = Math.max(...[...this.norms, ...this.band].filter(isNumber)) * 1.05;
    this.x.range([ROOM.left, width - ROOM.right]);
    this.y.domain([0, high]).range([height - ROOM.bottom, ROOM.top]);
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", String(width));
      svg.setAttribute("height", String(height));
    }
    this.svg.replaceChildren(this.area(), ...this.axes(), this.line(0, "6 3"), this.line(LAST + 1, null));
    this.cursor.setAttribute("d", `M0 ${ROOM.top}V${height - ROOM.bottom}`);
  }
  area() {
    const [[left, right], [low, high]] = [this.x.range(), this.band.map((length) => this.y(length))];
    return draw("rect", { class: "band", x: left, y: high, width: right - left, height: low - high });
  }
  axes() {
    const [[left, right], [bottom]] = [this.x.range(), this.y.range()];
    const text = (
      /** @type {number} */ x,
      /** @type {number} */ y,
      /** @type {string} */ anchor,
      /** @type {string} */ words,
    ) => draw("text", { x, y, "text-anchor": anchor }, words);
    return [
      draw("path", { class: "axis", d: `M${left} ${bottom}H${right}` }),
      ...this.y.ticks(2).map((tick) => text(left - 5, this.y(tick) + 4, "end", fixed(tick, 0))),
      text(left, bottom + 14, "start", "A"),
      text((left + right) / 2, bottom + 14, "middle", say("halfway")),
      text(right, bottom + 14, "end", "B"),
    ];
  }
  /** @param {number} from @param {string | null} dash */
  line(from, dash) {
    const points = Array.from({ length: LAST + 1 }, (_, k) => /** @type {const} */ ([k, this.norms[from + k]]));
    return draw("path", { class: "series", "stroke-dasharray": dash, d: linePath(points, this.x, this.y) });
  }
  /** Puts the marks. @param {number} k */
  draw(k) {
    if (!this.width) return;
    const x = this.x(k).toFixed(1);
    this.cursor.setAttribute("transform", `translate(${x} 0)`);
    for (const [i, mark] of this.marks.entries()) {
      const norm = this.norms[i * (LAST + 1) + k];
      mark.setAttribute("visibility", isNumber(norm) ? "visible" : "hidden");
      if (isNumber(norm)) mark.setAttribute("transform", `translate(${x} ${this.y(norm).toFixed(1)})`);
    }
  }
}

/** A piece of a path's line. @param {number} width @param {string | null} dash @param {string} [more] its class */
export const lineSign = (width, dash, more = "") =>
  draw(
    "svg",
    { viewBox: `0 0 ${width} 10`, class: `sign ${more}`, "aria-hidden": "true" },
    draw("path", { d: `M0 5h${width}`, class: "line", "stroke-dasharray": dash }),
  );
