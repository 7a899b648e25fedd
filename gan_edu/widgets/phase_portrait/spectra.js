/* The eigenvalues in the complex plane: of the field over the half plane, of a round over the disc, where they are
 * stable. */

import { draw } from "../kit/dom.js";
import { clamp } from "../kit/numbers.js";
import { Plot, spot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { complexText } from "./texts.js";

/** @typedef {import("./spectrum.js").Complex} Complex */

const CIRCLE = Array.from({ length: 181 }, (_, k) => {
  const angle = (k * Math.PI) / 90;
  return /** @type {Complex} */ ([Math.cos(angle), Math.sin(angle)]);
});
const FLOW = { ticks: [-3, -2, -1, 0] };
const [WHOLE, NEAR_1] = [{ ticks: [-1, 0, 1] }, { ticks: [0.8, 0.9, 1] }];
const ON_THE_EDGE = 1e-9; // so near to it is on it, and not stable
const INSET = 9; // of the arrows to what lies outside, in pixels

class RootsPlot extends Plot {
  /** @param {Complex[]} trail where they go with the strength @param {Complex[] | null} roots null: there are none
   * @param {(root: Complex) => boolean} stable */
  paintRoots(trail, roots, stable) {
    this.dots("trail", trail);
    for (const root of roots ?? []) this.inner.append(this.mark(root, stable(root) ? "in" : "out"));
    this.outside(roots ?? []);
    if (roots) return;
    this.note(say("aKink"), 26);
    this.note(say("noEigenvalues"), 10);
  }
  /** @param {Complex} root @param {"in" | "out"} kind */
  mark([re, im], kind) {
    const place = { cx: this.x(re).toFixed(1), cy: this.y(im).toFixed(1), "data-re": re, "data-im": im };
    return draw("circle", { class: `root ${kind}`, r: 5, ...place });
  }
  /** Says which of these the picture does not hold, with an arrow at the edge towards each. @param {Complex[]} roots */
  outside(roots) {
    const { left, right, top, bottom } = this.edges;
    const within = (/** @type {number} */ x, /** @type {number} */ y) =>
      x >= left && x <= right && y >= top && y <= bottom;
    const out = roots.filter(([re, im]) => !within(this.x(re), this.y(im)));
    for (const [re, im] of out) {
      const [x, y] = [this.x(re), this.y(im)];
      const at = [clamp(x, left + INSET, right - INSET), clamp(y, top + INSET, bottom - INSET)];
      const turn = (Math.atan2(y - at[1], x - at[0]) * 180) / Math.PI;
      const transform = `translate(${spot([at[0], at[1]])}) rotate(${turn.toFixed(1)})`;
      this.svg.append(draw("path", { class: "away", d: "M-5-6 7 0-5 6z", transform }));
    }
    if (out.length) this.note(say("outside", { roots: complexText(out) }), 7);
  }
}

export class FlowPlot extends RootsPlot {
  constructor() {
    super("flow", { title: say("flowTitle"), words: say("flowWords"), square: true });
  }
  /** @param {Complex[]} trail @param {Complex[] | null} roots */
  paint(trail, roots) {
    const [from, to] = /** @type {const} */ ([-3.4, 0.9]);
    this.clear([from, to], [-2.15, 2.15], FLOW, { ticks: [-2, -1, 0, 1, 2] });
    this.stripe("stable", from, 0);
    this.paintRoots(trail, roots, ([re]) => re < -ON_THE_EDGE);
  }
}

export class UpdatePlot extends RootsPlot {
  constructor() {
    super("update", { title: say("updateTitle"), words: say("updateWords"), square: true });
  }
  /**
   * @param {Complex[]} trail
   * @param {Complex[] | null} roots
   * @param {boolean} near whether only what is near 1 is shown
   */
  paint(trail, roots, near) {
    if (near) this.clear([0.76, 1.04], [-0.14, 0.14], NEAR_1, { ticks: [-0.1, 0, 0.1] });
    else this.clear([-1.25, 1.25], [-1.25, 1.25], WHOLE, WHOLE);
    this.line("stable", CIRCLE);
    this.line("axis", CIRCLE);
    this.paintRoots(trail, roots, (root) => Math.hypot(...root) < 1 - ON_THE_EDGE);
  }
}
