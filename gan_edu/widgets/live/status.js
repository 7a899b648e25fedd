/* Where a run stands, in words. */

import { isNumber, whole } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {{label: string, value: number, whole: boolean}} Knob a setting */

/** @typedef {object} Status as the kernel tells it
 * @property {"ready" | "training" | "paused" | "failed"} phase
 * @property {number} step
 * @property {Maybe} epoch passes over the data; null where they are not counted
 * @property {Maybe} rate steps a second
 * @property {number} seconds spent training
 * @property {boolean} inline whether it trains in the cell
 * @property {string | null} error
 * @property {{at?: string, text?: string}} notice what is wrong with a click, and where
 * @property {Record<string, Knob>} knobs
 * @property {Record<string, number>} milestones what is usually seen, and from which step on
 */

/** Its phase, step, epoch, rate, and how long it took. @param {Status} status */
export function standing({ phase, step, epoch, rate, seconds }) {
  return [
    say(phase),
    say("stepIs", { step }),
    ...(isNumber(epoch) ? [say("epochIs", { epoch: numeral(epoch, epoch < 10 ? 2 : 1) })] : []),
    ...(phase === "training" && isNumber(rate) ? [say("stepsPerSecond", { rate: rateText(rate) })] : []),
    duration(seconds),
  ];
}

/** How long it is until something is usually seen: a time, where it is known how fast it trains; else the step. ""
 * where nothing is told, or when it is past. @param {Status} status */
export function timeLeft({ step, rate, phase, milestones }) {
  const next = Object.entries(milestones).find(([, from]) => from > step);
  if (!next) return "";
  const [name, from] = next;
  if (phase !== "training" || !isNumber(rate) || rate <= 0) return say("usuallyFrom", { name, step: from });
  return say("usuallyIn", { name, time: roughly((from - step) / rate) });
}

/** "40 s", "2 min": a guess does not count seconds. @param {number} seconds */
export function roughly(seconds) {
  if (seconds < 55) return say("seconds", { count: Math.max(5, 5 * Math.round(seconds / 5)) });
  return say("minutes", { count: Math.round(seconds / 60) });
}

/** @param {number} rate */
const rateText = (rate) => (rate < 10 ? numeral(rate, 1) : whole(rate));

/** What a learner may do now. @param {Status} status @param {boolean} late whether the kernel has not answered */
export function hintOf({ phase, inline }, late) {
  if (late) return say("noAnswer");
  if (inline) return say(phase === "training" ? "trainsInCell" : "trainInCell");
  return phase === "ready" ? say("pressStart") : "";
}

/** What has just happened, for a screen reader; an error is told where it stands. @param {Status} status */
export function turnOf({ phase, step }) {
  if (phase === "failed") return "";
  if (phase === "training") return say("training");
  return phase === "paused" ? say("pausedAtStep", { step }) : say("begunAnew");
}

/** "1:05", "2:00:00". @param {number} seconds */
export function duration(seconds) {
  const two = (/** @type {number} */ count) => String(Math.floor(count) % 60).padStart(2, "0");
  const minutes = seconds / 60;
  const before = seconds >= 3600 ? `${Math.floor(minutes / 60)}:${two(minutes)}` : String(Math.floor(minutes));
  return `${before}:${two(seconds)}`;
}
