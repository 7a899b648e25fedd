/* What the density player and the smoothing player share: one picture over the line, its signs and its look.
 *
 * It follows the texts of the replay and panel.js in one module.
 */

import { clamp, make, sign } from "./before.js";

export const EDGE = 6; // the line on show goes from −EDGE to EDGE
export const PATHS = {
  data: "M0-6.500A6.500 6.500 0 1 1 0 6.500 6.500 6.500 0 1 1 0-6.500",
  fake: "M0-7.500 7 5.500H-7z",
};

/** One picture over the line: axes, curves, and what stands over them. */
export class LinePlot {
  constructor(kind, title, unit, legend) {
    this.svg = make("svg:svg", { class: "plot", role: "img" });
    this.over = make("svg:svg", { class: "over" });
    this.box = make("div", { class: `line-box ${kind}` }, this.svg, this.over);
    this.node = make(
      "div",
      { class: "line-plot" },
      make(
        "div",
        { class: "legend" },
        make("b", {}, title),
        make("span", {}, unit),
        make("span", { class: "entries" }, ...legend),
      ),
      this.box,
    );
  }
  measure(low, high) {
    const { clientWidth: width, clientHeight: height } = this.box;
    Object.assign(this, { width, height, low, high, left: 34, right: width - 10, top: 8, bottom: height - 18 });
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
    }
  }
  x(value) {
    return this.left + ((value + EDGE) / (2 * EDGE)) * (this.right - this.left);
  }
  y(value) {
    return (
      this.bottom - ((clamp(value, this.low, this.high) - this.low) / (this.high - this.low)) * (this.bottom - this.top)
    );
  }
  at(x) {
    return ((x - this.left) / (this.right - this.left)) * 2 * EDGE - EDGE;
  }
  axes(marks, words = (t) => String(t).replace("-", "−")) {
    const text = (x, y, value, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, value),
      out = [];
    for (const t of marks)
      out.push(
        make("svg:path", { class: "rule", d: `M${this.left} ${this.y(t)}H${this.right}` }),
        text(this.left - 6, this.y(t) + 4, words(t), "end"),
      );
    for (let t = -EDGE; t <= EDGE; t += 2)
      if (t !== 2 - EDGE || this.width > 420)
        out.push(
          text(
            this.x(t),
            this.height - 3,
            t === -EDGE ? "x = −6" : String(t).replace("-", "−"),
            t === -EDGE ? "start" : t === EDGE ? "end" : "middle",
          ),
        );
    return [...out, make("svg:path", { class: "axis", d: `M${this.left} ${this.bottom}H${this.right}` })];
  }
  line(xs, value) {
    let pen = "M";
    return xs
      .map((x) => {
        const y = value(x);
        if (Number.isNaN(y)) {
          pen = "M";
          return "";
        }
        const step = `${pen}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`;
        pen = "L";
        return step;
      })
      .join("");
  }
  curve(kind, xs, value, dash = null) {
    return make("svg:path", { class: `series ${kind}`, d: this.line(xs, value), "stroke-dasharray": dash });
  }
  area(kind, xs, value) {
    return make("svg:path", {
      class: `area ${kind}`,
      d: `${this.line(xs, value)}L${this.x(EDGE)} ${this.y(0)}L${this.x(-EDGE)} ${this.y(0)}Z`,
    });
  }
}

export const entry = (kind, words) => make("span", { class: "entry" }, ...(kind ? [sign(kind)] : []), words);
const dots = () =>
  make(
    "svg:svg",
    { viewBox: "0 0 18 10", "aria-hidden": "true", class: "sign d" },
    make("svg:path", { d: "M1 5h16", class: "line", "stroke-dasharray": "0 4.200", "stroke-linecap": "round" }),
  );
export const dotted = (words) => make("span", { class: "entry" }, dots(), words);

/* ---------------------------------------------------------------- the look */
