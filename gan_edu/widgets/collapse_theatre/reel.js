/* A run as it was seen: its frames one after the other, out of one recording, or out of two of which the second goes on
 * where the first is left; the share of samples that each mode had, and how many modes were covered. */

import { isNumber, lastAtOrBefore } from "../kit/numbers.js";

/** @typedef {import("../kit/atlas.js").Picture} Picture */
/** @typedef {import("../kit/atlas.js").Layout} Layout */
/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {{shares?: Maybe[], histogram?: Maybe[]}} Scores */
/** @typedef {{step: number, change: string, cure?: string, on?: boolean}} Event cure: what was switched; none: an alarm */
/** @typedef {object} Meta what a recording says of itself
 * @property {"points" | "images"} kind
 * @property {any} grid
 * @property {{points: readonly number[]}[]} [reals] the data on show
 * @property {{step: number[], scores: (Scores | null)[]}} frames
 * @property {Event[]} [log]
 */
/** @typedef {{meta: Meta, pictures: readonly Picture[], layout: Layout | null}} Part
 *   pictures: a frame of points each; or pictures that hold columns × rows frames each */
/** @typedef {{title: string, modes: string[], fair: number[]}} Stage */

const FAIR = 0.5; // of its fair share makes a mode covered
const ROUNDED = 1e-6;

/** Whether a mode is covered; a share that is no number covers nothing.
 * @param {Maybe} share @param {number} fair */
export const isCovered = (share, fair) => isNumber(share) && share >= FAIR * fair - ROUNDED;

export class Reel {
  /** @param {readonly Part[]} parts one or two @param {Stage} stage */
  constructor(parts, stage) {
    this.stage = stage;
    this.parts = parts;
    const [first, second] = parts;
    const all = first.meta.frames.step;
    const from = second?.meta.frames.step[0] ?? Number.POSITIVE_INFINITY;
    this.cut = second ? all.filter((step) => step < from).length : all.length; // frames of the first part
    const later = second?.meta.frames;
    this.steps = [...all.slice(0, this.cut), ...(later?.step ?? [])];
    this.scores = [...first.meta.frames.scores.slice(0, this.cut), ...(later?.scores ?? [])];
    /** @type {Event[]} */
    this.log = [...(first.meta.log ?? []).filter(({ step }) => step < from), ...(second?.meta.log ?? [])];
  }
  get last() {
    return this.steps.length - 1;
  }
  /** Where a frame lies: its part, and its place there. @param {number} frame @returns {[Part, number]} */
  find(frame) {
    return frame < this.cut ? [this.parts[0], frame] : [this.parts[1], frame - this.cut];
  }
  /** The share of samples of each mode; null where it was not read. @param {number} frame @returns {Maybe[]} */
  shares(frame) {
    const scores = this.scores[frame];
    return scores?.shares ?? scores?.histogram ?? this.stage.modes.map(() => null);
  }
  /** How many modes are covered; null where that is no number. @param {number} frame @returns {number | null} */
  covered(frame) {
    const shares = this.shares(frame);
    if (!shares.every(isNumber)) return null;
    return shares.filter((share, k) => isCovered(share, this.stage.fair[k])).length;
  }
  /** The newest frame at or before a step. @param {number} step */
  at(step) {
    return Math.max(0, lastAtOrBefore(this.steps, step));
  }
  /** The cures that were on at a frame, in the order in which they were switched on. @param {number} frame */
  on(frame) {
    const on = new Set(/** @type {string[]} */ ([]));
    for (const { step, cure, on: begins } of this.log) {
      if (cure === undefined || step > this.steps[frame]) continue;
      if (begins) on.add(cure);
      else on.delete(cure);
    }
    return [...on];
  }
  /** The newest alarm at or before a frame. @param {number} frame */
  alarm(frame) {
    return this.log.findLast(({ step, cure }) => cure === undefined && step <= this.steps[frame]);
  }
}
