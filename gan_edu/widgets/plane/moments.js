/* What runs show at a step: their newest frame at or before it, with its scores and the data that it learned then. */

import { isNumber, lastAtOrBefore } from "../kit/numbers.js";
import { unpackFrame } from "./frames.js";

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {import("./frames.js").Bytes} Bytes */
/** @typedef {"js" | "kl" | "modes" | "quality" | "pull" | "d_grad" | "g_grad" | "most"} Score */
/** @typedef {Partial<Record<Score, Maybe>>} Scores */
/** @typedef {object} Data
 * @property {number} from the step since when it is learned
 * @property {string} name
 * @property {readonly number[]} points on show, x and y by turns
 * @property {{js: number, kl: number}} floor what the data itself scores
 * @property {number | null} modes
 */
/** @typedef {{step: number, change?: string, single?: string, count?: number}} Change an entry of a run's log */
/** @typedef {object} Meta what a recording says of itself
 * @property {string} title
 * @property {string} [subtitle]
 * @property {import("./frames.js").Grid} grid
 * @property {import("./sheet.js").Noise} noise
 * @property {Data[]} reals
 * @property {{samples: number, bins: number, fair?: number}} scoring
 * @property {Record<string, number>} [optimum]
 * @property {{step: number[], scores: (Scores | null)[]}} frames
 * @property {Record<string, Maybe[]> & {step: number[]}} curves
 * @property {Change[]} [log]
 * @property {{frame_bytes: number, frames: number}} [atlas]
 * @property {{seed: number, settings: Record<string, unknown>}} [provenance]
 */
/** @typedef {{meta: Meta, pictures: readonly import("../kit/atlas.js").Picture[]}} Run its frames as bytes */
/** @typedef {{step: number, scores: Scores, bytes?: Bytes}} Now seen at this very step, and not kept */
/** @typedef {object} Still of one sub-step
 * @property {number} line of the loop
 * @property {number} step
 * @property {Scores} scores
 * @property {number[]} real
 * @property {boolean} fake whether there are fakes yet
 * @property {number} [d_loss]
 * @property {number} [g_loss]
 */
/** @typedef {object} Moment
 * @property {import("./frames.js").Grid} grid
 * @property {import("./sheet.js").Noise} noise
 * @property {import("./frames.js").Frame} frame
 * @property {readonly number[]} real
 * @property {Data} data
 * @property {Scores} scores
 * @property {number} step
 * @property {boolean} ended whether its run is over by then
 * @property {boolean} [bare] whether there are no fakes yet
 */

/** @param {Run} run @param {number} step @param {Now | null} [now] @returns {Moment} */
export function momentOf({ meta, pictures }, step, now) {
  const k = Math.max(0, lastAtOrBefore(meta.frames.step, step));
  const kept = meta.frames.scores[k] ?? {};
  const fresh = now?.bytes ? { of: now.step, bytes: now.bytes, scores: { ...kept, ...now.scores } } : null;
  const { of, bytes, scores } = fresh ?? {
    of: meta.frames.step[k],
    bytes: /** @type {Bytes} */ (pictures[k]),
    scores: kept,
  };
  const data = meta.reals.findLast(({ from }) => from <= of) ?? meta.reals[0];
  const ended = step > meta.frames.step[meta.frames.step.length - 1];
  const { grid, noise } = meta;
  return { grid, noise, frame: unpackFrame(grid, bytes), real: data.points, data, scores, step: of, ended };
}

/** The moment after a sub-step.
 * @param {Meta} meta @param {Still} still @param {Bytes} bytes @returns {Moment} */
export function momentAfter({ grid, noise, reals, frames }, { real, scores, step, fake }, bytes) {
  const all = { ...frames.scores[frames.scores.length - 1], ...scores };
  const data = reals[reals.length - 1];
  return { grid, noise, frame: unpackFrame(grid, bytes), real, data, scores: all, step, ended: false, bare: !fake };
}

/** The steps to slide over: the run's own, and those of another beside it; of these, while it is trained, none beyond.
 * @param {number[]} own @param {number[]} other @param {boolean} live */
export function stepsOf(own, other, live) {
  if (!other.length) return own;
  const last = own[own.length - 1];
  return [...new Set([...own, ...other.filter((step) => !live || step <= last)])].sort((a, b) => a - b);
}

/** How many of a run's steps up to one a player took alone.
 * @param {readonly Change[]} log @param {number} now @param {"d" | "g"} player */
export const alone = (log, now, player) =>
  log
    .filter(({ single, step }) => single === player && step < now)
    .reduce((sum, { step, count = 0 }) => sum + Math.min(count, now - step), 0);

/** The names of a run's curves that are neither losses nor D's means: of its penalties, say.
 * @param {Meta} meta */
export const furtherCurves = ({ curves }) =>
  Object.keys(curves).filter((name) => !KNOWN.has(name) && curves[name].some(isNumber));

const KNOWN = new Set(["step", "d_loss", "g_loss", "d_real", "d_fake"]);
