/* The field as arrows, and the path that the steps take in it from a start which is dragged. */

import { arrowsPath } from "../kit/arrows.js";
import { make } from "../kit/dom.js";
import { Handle } from "../kit/handle.js";
import { signed } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { moves, timed } from "../kit/time.js";
import { say } from "../kit/words.js";
import { field } from "./dirac.js";

/** @typedef {import("../kit/plot.js").Place} Place θ and ψ */

export const EDGE = 3; // θ and ψ from −EDGE to EDGE

export class FieldPlot extends Plot {
  /** @param {(place: Place) => void} go where the start is moved to
   * @param {(place: Place) => void} goSecond where the second one is @param {() => void} end */
  constructor(go, goSecond, end) {
    super("field", { title: say("fieldTitle"), words: say("fieldWords"), square: true });
    this.ends = [0, 1].map(() => make("i", { class: "end" }));
    this.box.append(...this.ends);
    this.start = new Handle(this, { title: say("startHint"), kind: "start", go, end });
    this.second = new Handle(this, { title: say("secondHint"), kind: "second", go: goSecond, end });
  }
  /** @param {import("./dirac.js").Dirac} game @param {Place[][]} ways as far as they are shown
   * @param {number} count of all steps @param {boolean} rests whether nothing is played */
  paint(game, ways, count, rests) {
    const named = (/** @type {string} */ name) => ({
      ticks: [-3, -2, -1, 0, 1, 2, 3],
      text: (/** @type {number} */ tick) => (tick === EDGE ? name : signed(tick, 0)),
    });
    this.clear([-EDGE, EDGE], [-EDGE, EDGE], named("θ"), named("ψ"));
    this.path(
      "arrows",
      arrowsPath(this, (theta, psi) => field(theta, psi, game)),
    );
    this.cross([0, 0]);
    for (const [k, end] of this.ends.entries()) {
      end.hidden = k >= ways.length;
      if (!end.hidden) this.put(end, ways[k][ways[k].length - 1]);
    }
    this.paintWays(ways, count);
    for (const way of ways) {
      const place = this.within(rests ? way[0] : way[way.length - 1]);
      moves(this, place, field(...place, game), ["g", "d"]);
    }
  }
  /** @param {Place[][]} ways @param {number} count */
  paintWays(ways, count) {
    const paper = this.paper();
    if (!paper) return;
    const { left, right, top, bottom } = this.edges;
    const { context } = paper;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    for (const way of ways)
      timed(
        context,
        way.map((place) => this.pixel(place)),
        count,
      );
    context.restore();
  }
}
