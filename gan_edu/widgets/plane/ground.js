/* D's map, from orange (it calls a point fake) to blue (real), and the generator's sheet over it. */

import { offscreen } from "../kit/canvas.js";
import { colourMap, colourOf } from "../kit/palette.js";
import { areaOf, cellOpacity, cellsOf, pieceOpacity, sheetAt } from "./sheet.js";

/** @typedef {import("./paper.js").Paper} Paper */
/** @typedef {import("./frames.js").Point} Point */
/** @typedef {import("../kit/palette.js").RGB} RGB */

/** A colour as a canvas holds it, opaque. @param {RGB} colour */
const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

const LEVELS = Array.from({ length: 256 }, (_, level) => level / 255);
const MAPS = { light: colourMap("verdict"), dark: colourMap("verdictDark") };
const INKS = {
  light: Uint32Array.from(LEVELS, (level) => packed(MAPS.light(level))),
  dark: Uint32Array.from(LEVELS, (level) => packed(MAPS.dark(level))),
};
const UNSURE = 128; // the middle level
const LOST_INK = packed([118, 126, 134]); // chequered with the middle of the map

/** The colour of a map that is nowhere sure, over the whole picture. @param {Paper} paper */
export function paintGround({ context, size, dark }) {
  context.fillStyle = `rgb(${MAPS[dark ? "dark" : "light"](0.5)})`;
  context.fillRect(0, 0, size, size);
}

/** Paints D's probabilities over the whole picture, a cell a pixel and enlarged.
 * @param {Paper} paper @param {import("./frames.js").Grid} grid @param {Uint8Array} field in rows from the bottom */
export function paintMap({ context, size, dark }, { field: side, lost_field: lost }, field) {
  const [small, own] = offscreen(side, side);
  const image = own.createImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  const inks = dark ? INKS.dark : INKS.light;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const level = field[row * side + column];
      const chequer = (row + column) % 2 ? LOST_INK : inks[UNSURE];
      pixels[(side - 1 - row) * side + column] = level === lost ? chequer : inks[level];
    }
  own.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, size, size);
}

/** Paints the sheet: a net where the noise has two dimensions, a line where it has one.
 * @param {Paper} paper @param {import("./moments.js").Moment} moment
 * @param {number} morph 0: the noise itself, 1: its image */
export function paintSheet(paper, { grid, noise, frame }, morph) {
  const places = sheetAt(frame.sheet, noise, morph, grid.unit);
  const points = places.map((at) => at && /** @type {const} */ ([paper.x(at[0]), paper.y(at[1])]));
  paper.context.lineJoin = "round";
  if (noise.dim === 1) paintLine(paper, points);
  else paintNet(paper, points);
  paper.context.globalAlpha = 1;
}

/** @param {Paper} paper @param {readonly (Point | null)[]} points in pixels */
function paintLine({ context, size, ratio, dark }, points) {
  context.strokeStyle = colourOf("generator", dark);
  context.lineWidth = 3 * ratio;
  for (const [k, to] of points.entries()) {
    const from = points[k - 1];
    if (!from || !to) continue;
    context.globalAlpha = pieceOpacity(Math.hypot(to[0] - from[0], to[1] - from[1]) / size);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
}

/** @param {Paper} paper @param {readonly (Point | null)[]} points in pixels */
function paintNet({ context, size, ratio, dark }, points) {
  const share = 1 / (Math.sqrt(points.length) - 1) ** 2;
  context.fillStyle = context.strokeStyle = colourOf("generator", dark);
  context.lineWidth = 0.6 * ratio;
  for (const corners of cellsOf(points)) {
    context.beginPath();
    for (const corner of corners) context.lineTo(...corner);
    context.closePath();
    context.globalAlpha = cellOpacity(areaOf(corners) / size ** 2, share);
    context.fill();
    context.globalAlpha = 0.55;
    context.stroke();
  }
}
