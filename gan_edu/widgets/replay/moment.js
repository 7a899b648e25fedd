/* Where the slider stands, in words. */

import { epochText, fidText, fixed } from "../kit/numbers.js";
import { letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {{runs: readonly Run[], steps: readonly number[], perEpoch: number | null, frame: number}} Moment */

/** "epoch 37", "of 100 · step 34,706"; early: "step 4", "epoch 0.004 of 100".
 * @param {Moment} moment @returns {[big: string, small: string]} */
export function where({ runs, steps, perEpoch, frame }) {
  const step = steps[frame];
  const end = steps[steps.length - 1];
  if (!perEpoch) return [say("stepIs", { step }), end ? say("ofSteps", { last: end }) : ""];
  if (!end) return [say("stepIs", { step }), say("beforeTraining")];
  const epochOf = (/** @type {number} */ place) =>
    (runs.length === 1 ? runs[0].epoch(place) : null) ?? steps[place] / perEpoch;
  const epoch = epochText(epochOf(frame));
  const last = epochText(epochOf(steps.length - 1));
  return epochOf(frame) < 0.01
    ? [say("stepIs", { step }), say("epochOf", { epoch, last })]
    : [say("epochIs", { epoch }), say("ofEpochsAtStep", { last, step })];
}

/** The same and the numbers of each run, as it is told to a screen reader.
 * @param {Moment} moment */
export function told(moment) {
  const { runs, steps, frame } = moment;
  const comma = say("listComma");
  const place = where(moment).join(" ").trim().replace(" · ", comma);
  const numbers = runs.map((run) => numbersOf(run, steps[frame]).join(comma));
  if (runs.length === 1) return [place, ...numbers.filter(Boolean)].join(comma);
  const named = numbers.flatMap((words, k) => (words ? [`${letterOf(k)}: ${words}`] : []));
  return [place, ...named].join(say("listSeparator"));
}

/** @param {Run} run @param {number} step */
function numbersOf(run, step) {
  const scored = run.scoredAt(Math.max(0, run.at(step)));
  const fid = scored < 0 ? undefined : run.scoresOf(scored).fid;
  const losses = { d: run.curve("d_loss", step), g: run.curve("g_loss", step) };
  return [
    ...(losses.d === undefined ? [] : [say("dLossIs", { value: fixed(losses.d) })]),
    ...(losses.g === undefined ? [] : [say("gLossIs", { value: fixed(losses.g) })]),
    ...(fid === undefined ? [] : [say("fidIs", { value: fidText(fid) })]),
  ];
}
