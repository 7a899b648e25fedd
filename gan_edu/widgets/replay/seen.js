/* What one sees now, in one sentence for who begins: how far the samples have come, and how many D takes for real. */

import { isNumber } from "../kit/numbers.js";
import { say } from "../kit/words.js";

/** @typedef {import("./run.js").Run} Run */

/** How far the samples are, by their FID as a share of what it was before training. The bounds were chosen by eye, from
 * the shipped films: tests/unit/test_replay.py names frames of each. */
const STAGES = /** @type {const} */ ([
  [0.15, "mostClear"],
  [0.45, "manyClear"],
  [0.8, "firstShapes"],
]);

/** @param {Run} run @param {number} frame */
export function seen(run, frame) {
  if (frame < 0) return "";
  if (run.steps[frame] === 0) return run.probabilities(frame) ? say("untrained") : say("untrainedAlone");
  const stage = stageOf(run, frame);
  const words = stage && say(stage);
  const probabilities = (run.probabilities(frame) ?? []).filter(isNumber);
  if (!probabilities.length) return words && say("sentence", { text: words });
  const real = probabilities.filter((p) => p >= 0.5).length;
  const taken = say("takenForReal", { count: real, all: probabilities.length });
  return say("sentence", { text: words ? say("seenAndTaken", { seen: words, taken }) : taken });
}

/** The stage of the newest score at a frame; "" where none is told. @param {Run} run @param {number} frame */
export function stageOf(run, frame) {
  const scored = run.scoredAt(frame);
  const start = run.scored.length && run.steps[run.scored[0]] === 0 ? run.scoresOf(run.scored[0]).fid : null;
  const fid = scored < 0 ? null : run.scoresOf(scored).fid;
  if (!isNumber(fid) || !isNumber(start) || start <= 0) return "";
  return STAGES.find(([most]) => fid < most * start)?.[1] ?? "noise";
}
