/* A recording as the views read it: its frame at a step, its curves, its scores. */

import { isNumber, lastAtOrBefore, nearest, sigmoid } from "../kit/numbers.js";

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {{fid?: Maybe, confidence?: Maybe, histogram?: Maybe[]}} Scores */
/** @typedef {{rows: number, columns: number, tile_width: number, tile_height: number}} Tiles */
/** @typedef {{step: number[], epoch?: Maybe[], logits?: (Maybe[] | null)[], scores?: (Scores | null)[]}} Frames */

/** @typedef {object} Meta recording.json
 * @property {string} title
 * @property {string} [subtitle]
 * @property {string} [steps_of] title of the run in whose steps it counts
 * @property {number | null} [steps_per_epoch]
 * @property {Tiles} grid
 * @property {Frames} frames
 * @property {Record<string, Maybe[]>} [curves] "step" and what is measured there
 * @property {{samples?: number, fid_floor?: Maybe} | null} [scoring]
 * @property {Record<string, Maybe>} [optimum] of a curve
 * @property {{step: number, change: string}[]} [log] what was changed on the way
 * @property {import("../kit/atlas.js").Layout} atlas
 */

/** @typedef {import("../kit/atlas.js").Picture} Picture */

/** The curves that every GAN has: name in a recording, sign, words. */
export const CURVES = /** @type {const} */ ([
  ["d_loss", "d", "lossOfD"],
  ["g_loss", "g", "lossOfG"],
  ["d_real", "real", "dOnReal"],
  ["d_fake", "fake", "dOnFake"],
]);

export class Run {
  /** @param {Meta} meta
   * @param {Picture | Picture[]} atlas its pictures: one, or several that hold as many frames each */
  constructor(meta, atlas) {
    const { frames, curves } = meta;
    this.meta = meta;
    this.sources = Array.isArray(atlas) ? atlas : [atlas];
    this.steps = frames.step;
    this.perEpoch = meta.steps_per_epoch || null;
    /** @type {Record<string, Maybe[]>} */
    this.curves = curves?.step?.length ? curves : { step: [] };
    this.measured = /** @type {number[]} */ (this.curves.step);
    this.optimum = meta.optimum ?? {};
    this.scored = (frames.scores ?? []).flatMap((scores, frame) => (scores ? [frame] : []));
    this.fid = this.scored.filter((frame) => this.scoresOf(frame).fid !== undefined); // null among them: a gap
  }
  /** The newest frame at or before a step; −1: it has not begun yet. @param {number} step */
  at(step) {
    return lastAtOrBefore(this.steps, step);
  }
  /** @param {number} frame */
  epoch(frame) {
    const told = this.meta.frames.epoch?.[frame];
    if (!this.perEpoch) return null;
    return isNumber(told) ? told : this.steps[frame] / this.perEpoch;
  }
  /** What a curve says nearest to a step; undefined where the run has no such curve.
   * @param {string} name @param {number} step @returns {Maybe} */
  curve(name, step) {
    return this.measured.length ? this.curves[name]?.[nearest(this.measured, step)] : undefined;
  }
  /** Further values that its steps left behind: a penalty, a reward. */
  others() {
    const known = new Set(["step", ...CURVES.map(([name]) => name)]);
    return Object.keys(this.curves).filter((name) => !known.has(name) && this.has(name));
  }
  /** @param {string} name of a curve */
  has(name) {
    return Boolean(this.curves[name]?.some(isNumber));
  }
  /** D's probabilities that each sample of a frame is real; null where they are unknown.
   * @param {number} frame */
  probabilities(frame) {
    const logits = this.meta.frames.logits?.[frame];
    return logits?.length ? logits.map((logit) => (isNumber(logit) ? sigmoid(logit) : null)) : null;
  }
  /** @param {number} frame one of `scored` @returns {Scores} */
  scoresOf(frame) {
    return this.meta.frames.scores?.[frame] ?? {};
  }
  /** The newest scored frame at or before a frame; −1 where there is none. @param {number} frame */
  scoredAt(frame) {
    const place = lastAtOrBefore(this.scored, frame);
    return place < 0 ? -1 : this.scored[place];
  }
}
