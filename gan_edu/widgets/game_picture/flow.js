/* What is drawn over the parts: the ways between them, pictures that fly, gradients that flow back. */

import { sharp, stroke } from "../kit/canvas.js";
import { colourOf } from "../kit/palette.js";
import { flown, PHASES, PICTURED } from "./phases.js";
import { mark } from "./verdicts.js";
import { along, between, middle, mixed } from "./wires.js";

/** @typedef {import("./phases.js").Part} Part */
/** @typedef {import("./phases.js").Flight} Flight */
/** @typedef {import("./phases.js").Pull} Pull */
/** @typedef {import("./wires.js").Box} Box */
/** @typedef {import("./wires.js").Point} Point */
/** @typedef {{context: CanvasRenderingContext2D, ratio: number}} Paper */
/** @typedef {object} Scene what it is drawn from
 * @property {number} phase
 * @property {number} time share of the phase's
 * @property {boolean} dark
 * @property {Record<Part, Box>} boxes
 * @property {(kind: import("./phases.js").Kind, k: number) => Box} tile where a picture has its place
 * @property {(kind: import("./phases.js").Kind, k: number) => HTMLCanvasElement} picture
 * @property {(kind: "real" | "fake", k: number) => Point} verdict where a mark has its place
 * @property {number} batch how many samples
 */

/** @type {readonly (readonly [Part, Part])[]} */
const WAYS = [
  ["z", "G"],
  ["G", "fake"],
  ["data", "real"],
  ["fake", "D"],
  ["real", "D"],
  ["D", "verdict"],
];
const ASIDE = 11; // a gradient's way from that of the samples, in pixels
const DASHES = [3, 4];
const BEADS = 3; // on each piece of a gradient's way

/** @param {HTMLCanvasElement} canvas @param {Scene} scene */
export function paintFlow(canvas, scene) {
  const paper = sharp(canvas);
  if (!paper) return;
  const { context, width, height, ratio } = paper;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { flights = [], pull } = PHASES[scene.phase];
  for (const [from, to] of WAYS) {
    const busy = scene.time < 1 && flights.some((each) => each.from === from && each.to === to);
    arrow(
      context,
      between(scene.boxes[from], scene.boxes[to]),
      colourOf(busy ? "ink" : "soft", scene.dark),
      busy ? 2.5 : 1.5,
    );
  }
  if (pull) paintPull(context, scene, pull);
  for (const flight of flights) if (scene.time < 1) paintFlight(context, scene, flight);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Flight} flight */
function paintFlight(context, scene, { what, of, from, to, at }) {
  const count = what === "marks" ? scene.batch : PICTURED;
  for (let k = count - 1; k >= 0; k--) {
    const share = flown(scene.time, at, k, count);
    if (share <= 0 || share >= 1) continue;
    if (what === "marks") {
      const kind = /** @type {"real" | "fake"} */ (of);
      const [start] = between(scene.boxes[from], scene.boxes[to]);
      const place = mixed(start, scene.verdict(kind, k), eased(share));
      mark(context, kind, place, k < PICTURED ? 5 : 3, scene.dark);
    } else paintPicture(context, scene, { what, from, to, k, share });
  }
}

/** A picture on its way: it is small where it goes into a player, or comes out of one.
 * @param {CanvasRenderingContext2D} context @param {Scene} scene
 * @param {{what: import("./phases.js").Kind, from: Part, to: Part, k: number, share: number}} flying */
function paintPicture(context, scene, { what, from, to, k, share }) {
  const own = scene.tile(what, k);
  const [start, end] = between(scene.boxes[from], scene.boxes[to]);
  const way = from === what ? [middle(own), start, end] : [start, end, middle(own)];
  const [x, y] = along(way, eased(share));
  const size = (own.right - own.left) * (from === what ? 1 - 0.65 * share : 0.35 + 0.65 * share);
  context.imageSmoothingEnabled = false;
  context.globalAlpha = from === what ? 1 - share ** 4 : 1;
  context.drawImage(scene.picture(what, k), x - size / 2, y - size / 2, size, size);
  context.globalAlpha = 1;
}

/** A gradient on its way back, piece by piece; through a player it passes unseen but for a trace.
 * @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Pull} pull */
function paintPull(context, scene, { by, way, stop }) {
  const colour = colourOf(by === "D" ? "discriminator" : "generator", scene.dark);
  const pieces = way.slice(1).map((part, k) => between(scene.boxes[way[k]], scene.boxes[part], ASIDE));
  for (const [k, ends] of pieces.entries()) {
    const share = Math.min(1, Math.max(0, scene.time * pieces.length - k));
    if (!share) continue;
    if (k > 0 && way[k] === "D") trace(context, [pieces[k - 1][1], ends[0]], colour);
    arrow(context, [ends[0], along(ends, share)], colour, 2.5, DASHES);
    if (scene.time < 1) beads(context, ends, share, colour);
  }
  if (stop && scene.time > 0.6)
    paintStop(context, between(scene.boxes[stop[0]], scene.boxes[stop[1]]), colour, scene.dark);
}

/** @param {CanvasRenderingContext2D} context @param {[Point, Point]} ends @param {string} colour */
function trace(context, ends, colour) {
  context.globalAlpha = 0.55;
  [context.strokeStyle, context.lineWidth] = [colour, 2.5];
  context.setLineDash(DASHES);
  stroke(context, ends);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {[Point, Point]} ends @param {number} share @param {string} colour */
function beads(context, ends, share, colour) {
  context.fillStyle = colour;
  for (let k = 0; k < BEADS; k++) {
    const place = (share * 2 + k / BEADS) % 1;
    if (place > share) continue;
    const [x, y] = along(ends, place);
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fill();
  }
}

/** A bar across a way, where a gradient does not go on.
 * @param {CanvasRenderingContext2D} context @param {[Point, Point]} ends @param {string} colour @param {boolean} dark */
function paintStop(context, ends, colour, dark) {
  const [x, y] = along(ends, 0.5);
  context.beginPath();
  for (let k = 0; k < 8; k++) {
    const angle = (Math.PI / 4) * (k + 0.5);
    context.lineTo(x + 11 * Math.cos(angle), y + 11 * Math.sin(angle));
  }
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  context.fillStyle = colourOf("paper", dark);
  context.fillRect(x - 6, y - 2, 12, 4);
}

/** @param {CanvasRenderingContext2D} context @param {[Point, Point]} ends @param {string} colour @param {number} width
 * @param {number[]} [dashes] */
function arrow(context, [[x, y], [u, v]], colour, width, dashes = []) {
  const [length, angle] = [Math.hypot(u - x, v - y), Math.atan2(v - y, u - x)];
  if (length < 2) return;
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(2, 0);
  context.lineTo(length - 7, 0);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(length - 1, 0);
  context.lineTo(length - 9, 3 + width);
  context.lineTo(length - 9, -3 - width);
  context.fill();
  context.restore();
}

/** Slow at both ends. @param {number} share */
const eased = (share) => share * share * (3 - 2 * share);
