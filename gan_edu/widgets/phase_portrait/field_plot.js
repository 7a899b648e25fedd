/* The field as arrows, and the path that the steps take in it from a start which is dragged. */

import { arrowsPath } from "../kit/arrows.js";
import { make } from "../kit/dom.js";
import { Handle } from "../kit/handle.js";
import { signed } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { field } from "./dirac.js";

/** @typedef {import("../kit/plot.js").Place} Place θ and ψ */

export const EDGE = 3; // θ and ψ from −EDGE to EDGE

export class FieldPlot extends Plot {
  /** @param {(place: Place) => void} go where the start is moved to @param {() => void} end */
  constructor(go, end) {
    super("field", { title: say("fieldTitle"), words: say("fieldWords"), square: true });
    this.end = make("i", { class: "end" });
    this.box.append(this.end);
    this.start = new Handle(this, { title: say("startHint"), kind: "start", go, end });
  }
  /** @param {import("./dirac.js").Dirac} game @param {Place[]} way */
  paint(game, way) {
    const named = (/** @type {string} */ name) => ({
      ticks: [-3, -2, -1, 0, 1, 2, 3],
      text: (/** @type {number} */ tick) => (tick === EDGE ? name : signed(tick, 0)),
    });
    this.clear([-EDGE, EDGE], [-EDGE, EDGE], named("θ"), named("ψ"));
    this.path(
      "arrows",
      arrowsPath(this, (theta, psi) => field(theta, psi, game)),
    );
    this.line("way", way);
    this.dots("turns", way);
    this.cross([0, 0]);
    this.put(this.end, way[way.length - 1]);
  }
}
