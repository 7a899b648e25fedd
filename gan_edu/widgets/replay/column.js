/* One run: its grid of samples and its numbers; of compared runs its name, too. */

import { make, put } from "../kit/dom.js";
import { badgeOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { Grid } from "./grid.js";
import { Numbers } from "./numbers.js";

/** @typedef {import("./run.js").Run} Run */

export class Column {
  /** @param {{draw(): void}} view @param {number} k @param {boolean} compared then its numbers stand below its grid */
  constructor(view, k, compared) {
    /** @type {Run | null} */
    this.run = null;
    this.grid = new Grid(view);
    this.numbers = new Numbers(compared);
    this.title = make("span");
    this.name = make("h4", {}, badgeOf(k), this.title);
    this.own = make("div", { class: "own" });
    const name = make("div", { class: "name" }, this.name, this.own);
    const parts = compared ? [name, this.grid.node, this.numbers.node] : [this.grid.node];
    this.node = make("div", { class: "run" }, ...parts);
  }
  /** @param {Run} run */
  load(run) {
    this.run = run;
    this.grid.load(run);
    this.numbers.load(run);
    this.title.textContent = run.meta.title;
  }
  /** @param {number} step on show @param {boolean} verdict @param {string} state in words */
  draw(step, verdict, state) {
    if (!this.run) return;
    const frame = this.run.at(step);
    this.grid.draw(frame, verdict, state);
    this.numbers.draw(frame);
    put(this.own, ownStep(this.run, frame, step));
  }
}

/** Which frame a run shows at a step that it may have no frame of.
 * @param {Run} run @param {number} frame @param {number} step */
function ownStep(run, frame, step) {
  if (frame < 0) return say("notStarted");
  const own = run.steps[frame];
  const over = frame === run.steps.length - 1 && step > own;
  if (run.meta.steps_of) return say(over ? "atStepLast" : "atStep", { step: own });
  return say(over ? "frameOfStepLast" : "frameOfStep", { step: own });
}

/** Titles of compared runs take the same height, so that their pictures stand in line.
 * @param {readonly Column[]} columns */
export function alignTitles(columns) {
  for (const { name } of columns) name.style.minHeight = "";
  const most = Math.max(...columns.map(({ name }) => name.offsetHeight));
  for (const { name } of columns) name.style.minHeight = `${most}px`;
}
