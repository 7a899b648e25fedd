/* What was measured, as stored.py arranges it: by method, number of images and look; and how plots take it. */

import { numeral } from "../kit/words.js";

/** @typedef {[number, number, number]} Band median, lowest, highest over the seeds */
/** @typedef {{score: Band[], copied: Band[], samples: number[][], nearest: number[][], distances: number[][]}} Cell
 *   each a list by look; samples, nearest: places of tiles */
/** @typedef {object} Board
 * @property {number[]} images
 * @property {number[]} looks steps
 * @property {number[]} seeds
 * @property {{key: string, label: string}[]} methods
 * @property {{label: string, lower: boolean, floor: number | null}} score
 * @property {{label: string, below: number[], floor: number[] | null, digits: number}} copy by number of images
 * @property {Cell[][]} cells by method and number of images
 * @property {import("../kit/atlas.js").Layout} tile */
/** @typedef {{row: number, column: number}} At of images and looks */
/** @typedef {"score" | "copied"} Measure */
/** @typedef {"looks" | "images"} Over what a plot goes over */
/** @typedef {readonly [number, number]} Place */
/** @typedef {{to: (value: number) => number, ends: Place, ticks: number[], text: (tick: number) => string}} Axis
 *   to: where a value stands; ends, ticks: likewise */

const FAR = 8; // times: an axis whose values differ more is logarithmic
const ROOM = 0.06; // of an axis, beyond its values
const MARKS = [[1, 2, 4, 6], [1, 2, 5], [1, 3], [1]]; // of a power of ten: the first that are few enough
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]; // between shares
const [FEW_TICKS, FEW_STEPS] = [5, 3];
const [ABOVE, LINE, TOP, FOOT] = [-5, 13, 9, -3]; // pixels: from a mark to its letter, to the next; from the edges

/** What of a method stands where the sliders do. @param {Board} board @param {number} method @param {At} at */
export function shownOf({ cells, copy }, method, { row, column }) {
  const { score, copied, samples, nearest, distances } = cells[method][row];
  const copies = distances[column].map((distance) => distance < copy.below[row]);
  const tiles = { samples: samples[column], nearest: nearest[column], distances: distances[column], copies };
  return { score: score[column], copied: copied[column], ...tiles };
}

/** Where looks or numbers of images stand on an axis: these by powers. @param {Board} board @param {Over} over */
export const acrossOf = ({ looks, images }, over) => (over === "looks" ? looks : images.map((n) => Math.log10(n)));

/** A measure of a method on the way over the looks, for so many images, or over the images, at that look.
 * @param {Board} board @param {number} method @param {Measure} measure @param {Over} over @param {At} at @returns {Band[]} */
export function wayOf({ cells }, method, measure, over, { row, column }) {
  return over === "looks" ? cells[method][row][measure] : cells[method].map((cell) => cell[measure][column]);
}

/** What unseen real images get, at each place of a way; none where it is not known.
 * @param {Board} board @param {Measure} measure @param {Over} over @param {At} at @returns {number[]} */
export function floorOf({ looks, images, score, copy }, measure, over, { row }) {
  const by = over === "looks" ? looks : images;
  if (measure === "score") return score.floor === null ? [] : by.map(() => /** @type {number} */ (score.floor));
  const { floor } = copy;
  return floor ? by.map((_, k) => floor[over === "looks" ? row : k]) : [];
}

/** The rim of a band: over its highest, back over its lowest.
 * @param {readonly number[]} across @param {readonly Band[]} bands @param {(value: number) => number} to @returns {Place[]} */
export function rimOf(across, bands, to) {
  const side = (/** @type {number} */ which) =>
    bands.map((band, k) => /** @type {Place} */ ([across[k], to(band[which])]));
  return [...side(2), ...side(1).reverse()];
}

/** The axis of a measure, the same wherever one stands: as far as the bands of all cells go, shares from 0.
 * @param {Board} board @param {Measure} measure @returns {Axis} */
export function axisOf({ cells }, measure) {
  const all = cells.flat().flatMap((cell) => cell[measure].flat());
  const [low, high] = [Math.min(...all), Math.max(...all)];
  if (measure === "copied") return shares(high);
  if (low > 0 && high / low > FAR) return powers(low, high);
  const room = (high - low || Math.abs(high) || 1) * ROOM;
  return { to: Number, ends: [low - room, high + room], ticks: [], text: String };
}

/** An axis of shares; 0 stands a little above its lower end. @param {number} high @returns {Axis} */
function shares(high) {
  const top = Math.max(high, STEPS[0]);
  const step = STEPS.find((each) => top / each <= FEW_STEPS) ?? 1;
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, k) => k * step);
  return { to: Number, ends: [-ROOM * top, (1 + ROOM) * top], ticks, text: (tick) => `${brief(100 * tick)} %` };
}

/** Whether an axis reaches all of these values. @param {Axis} axis @param {readonly number[]} values */
export const holds = ({ to, ends: [low, high] }, values) =>
  values.every((value) => !(to(value) < low) && to(value) <= high);

/** A logarithmic axis. @param {number} low @param {number} high @returns {Axis} */
function powers(low, high) {
  const room = Math.log10(high / low) * ROOM;
  const ends = /** @type {const} */ ([Math.log10(low) - room, Math.log10(high) + room]);
  const all = Array.from(
    { length: Math.ceil(ends[1]) - Math.floor(ends[0]) },
    (_, k) => 10 ** (Math.floor(ends[0]) + k),
  );
  const within = MARKS.map((marks) =>
    all.flatMap((ten) => marks.map((mark) => Math.log10(mark * ten))).filter((t) => t >= ends[0] && t <= ends[1]),
  );
  const ticks = within.find((some) => some.length <= FEW_TICKS) ?? within[MARKS.length - 1];
  return { to: Math.log10, ends, ticks, text: (tick) => brief(10 ** tick) };
}

/** A number with as many digits as it has, three at most. @param {number} value */
export function brief(value) {
  const [, digits = ""] = String(+value.toPrecision(3)).split(".");
  return numeral(value, digits.length);
}

/** Ticks whose words stand at least so far apart; the last one always stays.
 * @param {readonly number[]} ticks @param {(tick: number) => Place} span of its words, from left to right
 * @param {number} apart */
export function sparse(ticks, span, apart) {
  /** @type {number[]} */
  const kept = [];
  for (const tick of [...ticks].reverse())
    if (!kept.length || span(kept[0])[0] - span(tick)[1] >= apart) kept.unshift(tick);
  return kept;
}

/** How high the letters of marks stand, in pixels: the upper mark's above it, the lower one's below where there is room,
 * never one on the other.
 * @param {readonly number[]} marks one or two @param {number} top @param {number} bottom of the plot */
export function lettersOf(marks, top, bottom) {
  const [ceiling, floor] = [top + TOP, bottom + FOOT];
  if (marks.length < 2) return marks.map((y) => Math.max(ceiling, y + ABOVE));
  const upper = marks[0] <= marks[1] ? 0 : 1;
  const second = marks[1 - upper];
  const low = Math.max(ceiling + LINE, second + (second + LINE <= floor ? LINE : ABOVE));
  const high = Math.min(Math.max(ceiling, marks[upper] + ABOVE), low - LINE);
  return upper ? [low, high] : [high, low];
}

/** Which of several lines a place is on, or next to; -1 for none.
 * @param {readonly (readonly Place[])[]} lines of corners from left to right @param {Place} place @param {number} reach */
export function lineAt(lines, [x, y], reach) {
  const far = lines.map((line) => {
    const k = line.findIndex((corner, at) => at > 0 && corner[0] >= x);
    if (k < 1 || x < line[0][0]) return Number.POSITIVE_INFINITY;
    const [[left, from], [right, to]] = [line[k - 1], line[k]];
    return Math.abs(from + ((to - from) * (x - left)) / (right - left) - y);
  });
  const least = Math.min(...far);
  return least <= reach ? far.indexOf(least) : -1;
}

/** Three digits that count of a score's median and ends, as many after the point for each.
 * @param {Band} band */
export function scoreText(band) {
  const largest = Math.max(...band.map(Math.abs));
  const digits = largest > 0 ? Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(largest)))) : 0;
  const [median, low, high] = band.map((each) => numeral(each, digits));
  return { median, low, high };
}

/** Shares in whole per cent. @param {Band} band */
export function shareText(band) {
  const [copied, least, most] = band.map((share) => numeral(100 * share, 0));
  return { copied, least, most };
}
