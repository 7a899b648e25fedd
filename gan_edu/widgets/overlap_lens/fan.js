/* The rows of a growing layer, inputs above and outputs below, and between them who writes where. One output is pointed
 * at, with a pointer or by keys: what leads to it is lit. */

import { draw, loweredInSvg, make, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { clamp, signed } from "../kit/numbers.js";
import { NO_TICKS, Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { letterOf, NONE, traced } from "./math.js";

/** @typedef {import("./math.js").Row} Row */
/** @typedef {import("./math.js").Link} Link */
/** @typedef {import("./math.js").Setting} Setting */

const [GUTTER, TOP, CELL, FOOT] = [66, 4, 20, 54]; // pixels: left of the rows, above, of a row at most, below
const LINES = { got: 15, letter: 29, number: 45 }; // of text, below the outputs
const CHARACTER = 6.6; // pixels that a digit takes
const NAMED = 8; // lit links that have the names of their weights
export const LETTERS = "abcd";

/** @param {Setting["kind"]} kind */
const numberLine = (kind) => (kind === "resize" ? LINES.letter : LINES.number); // it has one letter only

export class Fan {
  /** @param {(output: number) => void} point told which output is pointed at */
  constructor(point) {
    this.plot = new Plot("fan", { margin: { left: GUTTER, right: 2, top: 0, bottom: 0 } });
    this.point = point;
    /** @type {readonly Row[]} */
    this.rows = [];
    this.output = 0;
    this.pointed = make("div", { class: "pointed", role: "slider", tabindex: 0, "aria-label": say("pointed") });
    this.plot.box.append(this.pointed);
    this.listen();
  }
  listen() {
    const { plot, pointed } = this;
    const by = (/** @type {number} */ right, /** @type {number} */ up) => this.go(this.output + right + up);
    onArrows(pointed, { fine: 1, coarse: 5, go: by });
    onKeys(pointed, { Home: () => this.go(0), End: () => this.go(Number.POSITIVE_INFINITY) });
    const to = (/** @type {PointerEvent} */ event) => this.go(Math.round(plot.at(event)[0]));
    const start = (/** @type {PointerEvent} */ event) => {
      pointed.focus({ preventScroll: true });
      to(event);
    };
    for (const node of [plot.svg, pointed]) dragged(node, { start, move: to });
    plot.svg.addEventListener("pointermove", (event) => {
      const above = event.clientY - plot.svg.getBoundingClientRect().top;
      if (event.pointerType === "mouse" && above > this.top(this.rows.length - 1)) to(event);
    });
  }
  /** @param {number} output */
  go(output) {
    if (!this.last?.values.length) return;
    this.output = clamp(output, 0, this.last.values.length - 1); // the next key may come before it is drawn there
    this.point(this.output);
  }
  get last() {
    return this.rows[this.rows.length - 1];
  }
  /** From one row to the next, in pixels. */
  get way() {
    return (this.plot.height - TOP - CELL - FOOT) / Math.max(1, this.rows.length - 1);
  }
  get cell() {
    return Math.min(CELL, this.way / 2);
  }
  /** @param {number} row */
  top(row) {
    return row < this.rows.length - 1 ? TOP + this.way * row : this.plot.height - FOOT - this.cell;
  }
  /** The middle of a cell. @param {Row} row @param {number} i */
  across({ at, gap }, i) {
    return this.plot.x(at + gap * i);
  }
  /** @param {number} gap */
  wide(gap) {
    return this.plot.x(gap) - this.plot.x(0);
  }
  /** @param {readonly Row[]} rows @param {Setting} setting @param {number} output */
  paint(rows, setting, output) {
    const { plot } = this;
    [this.rows, this.output] = [rows, output];
    const ends = rows.flatMap(({ at, gap, values: { length } }) =>
      length ? [at - gap / 2, at + (length - 0.5) * gap] : [],
    );
    plot.clear([Math.min(...ends), Math.max(...ends)], [plot.height, 0], NO_TICKS, NO_TICKS);
    const lit = traced(rows, output);
    for (const k of rows.keys()) this.links(k, lit[k].links);
    for (const k of rows.keys()) this.cells(k, lit[k].cells);
    this.names(setting);
    this.weights(setting, lit[rows.length - 1].links);
    this.outputs(setting);
    this.frame();
  }
  /** Those to a row from the one above: faint, and what is lit over it. @param {number} k @param {readonly Link[]} lit */
  links(k, lit) {
    const { links } = this.rows[k];
    for (const some of [links, lit])
      for (const letter of new Set(links.map((link) => link.letter))) {
        const own = some.filter((link) => link.letter === letter);
        const classes = ["link", some === lit ? "lit" : "faint", letter === NONE ? "copy" : `letter${letter}`];
        this.plot.path(classes.join(" "), own.map((link) => this.line(k, link)).join(""));
      }
  }
  /** @param {number} k @param {Link} link */
  line(k, { from, to }) {
    const [x, end] = [this.across(this.rows[k - 1], from), this.across(this.rows[k], to)];
    return `M${x.toFixed(1)} ${this.top(k - 1) + this.cell}L${end.toFixed(1)} ${this.top(k)}`;
  }
  /** @param {number} k @param {ReadonlyMap<number, number>} lit */
  cells(k, lit) {
    const row = this.rows[k];
    const [most, wide] = [Math.max(...row.values), this.wide(row.gap)];
    const width = wide > 4 ? wide - 1 : wide;
    for (const [i, value] of row.values.entries()) {
      const place = { x: this.across(row, i) - width / 2, y: this.top(k), width, height: this.cell };
      const cell = draw("rect", { class: "cell", ...place });
      cell.classList.toggle("lit", lit.has(i) && row !== this.last);
      this.plot.inner.append(
        draw("rect", { class: "ground", ...place }),
        draw("rect", { class: "shade", "fill-opacity": shade(k ? value : 0, most), ...place }),
        cell,
      );
    }
    if (!k) this.texts(row, this.cell / 2 + TOP + 4, String, "number");
  }
  /** A text for each cell; where there is no room for all, numbers for some.
   * @param {Row} row @param {number} y @param {(i: number) => string} text @param {keyof typeof LINES} kind */
  texts(row, y, text, kind) {
    const all = row.values.map((_, i) => text(i));
    const room = Math.max(...all.map((each) => each.length)) * CHARACTER + 1;
    const every = [1, 5, 10, 50, 100].find((step) => step * this.wide(row.gap) >= room) ?? 500;
    if (kind !== "number" && every > 1) return;
    for (const [i, each] of all.entries())
      if (i % every === 0)
        this.plot.svg.append(draw("text", { class: kind, x: this.across(row, i), y, "text-anchor": "middle" }, each));
  }
  /** Of the rows. @param {Setting} setting */
  names({ kind, weighted }) {
    const last = this.rows.length - 1;
    const foot = this.plot.height - FOOT;
    const name = (/** @type {string} */ key, /** @type {number} */ y) =>
      this.plot.svg.append(draw("text", { x: 0, y }, say(key)));
    for (const [k, key] of [
      [0, "inputsRow"],
      [last, "outputsRow"],
    ])
      name(String(key), this.top(+k) + this.cell / 2 + 4);
    if (kind === "resize" && last === 2) name("copiesRow", this.top(1) + this.cell / 2 + 4);
    name(weighted ? "gotRow" : "writtenRow", foot + LINES.got);
    if (kind !== "resize") name("letterRow", foot + LINES.letter);
    name("numberRow", foot + numberLine(kind));
  }
  /** The weights that write the output, by name. @param {Setting} setting @param {readonly Link[]} lit */
  weights({ kind, stride }, lit) {
    const last = this.rows.length - 1;
    if (last > 2 || lit.length > NAMED) return;
    const [from, to] = [this.top(last - 1) + this.cell, this.top(last)];
    for (const link of lit) {
      const [x, end] = [this.across(this.rows[last - 1], link.from), this.across(this.last, link.to)];
      const name = kind === "shuffle" ? `${LETTERS[link.letter]}_${Math.floor(link.tap / stride)}` : `w_${link.tap}`;
      const share = 0.42 + 0.24 * (link.tap % 2); // of two that lie close, one stands lower
      const place = { x: x + share * (end - x), y: from + share * (to - from) + 4, "text-anchor": "middle" };
      this.plot.svg.append(draw("text", { class: "halo", ...place }, ...loweredInSvg(name)));
    }
  }
  /** What each gets, its letter with its colour, and its number. @param {Setting} setting */
  outputs(setting) {
    const { last: row, plot } = this;
    const [foot, wide] = [plot.height - FOOT, this.wide(1)];
    for (const i of row.values.keys()) {
      const place = { x: this.across(row, i) - wide / 2, y: foot + 1, width: Math.max(0.5, wide - 1), height: 3 };
      plot.inner.append(draw("rect", { class: `letter${letterOf(setting, i)} strip`, ...place }));
    }
    const digits = row.values.every(Number.isInteger) ? 0 : 2;
    this.texts(row, foot + LINES.got, (i) => signed(row.values[i], digits), "got");
    if (setting.kind !== "resize") this.texts(row, foot + LINES.letter, (i) => LETTERS[letterOf(setting, i)], "letter");
    this.texts(row, foot + numberLine(setting.kind), String, "number");
  }
  /** Round the output that is pointed at. */
  frame() {
    const { pointed, plot, output, last } = this;
    const wide = Math.max(4, this.wide(1)) + 4;
    pointed.hidden = !last.values.length;
    pointed.style.left = `${plot.x(output) - wide / 2}px`;
    pointed.style.width = `${wide}px`;
    pointed.style.height = `${FOOT + this.cell + 2}px`;
    set(pointed, { "aria-valuemin": 0, "aria-valuemax": last.values.length - 1, "aria-valuenow": output });
  }
}

/** How much ink a cell has. @param {number} value @param {number} most */
export const shade = (value, most) => (most > 0 ? +((0.86 * Math.max(0, value)) / most).toFixed(3) : 0);
