/* What a step's numbers say in a phase: D's verdicts, how they moved, which pictures are there. */

import { sigmoid } from "../kit/numbers.js";
import { bornIn, flown, judgedIn, LAST, PHASES, PICTURED } from "./phases.js";

/** @typedef {{real: number[], fake: number[]}} Logits of a batch */
/** @typedef {object} Step as it was recorded
 * @property {number} step how many steps lie behind it
 * @property {number} epoch
 * @property {Logits} before
 * @property {Logits} after
 * @property {Logits} last
 * @property {number} d_loss
 * @property {number} g_loss
 * @property {number} d_gradient
 * @property {number} g_gradient
 * @property {{wish: number, change: number}} largest
 */
/** @typedef {{real: readonly number[], fake: readonly number[]}} Shares */

/** How sure D is in a phase that each sample is real, from 0 to 1; null: it has not said so yet.
 * @param {Step} step @param {number} phase @returns {Shares | null} */
export function verdictsIn(step, phase) {
  const when = judgedIn(phase);
  return when && { real: step[when].real.map(sigmoid), fake: step[when].fake.map(sigmoid) };
}

/** What D said of the same before it, where it has changed its mind by a phase. @param {Step} step
 * @param {number} phase @returns {Partial<Shares>} */
export function verdictsBefore(step, phase) {
  const [first, second] = [verdictsIn(step, 4), verdictsIn(step, 7)];
  if (!first || !second || phase < 5) return {};
  return phase < LAST ? first : { real: first.real, fake: second.fake };
}

/** The same on the way there. @param {Step} step @param {number} phase @param {number} time share of the phase's */
export function verdictsNow(step, phase, time) {
  const [now, before] = [verdictsIn(step, phase), verdictsIn(step, phase - 1)];
  if (!now || !before || time >= 1) return now;
  const mix = (/** @type {readonly number[]} */ a, /** @type {readonly number[]} */ b) =>
    a.map((x, k) => x + time * (b[k] - x));
  return { real: mix(before.real, now.real), fake: mix(before.fake, now.fake) };
}

/** Whether a picture is there. @param {import("./phases.js").Kind} kind @param {number} k @param {number} phase
 * @param {number} time */
export function isThere(kind, k, phase, time) {
  const born = bornIn(kind);
  if (phase !== born) return phase > born;
  const flight = PHASES[phase].flights?.find(({ what, to }) => what === kind && to === kind);
  return flight ? flown(time, flight.at, k, PICTURED) >= 1 : time >= (k + 1) / (PICTURED + 1);
}

/** Whether a mark has come to the scale. @param {"real" | "fake"} kind @param {number} k @param {number} count
 * @param {number} phase @param {number} time */
export function isOnScale(kind, k, count, phase, time) {
  const flight = PHASES[phase].flights?.find(({ what, of }) => what === "marks" && of === kind);
  return !flight || flown(time, flight.at, k, count) >= 1;
}
