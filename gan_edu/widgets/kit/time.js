/* A path of two players: its time as colour, and how each of them moves where they stand. */

import { arrowPath } from "./arrows.js";
import { make } from "./dom.js";
import { colourMap, colourOf } from "./palette.js";
import { say } from "./words.js";

/** @typedef {import("./plot.js").Place} Place */

const MAP = colourMap("time");
const [LONG, LONGEST, SHORTEST] = [48, 64, 3]; // pixels of an arrow: of the speed 1, at most, at least

/** A line with dots, light at its start and dark at its end, with a rim so that it is seen on any ground.
 * @param {CanvasRenderingContext2D} context @param {readonly Place[]} points in pixels
 * @param {number} count of the steps there are at the end */
export function timed(context, points, count) {
  const dot = (/** @type {Place} */ [x, y], /** @type {number} */ radius) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  };
  context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = colourOf("ink", false);
  context.lineWidth = 3.8;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  for (const place of points) dot(place, 3.6);
  context.lineWidth = 1.8;
  for (const [k, place] of points.entries()) {
    context.strokeStyle = context.fillStyle = `rgb(${MAP(k / Math.max(1, count))})`;
    context.beginPath();
    context.moveTo(...points[Math.max(0, k - 1)]);
    context.lineTo(...place);
    context.stroke();
    dot(place, 2.3);
  }
}

/** What the colours mean. */
export function timeLegend() {
  const bar = make("i");
  for (const k of [0, 1, 2]) bar.style.setProperty(`--time${k}`, `rgb(${MAP(k / 2)})`);
  return make("span", { class: "time-key" }, say("timeStart"), bar, say("timeEnd"));
}

/** Draws how the players move from a place: one to the side, the other up or down, the longer the faster.
 * @param {import("./plot.js").Plot} plot @param {Place} place @param {Place} speeds to the right, and upwards
 * @param {readonly ["d" | "g", "d" | "g"]} whose each is */
export function moves(plot, place, [right, up], [across, along]) {
  const [x, y] = plot.pixel(place);
  const reach = (/** @type {number} */ speed) =>
    Math.sign(speed) * Math.min(LONGEST, LONG * Math.sqrt(Math.abs(speed)));
  const arrows = /** @type {const} */ ([
    [across, [x + reach(right), y]],
    [along, [x, y - reach(up)]],
  ]);
  for (const [player, tip] of arrows) {
    if (Math.hypot(tip[0] - x, tip[1] - y) < SHORTEST) continue;
    for (const kind of ["move-under", `move-${player}`]) plot.path(kind, arrowPath([x, y], tip));
  }
}
