/* The numbers of one frame, as core/recording/point_frames.py packs them: int16 fakes, pulls and sheet, then uint8
 * probabilities of D, row by row from the bottom. What was not finite is LOST, and on the map grid.lost_field.
 */

import { bytesOf } from "../kit/dom.js";
import { clamp } from "../kit/numbers.js";

/** @typedef {readonly [number, number]} Point of the plane */
/** @typedef {ArrayBuffer | ArrayBufferView<ArrayBuffer>} Bytes */
/** @typedef {object} Grid
 * @property {number} fakes how many there are
 * @property {number} pulls of the first so many fakes
 * @property {number} sheet latents of the sheet
 * @property {number} field cells of the map's side
 * @property {number} edge where the picture ends
 * @property {number} unit steps of int16 in one of the data's units
 * @property {number} [lost_field] what stands on the map for no number
 */
/** @typedef {object} Frame
 * @property {Int16Array} fakes x and y by turns
 * @property {Int16Array} pulls
 * @property {Int16Array} sheet
 * @property {Uint8Array} field
 * @property {number} lost how many fakes are no numbers
 * @property {number} away how many lie beyond the picture's edge
 */

export const LOST = -32768;
export const LONGEST = 30000; // the largest component of a frame's pulls
const NEAR = 0.12; // as far from a sample its pull is told

/** @param {Grid} grid @param {Bytes} bytes @returns {Frame} */
export function unpackFrame(grid, bytes) {
  const count = grid.fakes + grid.pulls + grid.sheet;
  const buffer = bytesOf(bytes);
  const points = new Int16Array(buffer, 0, 2 * count);
  const cut = (/** @type {number} */ from, /** @type {number} */ many) => points.subarray(2 * from, 2 * (from + many));
  const fakes = cut(0, grid.fakes);
  return {
    fakes,
    pulls: cut(grid.fakes, grid.pulls),
    sheet: cut(grid.fakes + grid.pulls, grid.sheet),
    field: new Uint8Array(buffer, 4 * count, grid.field ** 2),
    ...unseen(fakes, grid.edge * grid.unit),
  };
}

/** @param {Int16Array} points @param {number} edge */
function unseen(points, edge) {
  let [lost, away] = [0, 0];
  for (let i = 0; i < points.length; i += 2) {
    if (points[i] === LOST) lost += 1;
    else if (Math.max(Math.abs(points[i]), Math.abs(points[i + 1])) > edge) away += 1;
  }
  return { lost, away };
}

/** Where the middle of the samples lies, of those that are numbers: its place, how far it is from the picture's middle,
 * and whether they lie on one side of it.
 * @param {Grid} grid @param {Frame} frame */
export function middleOf({ unit }, { fakes }) {
  let [x, y, reach, count] = [0, 0, 0, 0];
  for (let i = 0; i < fakes.length; i += 2) {
    if (fakes[i] === LOST) continue;
    x += fakes[i] / unit;
    y += fakes[i + 1] / unit;
    reach += Math.hypot(fakes[i], fakes[i + 1]) / unit;
    count += 1;
  }
  const far = Math.hypot(x, y) / count;
  return {
    place: /** @type {const} */ ([x / count, y / count]),
    far: reach / count,
    together: far > (0.5 * reach) / count,
  };
}

/** D's probability at a place, null where it is none.
 * @param {Grid} grid @param {Frame} frame @param {Point} place */
export function probabilityAt({ edge, field: side, lost_field: lost }, { field }, [x, y]) {
  const cell = (/** @type {number} */ v) => clamp(Math.floor(((v + edge) / 2 / edge) * side), 0, side - 1);
  const level = field[cell(y) * side + cell(x)];
  return level === lost ? null : level / 255;
}

/** Which sample with a pull lies nearest to a place, −1 where none is near.
 * @param {Grid} grid @param {Frame} frame @param {Point} place */
export function sampleNear({ pulls, unit }, { fakes }, [x, y]) {
  let [near, least] = [-1, NEAR];
  for (let i = 0; i < pulls; i++) {
    const away = Math.hypot(fakes[2 * i] / unit - x, fakes[2 * i + 1] / unit - y);
    if (away < least) [near, least] = [i, away];
  }
  return near;
}

/** How strongly a sample is pulled; null where that is no number.
 * @param {Frame} frame @param {number} sample @param {number} most what LONGEST stands for */
export function pullOn({ pulls }, sample, most) {
  if (pulls[2 * sample] === LOST) return null;
  return (Math.hypot(pulls[2 * sample], pulls[2 * sample + 1]) / LONGEST) * most;
}
