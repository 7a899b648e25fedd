/* V from above, as colours and contour lines. */

import { contours } from "d3-contour";
import { offscreen } from "../kit/canvas.js";
import { colourMap, colourOf } from "../kit/palette.js";

/** @typedef {import("./game.js").Game} Game */

export const MAP = colourMap("cividis");
const DARK_FROM = 0.4; // the level from which lines are dark, on ground that is light there

/** The map without the path, g upwards.
 * @param {Game} game
 * @param {number} width in pixels, and so high
 * @param {number} ratio pixels of the screen for one of the page */
export function ground(game, width, ratio) {
  const [canvas, context] = offscreen(width, width);
  const inner = game.side - 1; // from the middle of the first point to that of the last
  context.imageSmoothingQuality = "high";
  context.drawImage(colours(game), 0.5, 0.5, inner, inner, 0, 0, width, width);
  [context.lineWidth, context.globalAlpha] = [ratio, 0.5];
  const lines = contours().size([game.side, game.side]).thresholds(game.levels());
  for (const { value, coordinates } of lines(Array.from(game.tables[0]))) {
    context.strokeStyle = colourOf(game.level(value) < DARK_FROM ? "paper" : "ink", false);
    context.beginPath();
    for (const ring of coordinates.flat()) rings(context, ring, width / inner, width);
    context.stroke();
  }
  return canvas;
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} ring @param {number} cell @param {number} height */
function rings(context, ring, cell, height) {
  for (const [k, [x, y]] of ring.entries()) {
    const at = /** @type {const} */ ([(x - 0.5) * cell, height - (y - 0.5) * cell]);
    if (k) context.lineTo(...at);
    else context.moveTo(...at);
  }
}

/** One pixel a point of the grid. @param {Game} game */
function colours(game) {
  const { side } = game;
  const [canvas, context] = offscreen(side, side);
  const pixels = new ImageData(side, side);
  for (let j = 0; j < side; j++)
    for (let i = 0; i < side; i++) {
      const v = game.tables[0][(side - 1 - j) * side + i];
      pixels.data.set([...MAP(game.level(v)), 255], 4 * (j * side + i));
    }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** Lines and dots with a rim in the other tone, so that they are seen on dark and on light ground.
 * @param {CanvasRenderingContext2D} context
 * @param {readonly (readonly [number, number])[]} points
 * @param {number} ratio
 * @param {boolean} [dots] */
export function trace(context, points, ratio, dots = true) {
  const rim = /** @type {const} */ ([colourOf("paper", false), 3.4, 3.6]);
  const core = /** @type {const} */ ([colourOf("ink", false), 1.4, 2.2]);
  for (const [colour, wide, radius] of [rim, core]) {
    context.strokeStyle = context.fillStyle = colour;
    [context.lineWidth, context.lineJoin] = [wide * ratio, "round"];
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
    for (const [x, y] of dots ? points : []) {
      context.beginPath();
      context.arc(x, y, radius * ratio, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
