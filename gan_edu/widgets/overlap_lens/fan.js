/* The rows of a growing layer, inputs above and outputs below, and between them who writes where. One output is pointed
 * at, with a pointer or by keys: what leads to it is lit. */

import { draw, loweredInSvg, make, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { clamp, signed } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { letterOf, NONE, traced } from "./math.js";

/** @typedef {import("./math.js").Row} Row */
/** @typedef {import("./math.js").Setting} Setting */

const [GUTTER, TOP, CELL, FOOT] = [66, 4, 20, 40]; // pixels: left of the rows, above, of a row, below
const CHARACTER = 6.6; // pixels that a digit takes
const NAMED = 8; // lit links that have the names of their weights
export const LETTERS = "abcd";

export class Fan {
  /** @param {(output: number) => void} point told which output is pointed at */
  constructor(point) {
    this.plot = new Plot("fan", { margin: { left: GUTTER, right: 2, top: 0, bottom: 0 } });
    this.point = point;
    this.output = 0;
    this.count = 0;
    this.pointed = make("div", { class: "pointed", role: "slider", tabindex: 0, "aria-label": say("pointed") });
    this.plot.box.append(this.pointed);
    const by = (/** @type {number} */ right, /** @type {number} */ up) => this.go(this.output + right + up);
    onArrows(this.pointed, { fine: 1, coarse: 5, go: by });
    onKeys(this.pointed, { Home: () => this.go(0), End: () => this.go(this.count - 1) });
    const to = (/** @type {PointerEvent} */ event) => this.go(Math.round(this.plot.at(event)[0]));
    const start = (/** @type {PointerEvent} */ event) => {
      this.pointed.focus({ preventScroll: true });
      to(event);
    };
    for (const node of [this.plot.svg, this.pointed]) dragged(node, { start, move: to });
    this.plot.svg.addEventListener("pointermove", (event) => {
      const { bottom } = this.plot.svg.getBoundingClientRect();
      if (event.clientY > bottom - FOOT - CELL && event.pointerType === "mouse") to(event);
    });
  }
  /** @param {number} output */
  go(output) {
    if (!this.count) return;
    this.output = clamp(output, 0, this.count - 1); // the next key may come before it is drawn there
    this.point(this.output);
  }
  /** @param {readonly Row[]} rows @param {Setting} setting @param {number} output */
  paint(rows, setting, output) {
    const { plot } = this;
    const last = rows[rows.length - 1];
    [this.count, this.output] = [last.values.length, output];
    const ends = rows
      .filter(({ values }) => values.length)
      .map(({ at, gap, values }) => [at - gap / 2, at + (values.length - 0.5) * gap]);
    plot.clear(
      [Math.min(...ends.map(([left]) => left)), Math.max(...ends.map(([, right]) => right))],
      [plot.height, 0],
      { ticks: [] },
      { ticks: [] },
    );
    plot.svg.append(plot.inner);
    const way = (plot.height - TOP - CELL - FOOT) / Math.max(1, rows.length - 1);
    this.top = (/** @type {number} */ row) => TOP + way * row;
    const lit = traced(rows, output);
    for (const row of rows.keys()) this.links(rows, row, lit[row].links);
    for (const [row, each] of rows.entries()) this.cells(each, row, lit[row].cells, row === rows.length - 1);
    this.names(rows, setting, lit[rows.length - 1].links);
    this.outputs(last, setting);
    this.frame(output);
  }
  /** Those to a row from the one above: faint, and what is lit over it.
   * @param {readonly Row[]} rows @param {number} row @param {readonly import("./math.js").Link[]} lit */
  links(rows, row, lit) {
    const { links } = rows[row];
    for (const letter of new Set(links.map((link) => link.letter)))
      for (const [kind, some] of /** @type {const} */ ([
        ["link", links],
        ["link lit", lit],
      ])) {
        const d = some.filter((link) => link.letter === letter).map((link) => this.line(rows, row, link));
        this.plot.path(`${kind} ${letter === NONE ? "copy" : `letter${letter}`}`, d.join(""));
      }
  }
  /** @param {readonly Row[]} rows @param {number} row @param {import("./math.js").Link} link */
  line(rows, row, { from, to }) {
    const [x, end] = [this.across(rows[row - 1], from), this.across(rows[row], to)];
    return `M${x.toFixed(1)} ${this.top(row - 1) + CELL}L${end.toFixed(1)} ${this.top(row)}`;
  }
  /** The middle of a cell. @param {Row} row @param {number} i */
  across = ({ at, gap }, i) => this.plot.x(at + gap * i);
  top = (/** @type {number} */ row) => row;
  /** @param {number} gap */
  wide = (gap) => this.plot.x(gap) - this.plot.x(0);
  /** @param {Row} row @param {number} k @param {ReadonlyMap<number, number>} lit @param {boolean} last */
  cells(row, k, lit, last) {
    const most = Math.max(...row.values);
    const wide = this.wide(row.gap) - (this.wide(row.gap) > 4 ? 1 : 0);
    for (const [i, value] of row.values.entries()) {
      const place = { x: this.across(row, i) - wide / 2, y: this.top(k), width: wide, height: CELL };
      this.plot.inner.append(
        draw("rect", { class: "ground", ...place }),
        draw("rect", { class: "shade", "fill-opacity": shade(k ? value : 0, most), ...place }),
        draw("rect", { class: `cell ${lit.has(i) && !last ? "lit" : ""}`, ...place }),
      );
    }
    if (!k) this.numbers(row, this.top(0) + 14, (i) => String(i), "number");
  }
  /** A text for each cell, where there is room for it. @param {Row} row @param {number} y @param {(i: number) => string} text
   * @param {string} kind */
  numbers(row, y, text, kind) {
    const texts = row.values.map((_, i) => text(i));
    const room = Math.max(...texts.map((each) => each.length)) * CHARACTER + 1;
    const every = [1, 5, 10, 50, 100, 500].find((step) => step * this.wide(row.gap) >= room) ?? 1000;
    if (kind === "got" && every > 1) return;
    for (const [i, each] of texts.entries())
      if (i % every === 0)
        this.plot.svg.append(draw("text", { class: kind, x: this.across(row, i), y, "text-anchor": "middle" }, each));
  }
  /** Of the rows, and of the weights that write the output. @param {readonly Row[]} rows @param {Setting} setting
   * @param {readonly import("./math.js").Link[]} lit */
  names(rows, { kind, stride, weighted }, lit) {
    const last = rows.length - 1;
    const name = (/** @type {string} */ words, /** @type {number} */ y) =>
      this.plot.svg.append(draw("text", { class: "row-name", x: 0, y }, words));
    name(say("inputsRow"), this.top(0) + 14);
    if (rows.length === 3 && kind === "resize") name(say("copiesRow"), this.top(1) + 14);
    name(say("outputsRow"), this.top(last) + 14);
    name(say(weighted ? "gotRow" : "writtenRow"), this.top(last) + CELL + 15);
    name(say("numberRow"), this.top(last) + CELL + 31);
    if (rows.length > 3 || lit.length > NAMED) return;
    for (const { from, to, tap, letter } of lit) {
      const [x, end] = [this.across(rows[last - 1], from), this.across(rows[last], to)];
      const weight = kind === "shuffle" ? `${LETTERS[letter]}_${Math.floor(tap / stride)}` : `w_${tap}`;
      const share = 0.42 + 0.28 * (tap % 2); // of two that lie close, one stands higher
      const y = this.top(last - 1) + CELL + share * (this.top(last) - this.top(last - 1) - CELL) + 4;
      const place = { class: "halo", x: x + share * (end - x), y, "text-anchor": "middle" };
      this.plot.svg.append(draw("text", place, ...loweredInSvg(weight)));
    }
  }
  /** What each gets, its number and its letter's colour. @param {Row} row @param {Setting} setting */
  outputs(row, setting) {
    const y = this.top(1) ? this.plot.height - FOOT : 0;
    const wide = this.wide(1);
    for (const i of row.values.keys()) {
      const place = { x: this.across(row, i) - wide / 2 + 0.5, y: y + 1, width: Math.max(0.5, wide - 1), height: 3 };
      this.plot.inner.append(draw("rect", { class: `letter${letterOf(setting, i)} strip`, ...place }));
    }
    const digits = row.values.every((value) => Number.isInteger(value)) ? 0 : 2;
    this.numbers(row, y + 15, (i) => signed(row.values[i], digits), "got");
    this.numbers(row, y + 31, String, "number");
  }
  /** Puts the frame round the output that is pointed at. @param {number} output */
  frame(output) {
    const { pointed, plot } = this;
    pointed.hidden = !this.count;
    const wide = Math.max(4, this.wide(1)) + 4;
    pointed.style.left = `${plot.x(output) - wide / 2}px`;
    pointed.style.width = `${wide}px`;
    set(pointed, { "aria-valuemin": 0, "aria-valuemax": this.count - 1, "aria-valuenow": output });
  }
}

/** How much ink a cell has. @param {number} value @param {number} most */
export const shade = (value, most) => (most > 0 ? +((0.86 * Math.max(0, value)) / most).toFixed(3) : 0);
