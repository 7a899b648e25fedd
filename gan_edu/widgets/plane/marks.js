/* What lies on the plane's map: blue discs are real, orange triangles are fake, arrows pull, a cross probes. */

import { offscreen } from "../kit/canvas.js";
import { colourOf } from "../kit/palette.js";
import { LONGEST, LOST } from "./frames.js";

/** @typedef {import("./paper.js").Paper} Paper */
/** @typedef {"real" | "fake"} Kind */

const PULL = 0.1; // the longest arrow is a tenth of the picture; its value stands in the numbers
const TURN = 2 * Math.PI;

/** Markers of one canvas: each is drawn once and copied, as hundreds are drawn for every view. */
export class Markers {
  constructor() {
    /** @type {Map<string, HTMLCanvasElement>} */
    this.stamps = new Map();
  }
  /** @param {Paper} paper @param {Kind} kind @param {ArrayLike<number>} points x and y by turns @param {number} unit */
  paint(paper, kind, points, unit) {
    const stamp = this.stampOf(paper, kind);
    const half = stamp.width / 2;
    for (let i = 0; i < points.length; i += 2) {
      if (points[i] === LOST) continue;
      paper.context.drawImage(stamp, paper.x(points[i] / unit) - half, paper.y(points[i + 1] / unit) - half);
    }
  }
  /** @param {Paper} paper @param {Kind} kind */
  stampOf({ radius, ratio, dark, rim }, kind) {
    const key = `${kind} ${dark} ${radius}`;
    const known = this.stamps.get(key);
    if (known) return known;
    const half = Math.ceil(radius * 2 + ratio);
    const [stamp, context] = offscreen(2 * half, 2 * half);
    context.fillStyle = colourOf(kind, dark);
    context.strokeStyle = rim;
    context.lineWidth = 0.7 * ratio;
    context.translate(half, half);
    outline(context, kind, radius);
    context.fill();
    context.stroke();
    this.stamps.set(key, stamp);
    return stamp;
  }
}

/** @param {CanvasRenderingContext2D} context @param {Kind} kind @param {number} radius */
function outline(context, kind, radius) {
  context.beginPath();
  if (kind === "real") {
    context.arc(0, 0, radius, 0, TURN);
    return;
  }
  const side = radius * 1.45;
  context.moveTo(0, -side);
  context.lineTo(side * 0.92, side * 0.7);
  context.lineTo(-side * 0.92, side * 0.7);
  context.closePath();
}

/** Where each sample is pulled.
 * @param {Paper} paper @param {import("./frames.js").Frame} frame @param {number} unit */
export function paintPulls(paper, { fakes, pulls }, unit) {
  const { context, size, ratio, dark } = paper;
  const scale = (PULL * size) / LONGEST;
  context.strokeStyle = colourOf("ink", dark);
  context.lineWidth = 1.2 * ratio;
  context.beginPath();
  for (let i = 0; i < pulls.length; i += 2) {
    if (fakes[i] === LOST || pulls[i] === LOST) continue;
    arrow(paper, [paper.x(fakes[i] / unit), paper.y(fakes[i + 1] / unit)], [pulls[i] * scale, -pulls[i + 1] * scale]);
  }
  context.stroke();
}

/** @param {Paper} paper @param {[number, number]} from
 * @param {[number, number]} way in pixels; shorter than one of the page: none */
function arrow({ context, ratio }, [x, y], [u, v]) {
  const length = Math.hypot(u, v);
  if (length < ratio) return;
  const [a, b] = [(u / length) * 3 * ratio, (v / length) * 3 * ratio];
  context.moveTo(x, y);
  context.lineTo(x + u, y + v);
  context.moveTo(x + u - a - b, y + v - b + a);
  context.lineTo(x + u, y + v);
  context.lineTo(x + u - a + b, y + v - b - a);
}

/** What is being drawn.
 * @param {Paper} paper @param {readonly import("./frames.js").Point[]} points */
export function paintStrokes({ context, radius, dark, ...paper }, points) {
  context.fillStyle = colourOf("real", dark);
  for (const [x, y] of points) {
    context.beginPath();
    context.arc(paper.x(x), paper.y(y), radius * 1.6, 0, TURN);
    context.fill();
  }
}

/** The probe, or the pen: a cross with a rim.
 * @param {Paper} paper @param {import("./frames.js").Point} place */
export function paintCross({ context, ratio, dark, rim, ...paper }, place) {
  const [x, y, arm] = [paper.x(place[0]), paper.y(place[1]), 7 * ratio];
  const inks = /** @type {const} */ ([
    [rim, 3],
    [colourOf("ink", dark), 1.2],
  ]);
  for (const [ink, wide] of inks) {
    [context.strokeStyle, context.lineWidth] = [ink, wide * ratio];
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    context.stroke();
  }
}
