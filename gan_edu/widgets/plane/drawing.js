/* Data of one's own: strokes of a pointer, a pen moved by keys, or a shape from the list; each can be taken back. */

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
    /** @type {Point[][]} */
    this.past = []; // what stood there before each stroke
    /** @type {Point[][]} */
    this.future = []; // what was taken back
    this.learn = button(say("learnIt"), () => this.done(), { kind: "learn" });
    this.count = make("p", { role: "status" });
    this.banner = make("div", { class: "banner", hidden: "" }, make("p", {}, say("drawHere")), this.learn);
    this.back = button(say("undo"), () => this.undo(), { kind: "undo" });
    this.again = button(say("redo"), () => this.redo(), { kind: "redo" });
    const about = { class: "drawing", role: "group", "aria-label": say("drawingGroup"), hidden: "" };
    this.node = make("div", about, ...this.parts());
    this.show();
  }
  /** @returns {Node[]} */
  parts() {
    const shapes = [
      button(say("heart"), () => this.put(shape("heart"))),
      button(say("star"), () => this.put(shape("star"))),
      button(say("figureOfEight"), () => this.put(shape("eight"))),
    ];
    const clear = button(say("clear"), () => this.put([]));
    const leave = button(say("backWithout"), () => this.tells.leave());
    return [make("p", {}, ...rich(say("drawingHint"))), ...shapes, this.back, this.again, clear, leave, this.count];
  }
  /** Begins or ends drawing. @param {boolean} on */
  draws(on) {
    this.node.hidden = this.banner.hidden = !on;
    this.show();
  }
  /** In the place of what is there, which can be brought back. @param {Point[]} points */
  put(points) {
    this.past.push(this.points);
    this.future = [];
    this.set(points);
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
    const points = [...this.points, ...along(last, point)].slice(0, MOST_POINTS);
    if (starts) this.put(points);
    else this.set(points);
  }
  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.points);
    this.set(before);
  }
  redo() {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.points);
    this.set(after);
  }
  /** Ctrl+Z takes back, Ctrl+Shift+Z and Ctrl+Y bring back, as everywhere. @param {HTMLElement} root */
  listen(root) {
    root.addEventListener("keydown", (event) => {
      const key = event.key.toLowerCase();
      if (this.node.hidden || !(event.ctrlKey || event.metaKey) || !(key === "z" || key === "y")) return;
      event.preventDefault();
      event.stopPropagation();
      if (key === "y" || event.shiftKey) this.redo();
      else this.undo();
    });
  }
  done() {
    this.tells.learn(this.points);
    [this.past, this.future] = [[], []];
    this.set([]);
    this.tells.leave();
  }
  show() {
    const { length } = this.points;
    const every = oneIn(length);
    const count = say(length < MOST_POINTS ? "pointsDrawn" : "pointsAtMost", { count: length });
    this.learn.disabled = !length;
    this.back.setAttribute("aria-disabled", String(!this.past.length));
    this.again.setAttribute("aria-disabled", String(!this.future.length));
    put(this.count, every > 1 ? say("learnedIs", { count, every }) : count);
  }
}
