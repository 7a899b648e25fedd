/* The field as arrows, and the path that the steps take in it from a start which is dragged. */

import { make } from "../kit/dom.js";
import { clamp, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { field } from "./dirac.js";
import { Plot, spot } from "./plot.js";

/** @typedef {import("./dirac.js").Dirac} Dirac */
/** @typedef {import("./dirac.js").Place} Place */

export const EDGE = 3; // θ and ψ from −EDGE to EDGE
const MARKS = [-3, -2, -1, 0, 1, 2, 3];
const [FEW, MANY, NARROW] = [11, 15, 330]; // arrows a side; fewer where it is less wide, in pixels
const STILL = 1e-9; // a speed below it has no arrow

export class FieldPlot extends Plot {
  constructor() {
    super("field", say("fieldTitle"), say("fieldWords"));
    this.start = make("button", { type: "button", class: "start", title: say("startHint") });
    this.end = make("i", { class: "end" });
    this.box.append(this.end, this.start);
  }
  /** Where in the plane a pointer is. @param {PointerEvent} event @returns {[number, number]} */
  at(event) {
    const { left, top } = this.box.getBoundingClientRect();
    return [this.x.invert(event.clientX - left), this.y.invert(event.clientY - top)];
  }
  /** @param {Dirac} game @param {Place[]} way */
  paint(game, way) {
    const named = (/** @type {string} */ name) => (/** @type {number} */ mark) =>
      mark === EDGE ? name : signed(mark, 0);
    this.clear([-EDGE, EDGE], [-EDGE, EDGE], { marks: MARKS, tell: named("θ") }, { marks: MARKS, tell: named("ψ") });
    this.path("arrows", this.arrows(game));
    this.line("way", way);
    this.dots("turns", way);
    this.path("centre", `M${this.x(0) - 6} ${this.y(0) - 6}l12 12m0-12l-12 12`);
    const [theta, psi] = way[way.length - 1].map((t) => clamp(t, -EDGE, EDGE));
    this.put(this.start, way[0]);
    this.put(this.end, [theta, psi]);
    const outside = Math.abs(theta) === EDGE || Math.abs(psi) === EDGE;
    this.end.classList.toggle("outside", outside);
  }
  /** @param {HTMLElement} node @param {Place} place */
  put(node, [theta, psi]) {
    node.style.left = `${this.x(theta)}px`;
    node.style.top = `${this.y(psi)}px`;
  }
  /** Arrows on a lattice, their length by the square root of the speed, so that slow places show their direction too.
   * @param {Dirac} game */
  arrows(game) {
    const count = this.width < NARROW ? FEW : MANY;
    const line = Array.from({ length: count }, (_, k) => ((2 * k + 1) / count - 1) * EDGE);
    const places = line.flatMap((theta) => line.map((psi) => /** @type {Place} */ ([theta, psi])));
    const found = places.map((at) => {
      const v = field(...at, game);
      return { at, v, speed: Math.hypot(...v) };
    });
    const most = Math.max(...found.map(({ speed }) => speed)) || 1;
    const { left, right } = this.edges;
    const long = (0.84 * (right - left)) / count;
    const moving = found.filter(({ speed }) => speed > STILL);
    return moving
      .map(({ at, v, speed }) =>
        this.arrow(at, [v[0] / speed, v[1] / speed], long * Math.max(0.25, Math.sqrt(speed / most))),
      )
      .join("");
  }
  /** @param {Place} at its middle @param {Place} way of length 1 @param {number} size in pixels */
  arrow([theta, psi], [right, up], size) {
    const head = Math.min(4.5, size * 0.4);
    const along = (/** @type {number} */ by, aside = 0) =>
      spot(this.x(theta) + right * by - up * aside, this.y(psi) - up * by - right * aside);
    const tip = along(size / 2);
    const wing = (/** @type {1 | -1} */ side) => along(size / 2 - head, side * head * 0.6);
    return `M${along(-size / 2)}L${tip}M${wing(1)}L${tip}L${wing(-1)}`;
  }
}
