/* A curve is drawn: with a pointer, or with keys, which move a cursor along x and the curve up and down. */

import { draw, make, put } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { button } from "../kit/inputs.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { brief, clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { COLUMNS, completed } from "./compare.js";
import { CurvePlot } from "./curve_plot.js";

const HEIGHTS = 40; // steps of the keys, from low to high

export class CurveAsked {
  /** @param {import("../kit/store.js").Store} store @param {(guess: number[]) => void} go */
  constructor(store, go) {
    this.low = store.get("low");
    this.high = store.get("high");
    this.labels = store.get("labels");
    /** @type {(number | null)[]} */
    this.drawn = Array(COLUMNS).fill(null);
    this.column = 0; // where the keys are
    this.keyed = false; // whether keys draw, and so show where they are
    this.last = { column: 0, y: 0 }; // where the pointer was
    this.plot = new CurvePlot(store);
    const about = { role: "slider", tabindex: 0, "aria-valuemin": this.low, "aria-valuemax": this.high };
    for (const [name, value] of Object.entries({ ...about, "aria-label": say("drawHere") }))
      this.plot.box.setAttribute(name, String(value));
    this.hint = make("p", { class: "empty", "aria-hidden": "true" }, say("drawHint"));
    this.plot.box.append(this.hint);
    this.fault = make("p", { class: "words fault", role: "status" });
    this.done = button(say("guess"), () => this.finish(go), { kind: "main" });
    this.clear = button(say("clear"), () => this.wipe());
    this.node = make("div", {}, this.plot.node, make("div", { class: "acts" }, this.done, this.clear), this.fault);
    this.moves(go);
    this.paint();
  }
  /** @param {(guess: number[]) => void} go */
  moves(go) {
    const { box } = this.plot;
    dragged(box, {
      start: (event) => {
        this.keyed = false;
        this.last = this.under(event);
        this.set(this.last.column, this.last.y);
      },
      move: (event) => this.stroke(this.under(event)),
    });
    onArrows(box, { fine: 1, coarse: 5, go: (right, up) => (right ? this.along(right) : this.lift(up)) });
    onKeys(box, {
      Home: () => this.along(-COLUMNS),
      End: () => this.along(COLUMNS),
      Enter: () => this.finish(go),
      Delete: () => this.wipe(),
    });
    const keys = (/** @type {boolean} */ on) => () => {
      this.keyed = on;
      this.paint();
    };
    box.addEventListener("keydown", keys(true));
    box.addEventListener("focus", keys(!box.classList.contains("held")));
    box.addEventListener("blur", keys(false));
  }
  /** The column and the height under a pointer. @param {PointerEvent} event */
  under(event) {
    const { x, y, box } = this.plot;
    const { left, top } = box.getBoundingClientRect();
    const [from, to] = x.range();
    const column = Math.round(clamp((event.clientX - left - from) / (to - from), 0, 1) * (COLUMNS - 1));
    return { column, y: clamp(y.invert(event.clientY - top), this.low, this.high) };
  }
  /** Draws from where the pointer was to where it is. @param {{column: number, y: number}} now */
  stroke(now) {
    const steps = Math.max(1, Math.abs(now.column - this.last.column));
    for (let k = 1; k <= steps; k++) {
      const share = k / steps;
      const column = Math.round(this.last.column + share * (now.column - this.last.column));
      this.set(column, this.last.y + share * (now.y - this.last.y));
    }
    this.last = now;
  }
  /** @param {number} column @param {number} y */
  set(column, y) {
    this.column = column;
    this.drawn[column] = +clamp(y, this.low, this.high).toPrecision(6);
    this.paint();
  }
  /** @param {number} columns */
  along(columns) {
    this.column = clamp(this.column + columns, 0, COLUMNS - 1);
    this.paint();
  }
  /** @param {number} steps */
  lift(steps) {
    this.set(this.column, this.height() + (steps * (this.high - this.low)) / HEIGHTS);
  }
  /** The curve's height at the cursor; before there is one, the middle. */
  height() {
    return completed(this.drawn)?.[this.column] ?? (this.low + this.high) / 2;
  }
  wipe() {
    this.drawn.fill(null);
    this.paint();
  }
  /** @param {(guess: number[]) => void} go */
  finish(go) {
    const curve = completed(this.drawn);
    if (curve) go(curve);
    else put(this.fault, say("drawFirst"));
  }
  paint() {
    const { plot, drawn, column, keyed } = this;
    const curve = completed(drawn);
    const [share, y] = [column / (COLUMNS - 1), this.height()];
    plot.paint(curve ? [{ kind: "guess-line", heights: curve }] : []);
    if (keyed)
      plot.svg.append(draw("circle", { class: "cursor-dot", r: 5, cx: plot.x(plot.at(share)), cy: plot.y(y) }));
    plot.box.classList.toggle("keyed", keyed);
    this.hint.hidden = Boolean(curve) || keyed;
    this.done.setAttribute("aria-disabled", String(!curve));
    if (curve) put(this.fault, "");
    const here = {
      x: brief(plot.at(share)),
      y: brief(+y.toPrecision(3)),
      xName: this.labels[0],
      yName: this.labels[1],
    };
    plot.box.setAttribute("aria-valuenow", String(y));
    plot.box.setAttribute("aria-valuetext", curve ? say("curveAt", here) : say("noCurveAt", here));
  }
}
