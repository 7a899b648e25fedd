/* The panel for data of one's own: strokes of a pointer, a pen moved by keys, or a shape from the list. */

import { make, put, rich } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { along, MOST_POINTS, oneIn, shape } from "./strokes.js";

/** @typedef {import("./frames.js").Point} Point */
/** @typedef {{learn(points: Point[]): void, leave(): void, changed(): void}} Tells */

export class Drawing {
  /** @param {Tells} tells */
  constructor(tells) {
    this.tells = tells;
    /** @type {Point[]} */
    this.points = [];
    this.learn = button(say("learnIt"), () => this.done(), { kind: "learn" });
    this.count = make("p", { role: "status" });
    const shapes = [
      button(say("heart"), () => this.set(shape("heart"))),
      button(say("star"), () => this.set(shape("star"))),
      button(say("figureOfEight"), () => this.set(shape("eight"))),
    ];
    this.node = make(
      "div",
      { class: "drawing", role: "group", "aria-label": say("drawingGroup"), hidden: "" },
      make("p", {}, ...rich(say("drawingHint"))),
      this.learn,
      button(say("backWithout"), () => tells.leave()),
      ...shapes,
      button(say("clear"), () => this.set([])),
      this.count,
    );
    this.show();
  }
  /** @param {Point[]} points */
  set(points) {
    this.points = points;
    this.show();
    this.tells.changed();
  }
  /** A pointer's stroke. @param {Point} point @param {boolean} starts */
  add(point, starts) {
    const last = starts ? undefined : this.points[this.points.length - 1];
    this.set([...this.points, ...along(last, point)].slice(0, MOST_POINTS));
  }
  done() {
    this.tells.learn(this.points);
    this.set([]);
    this.tells.leave();
  }
  show() {
    const { length } = this.points;
    const every = oneIn(length);
    const count = say(length < MOST_POINTS ? "pointsDrawn" : "pointsAtMost", { count: length });
    this.learn.disabled = !length;
    put(this.count, every > 1 ? say("learnedIs", { count, every }) : count);
  }
}
