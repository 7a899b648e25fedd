/* The history of a run, and a slider over it: a row a mode, the stronger the more samples it had; above it how many
 * modes were covered, where a cure was switched, and where the alarm rang; below it the steps. */

import { ticks } from "d3-array";
import { paperOf } from "../kit/canvas.js";
import { make } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { isNumber, whole } from "../kit/numbers.js";
import { colourOf } from "../kit/palette.js";
import { say } from "../kit/words.js";

/** @typedef {import("./reel.js").Reel} Reel */
/** @typedef {{context: CanvasRenderingContext2D, width: number, height: number}} Paper */

export const LEFT = 30; // pixels for the names of the modes
export const RIGHT = 6; // for half of the slider's knob
export const [MARKS, LINE, GAP] = [16, 40, 6]; // heights: of the marks, of the line of covered modes, of the gap below
export const STEPS = 15; // pixels at the bottom for the numbers of the steps
const APART = 90; // pixels between two of them, about
const FULL = 1.5; // times its fair share has the full colour
const FAST = 10; // frames that Shift goes on
const LEAST = 11; // pixels of a row that has room for its name

export class History {
  /** @param {{go(frame: number): void, reel: Reel, at: number}} view */
  constructor(view) {
    this.view = view;
    this.canvas = make("canvas");
    this.node = make(
      "div",
      { class: "history", role: "slider", tabindex: 0, "aria-label": say("slider"), "aria-valuemin": 0 },
      this.canvas,
    );
    const move = (/** @type {PointerEvent} */ event) => this.pick(event);
    dragged(this.node, { move, start: move });
    onArrows(this.node, { fine: 1, coarse: FAST, go: (right, up) => view.go(view.at + right + up) });
    onKeys(this.node, { Home: () => view.go(0), End: () => view.go(view.reel.last) });
  }
  /** @param {PointerEvent} event */
  pick(event) {
    const { reel } = this.view;
    const wide = this.canvas.clientWidth;
    const share = (shareOf(event, this.canvas)[0] * wide - LEFT) / (wide - LEFT - RIGHT);
    this.view.go(reel.at(Math.max(0, share) * reel.steps[reel.last]));
  }
  /** @param {Reel} reel @param {number} frame on show @param {boolean} dark @param {string} told what it shows */
  show(reel, frame, dark, told) {
    this.node.setAttribute("aria-valuemax", String(reel.steps[reel.last]));
    this.node.setAttribute("aria-valuenow", String(reel.steps[frame]));
    this.node.setAttribute("aria-valuetext", told);
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const end = Math.max(1, reel.steps[reel.last]);
    const x = (/** @type {number} */ step) => LEFT + (step / end) * (paper.width - LEFT - RIGHT);
    this.paintRows(paper, reel, x, dark);
    this.paintLine(paper, reel, x, dark);
    this.paintMarks(paper, reel, x, dark);
    this.paintSteps(paper, end, x, dark);
    this.paintCursor(paper, x(reel.steps[frame]), dark);
  }
  /** @param {Paper} paper @param {Reel} reel @param {(step: number) => number} x @param {boolean} dark */
  paintRows({ context, width, height }, reel, x, dark) {
    const { modes, fair } = reel.stage;
    const top = MARKS + LINE + GAP;
    const high = (height - top - STEPS) / modes.length;
    context.fillStyle = colourOf("fake", dark);
    for (let frame = 0; frame <= reel.last; frame++) {
      const from = x(reel.steps[frame]);
      const wide = (frame < reel.last ? x(reel.steps[frame + 1]) : width - RIGHT) - from;
      for (const [k, share] of reel.shares(frame).entries()) {
        context.globalAlpha = isNumber(share) ? Math.min(1, share / fair[k] / FULL) : 0;
        context.fillRect(from, top + k * high, Math.max(wide, 1), high - 1);
      }
    }
    context.globalAlpha = 1;
    context.fillStyle = colourOf("soft", dark);
    context.font = "10px system-ui, sans-serif";
    context.textAlign = "right";
    context.textBaseline = "middle";
    if (high >= LEAST || modes.length <= 10)
      for (const [k, name] of modes.entries()) context.fillText(name, LEFT - 6, top + (k + 0.5) * high);
  }
  /** @param {Paper} paper @param {Reel} reel @param {(step: number) => number} x @param {boolean} dark */
  paintLine({ context, width }, reel, x, dark) {
    const most = reel.stage.modes.length;
    const y = (/** @type {number} */ count) => MARKS + LINE - (count / most) * (LINE - 2);
    context.fillStyle = colourOf("soft", dark);
    for (const count of [0, most]) context.fillText(whole(count), LEFT - 6, y(count) + (count ? 4 : -4));
    context.globalAlpha = 0.4;
    context.fillRect(LEFT, MARKS + LINE, width - LEFT - RIGHT, 1);
    context.globalAlpha = 1;
    context.strokeStyle = colourOf("ink", dark);
    context.lineWidth = 1.6;
    context.beginPath();
    let before = /** @type {number | null} */ (null);
    for (let frame = 0; frame <= reel.last; frame++) {
      const count = reel.covered(frame);
      if (count === null) before = null;
      else {
        if (before === null) context.moveTo(x(reel.steps[frame]), y(count));
        else context.lineTo(x(reel.steps[frame]), y(before));
        context.lineTo(x(reel.steps[frame]), y(count));
        before = count;
      }
    }
    context.stroke();
  }
  /** @param {Paper} paper @param {Reel} reel @param {(step: number) => number} x @param {boolean} dark */
  paintMarks({ context, height }, reel, x, dark) {
    context.textAlign = "center";
    context.font = "bold 12px system-ui, sans-serif";
    for (const { step, cure, on } of reel.log) {
      const ink = colourOf(cure === undefined ? "soft" : "real", dark);
      context.fillStyle = ink;
      context.fillText(cure === undefined ? "!" : on ? "▼" : "▽", Math.max(LEFT + 5, x(step)), MARKS / 2);
      if (cure === undefined) continue;
      context.globalAlpha = 0.7;
      context.fillRect(x(step), MARKS, 1, height - MARKS - STEPS);
      context.globalAlpha = 1;
    }
  }
  /** @param {Paper} paper @param {number} end the newest step @param {(step: number) => number} x @param {boolean} dark */
  paintSteps({ context, width, height }, end, x, dark) {
    const y = height - STEPS / 2 + 1;
    context.fillStyle = colourOf("soft", dark);
    context.font = "10px system-ui, sans-serif";
    context.textAlign = "right";
    context.fillText(say("stepsAxis"), LEFT - 6, y);
    for (const step of ticks(0, end, Math.max(1, Math.floor(width / APART)))) {
      if (!Number.isInteger(step)) continue;
      const half = context.measureText(whole(step)).width / 2;
      context.textAlign = "center";
      context.fillText(whole(step), Math.min(x(step), width - half), y);
      context.fillRect(x(step), height - STEPS - 1, 1, 3);
    }
  }
  /** @param {Paper} paper @param {number} at @param {boolean} dark */
  paintCursor({ context, height }, at, dark) {
    context.fillStyle = colourOf("ink", dark);
    context.fillRect(at - 1, MARKS - 3, 2, height - MARKS - STEPS + 3);
    context.beginPath();
    context.arc(at, MARKS + LINE + GAP / 2, 5, 0, 2 * Math.PI);
    context.fill();
  }
}
