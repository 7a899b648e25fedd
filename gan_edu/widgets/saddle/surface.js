/* V as height: a mesh of facets, painted from the back to the front, with the path on it. */

import { clamp } from "../kit/numbers.js";
import { timed } from "../kit/time.js";

/** @typedef {import("../kit/field.js").Field} Field */
/** @typedef {import("./game.js").Game} Game */
/** @typedef {import("./game.js").Place} Place */
/** @typedef {{context: CanvasRenderingContext2D, width: number, height: number}} Paper */
/** @typedef {(d: number, g: number, v?: number) => [number, number]} Projection to pixels */

const MESH = 40; // facets a side
const TILT = 0.5; // how much of the depth is seen as height

/** @param {Paper} paper @param {Game} game @param {Field} field its V @param {Place[][]} ways
 * @param {{turn: number, count: number, ink: string}} look turn: in degrees; count: of steps */
export function paintSurface(paper, game, field, ways, { turn, count, ink }) {
  const { context } = paper;
  const angle = (turn * Math.PI) / 180;
  const line = Array.from({ length: MESH + 1 }, (_, k) => -game.reach + (2 * game.reach * k) / MESH);
  const to = projection(paper, game, field, angle, line);
  facets(context, game, field, line, to, angle);
  ridges(context, line, to);
  for (const way of ways) {
    const inside = way.filter(([d, g]) => game.holds(d, g));
    timed(
      context,
      inside.map(([d, g]) => to(d, g)),
      count,
    );
  }
  names(paper, game, to, ink);
}

/** d and g as they lie turned on the page: how far right, and how far away from the eye.
 * @param {number} angle @param {number} d @param {number} g */
const turned = (angle, d, g) => [Math.cos(angle) * d - Math.sin(angle) * g, Math.sin(angle) * d + Math.cos(angle) * g];

/** The projection that has the surface in the middle of the paper.
 * @param {Paper} paper @param {Game} game @param {Field} field @param {number} angle @param {number[]} line
 * @returns {Projection} */
function projection({ width, height }, game, field, angle, line) {
  const scale = Math.min(width * 0.33, height * 0.46) / game.reach;
  const raw = (/** @type {number} */ d, /** @type {number} */ g, /** @type {number} */ v) => {
    const [x, depth] = turned(angle, d, g);
    return [width / 2 + x * scale, -depth * scale * TILT - field.share(v) * height * 0.5];
  };
  const heights = line.flatMap((g) => line.map((d) => raw(d, g, game.v(d, g))[1]));
  const shift = height / 2 - (Math.min(...heights) + Math.max(...heights)) / 2;
  return (d, g, v = game.v(d, g)) => {
    const [x, y] = raw(d, g, v);
    return [x, y + shift];
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Game} game
 * @param {Field} field
 * @param {number[]} line
 * @param {Projection} to
 * @param {number} angle
 */
function facets(context, game, field, line, to, angle) {
  const corner = line.map((g) => line.map((d) => ({ v: game.v(d, g), at: to(d, g) })));
  const all = [];
  for (let j = 0; j < MESH; j++)
    for (let i = 0; i < MESH; i++) {
      const four = [corner[j][i], corner[j][i + 1], corner[j + 1][i + 1], corner[j + 1][i]];
      all.push({ four, depth: turned(angle, line[i], line[j])[1] });
    }
  all.sort((a, b) => b.depth - a.depth);
  context.lineWidth = 0.6;
  for (const { four } of all) {
    const middle = four.reduce((sum, { v }) => sum + v / 4, 0);
    context.fillStyle = context.strokeStyle = `rgb(${field.colour(middle)})`;
    context.beginPath();
    for (const { at } of four) context.lineTo(...at);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

/** Lines over the surface along d = 0 and g = 0, whose crossing is the saddle.
 * @param {CanvasRenderingContext2D} context @param {number[]} line @param {Projection} to */
function ridges(context, line, to) {
  [context.strokeStyle, context.globalAlpha, context.lineWidth] = ["#fff", 0.8, 1.2];
  for (const points of [line.map((t) => to(t, 0)), line.map((t) => to(0, t))]) {
    context.beginPath();
    for (const at of points) context.lineTo(...at);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** d and g at the ends of their axes, a little further out.
 * @param {Paper} paper @param {Game} game @param {Projection} to @param {string} ink */
function names({ context, width }, { reach }, to, ink) {
  [context.fillStyle, context.textAlign] = [ink, "center"];
  context.font = "12px system-ui, sans-serif";
  const [middle] = to(0, 0);
  const ends = /** @type {const} */ ([
    ["d", to(reach, 0)],
    ["g", to(0, reach)],
  ]);
  for (const [name, [x, y]] of ends) {
    const out = x + Math.sign(x - middle) * 22;
    context.fillText(`${name} = ${reach}`, clamp(out, 20, width - 20), y);
  }
}
