/* The world of a plane: two clouds of points, each of which can be moved, the plan as lines from ▲ to ●, and the price at
 * which earth is sold everywhere, as colours. */

import { tickStep, ticks } from "d3-array";
import { contours } from "d3-contour";
import { offscreen } from "../kit/canvas.js";
import { draw, lowered, make, set } from "../kit/dom.js";
import { Handle } from "../kit/handle.js";
import { onKeys } from "../kit/keys.js";
import { caption } from "../kit/layout.js";
import { brief, signed } from "../kit/numbers.js";
import { colourMap } from "../kit/palette.js";
import { Plot, spot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { COUNT, PLANE } from "./worlds.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {import("./solve.js").Solved} Solved */

const [WIDE, HIGH] = [49, 37]; // places at which the price is taken
const LINES = 9; // of equal price
const THICK = 2.6; // pixels of what one point carries
const THIN = 0.08;

export class PlaneWorld {
  /** @param {(side: "real" | "fake", k: number, place: Place) => void} go @param {() => void} end */
  constructor(go, end) {
    this.main = new Plot("clouds", { margin: { left: 26, right: 4, top: 4, bottom: 20 } });
    this.over = make("span");
    this.step = 1; // of the price, from one line to the next
    this.node = make(
      "div",
      { class: "world" },
      this.main.box,
      caption(make("span", {}, ...lowered(say("cloudsHead"))), this.over),
    );
    this.points = { fake: this.handles("fake", go, end), real: this.handles("real", go, end) };
  }
  /** One of a cloud's points is reached by Tab, the others from it.
   * @param {"real" | "fake"} side @param {(side: "real" | "fake", k: number, place: Place) => void} go @param {() => void} end */
  handles(side, go, end) {
    const all = Array.from(
      { length: COUNT },
      (_, k) =>
        new Handle(this.main, { title: say("pointHint"), kind: `point-${side}`, go: (at) => go(side, k, at), end }),
    );
    for (const [k, { node }] of all.entries()) {
      node.tabIndex = k ? -1 : 0;
      const to = (/** @type {number} */ by) => () => all[(k + by + COUNT) % COUNT].node.focus();
      onKeys(node, { PageUp: to(-1), PageDown: to(1) });
    }
    return all;
  }
  measure() {
    this.main.measure();
  }
  /** @param {Solved} seen @param {import("./solve.js").Setting} setting @param {number} _ @param {boolean} dark */
  paint(seen, setting, _, dark) {
    const { main: plot } = this;
    plot.clear(PLANE.xs, PLANE.ys);
    this.paintPrice(seen, dark);
    for (const [i, j, mass] of seen.moves) {
      const wide = mass * COUNT * THICK;
      const d = `M${spot(plot.pixel(seen.xs[i]))}L${spot(plot.pixel(seen.ys[j]))}`;
      if (wide >= THIN) plot.inner.append(draw("path", { class: "flow", d, "stroke-width": wide.toFixed(2) }));
    }
    for (const at of seen.ys) plot.path("dot-real", disc(plot.pixel(at)));
    for (const at of seen.xs) plot.path("dot-fake", triangle(plot.pixel(at)));
    const told = (/** @type {Place} */ [x, y], /** @type {number} */ k, /** @type {string} */ name) =>
      say(name, { k: k + 1, count: COUNT, x: signed(x, 2), y: signed(y, 2) });
    for (const [k, handle] of this.points.fake.entries()) handle.show(seen.xs[k], told(seen.xs[k], k, "fakePoint"));
    for (const [k, handle] of this.points.real.entries()) handle.show(seen.ys[k], told(seen.ys[k], k, "realPoint"));
    this.over.replaceChildren(
      ...lowered(say(setting.p === 1 && !setting.epsilon ? "contoursOne" : "contours", { step: brief(this.step) })),
    );
    set(plot.svg, { "aria-label": say("cloudsLabel", { work: signed(seen.work, 2) }) });
  }
  /** @param {Solved} seen @param {boolean} dark */
  paintPrice(seen, dark) {
    const { main: plot } = this;
    const paper = plot.paper();
    if (!paper) return;
    const { left, right, top, bottom } = plot.edges;
    const [[x0, x1], [y0, y1]] = [PLANE.xs, PLANE.ys];
    const values = Array.from({ length: WIDE * HIGH }, (_, k) => {
      const [column, row] = [k % WIDE, Math.floor(k / WIDE)];
      return seen.sell([x0 + ((x1 - x0) * column) / (WIDE - 1), y1 + ((y0 - y1) * row) / (HIGH - 1)]);
    });
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const colour = colourMap(dark ? "verdictDark" : "verdict");
    const [canvas, context] = offscreen(WIDE, HIGH);
    const pixels = new ImageData(WIDE, HIGH);
    for (const [k, value] of values.entries())
      pixels.data.set([...colour((value - low) / (high - low || 1)), 255], 4 * k);
    context.putImageData(pixels, 0, 0);
    paper.context.drawImage(canvas, 0.5, 0.5, WIDE - 1, HIGH - 1, left, top, right - left, bottom - top);
    const levels = ticks(low, high, LINES);
    this.step = tickStep(low, high, LINES);
    const across = (/** @type {number} */ t) => left + ((right - left) * (t - 0.5)) / (WIDE - 1);
    const down = (/** @type {number} */ t) => top + ((bottom - top) * (t - 0.5)) / (HIGH - 1);
    const rings = contours()
      .size([WIDE, HIGH])
      .thresholds(levels)(values)
      .flatMap(({ coordinates }) => coordinates.flat());
    const paths = rings.map((ring) => `M${ring.map(([x, y]) => spot([across(x), down(y)])).join("L")}`);
    plot.path("contour", paths.join(""));
  }
}

/** @param {Place} at in pixels */
const disc = ([x, y]) => `M${spot([x - 5, y])}a5 5 0 1 0 10 0a5 5 0 1 0-10 0`;

/** @param {Place} at in pixels */
const triangle = ([x, y]) => `M${spot([x, y - 6.5])}l6 10.5h-12z`;
