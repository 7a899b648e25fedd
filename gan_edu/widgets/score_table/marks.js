/* How a comparison with the baseline is marked, and its words in short. */

import { say } from "../kit/words.js";

/** @type {Record<import("./order.js").Kind, string>} */
export const MARKS = { better: "✓", worse: "✕", spread: "≈", few: "…", baseline: "" };

/** @param {import("./order.js").Kind} kind */
export function inShort(kind) {
  const keys = { better: "better", worse: "worse", spread: "inTheSpread", few: "tooFew", baseline: "theBaseline" };
  return `${MARKS[kind]} ${say(keys[kind])}`.trim();
}
