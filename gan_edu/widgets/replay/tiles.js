/* What is drawn over a sample: D's verdict as a tint and a border, and the ring of the one that is pointed at. */

import { clamp } from "../kit/numbers.js";
import { colourOf } from "../kit/palette.js";

/** @typedef {[x: number, y: number, w: number, h: number]} Box */

const TINT = 0.5; // of a sample of which D is sure

/** D's verdict: blue and solid is real, orange and dashed is fake; on light images a dark rim carries it.
 * @param {CanvasRenderingContext2D} context @param {Box} box @param {number} p @param {number} ratio */
export function verdictOn(context, [x, y, w, h], p, ratio) {
  const sure = Math.abs(p - 0.5) * 2;
  const wide = (1.1 + 1.1 * sure) * ratio * clamp(w / ratio / 34, 0.7, 1.6);
  const inset = wide / 2 + ratio;
  const colour = colourOf(p >= 0.5 ? "real" : "fake", true);
  const within = inset + wide / 2 + ratio / 2;
  context.globalAlpha = TINT * Math.sqrt(sure); // near ½ it is seen on which side it lies
  context.fillStyle = colour;
  context.fillRect(x + within, y + within, w - 2 * within, h - 2 * within);
  context.globalAlpha = 0.3 + 0.7 * sure;
  context.setLineDash(p >= 0.5 ? [] : [w * 0.15, w * 0.1]);
  for (const [ink, more] of /** @type {const} */ ([
    ["#000", ratio],
    [colour, 0],
  ])) {
    [context.strokeStyle, context.lineWidth] = [ink, wide + more];
    context.strokeRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {number} ratio */
export function ring(context, [x, y, w, h], ratio) {
  const [rim, core] = [colourOf("paper", false), colourOf("ink", false)];
  context.lineWidth = 1.5 * ratio;
  for (const [ink, inset] of /** @type {const} */ ([
    [rim, 0.75 * ratio],
    [core, 2.25 * ratio],
  ])) {
    context.strokeStyle = ink;
    context.strokeRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset);
  }
}
