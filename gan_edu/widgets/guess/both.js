/* Guess and answer side by side. */

import { make, placeAt } from "../kit/dom.js";
import { brief } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";
import { chosen } from "./choice.js";
import { placeOf, reading } from "./compare.js";
import { CurvePlot } from "./curve_plot.js";
import { offText, withUnit } from "./sentence.js";

/** @typedef {import("./sentence.js").Asked & {options: readonly string[]}} Asked */

/** A named number, large. @param {string} kind @param {string} name @param {string} text */
const side = (kind, name, text) =>
  make("div", { class: `side-of ${kind}` }, make("span", {}, name), make("b", {}, text));

/** Both, and how far apart; `paint` draws what has a size.
 * @param {import("../kit/store.js").Store} store @param {Asked} asked */
export function both(store, asked) {
  const { kind, guess, truth } = asked;
  if (kind === "choice") return { node: chosen(asked.options, guess, truth), paint() {} };
  return kind === "curve" ? curves(store, asked) : numbers(asked);
}

/** @param {Asked} asked */
function numbers(asked) {
  const { guess, truth, low, high, log, unit } = asked;
  const sides = make("div", { class: "sides" });
  const marks = make("div", { class: "track", "aria-hidden": "true" });
  const mark = (/** @type {string} */ kind, /** @type {number} */ value) => {
    const node = make("i", { class: kind });
    placeAt(node, placeOf(value, low, high, log), 0.5);
    marks.append(node);
  };
  if (guess !== null) sides.append(side("guess-side", say("yourGuess"), withUnit(guess, unit)));
  sides.append(side("answer-side", say("answer"), withUnit(truth, unit)));
  if (guess !== null) sides.append(side("", say("offBy"), offText(asked, reading(asked).by)));
  mark("answer-mark", truth);
  if (guess !== null) mark("guess-mark", guess);
  const ends = make("div", { class: "ends", "aria-hidden": "true" });
  ends.append(make("span", {}, withUnit(low, unit)), make("span", {}, withUnit(high, unit)));
  return { node: make("div", {}, sides, make("div", { class: "scale-of" }, marks, ends)), paint() {} };
}

/** @param {import("../kit/store.js").Store} store @param {Asked} asked */
function curves(store, asked) {
  const plot = new CurvePlot(store);
  const entry = (/** @type {string} */ kind, /** @type {string} */ words) =>
    make("span", { class: "entry" }, make("i", { class: `dash ${kind}` }), words);
  const entries = [entry("answer-line", say("answer"))];
  const lines = [{ kind: "answer-line", heights: asked.truth }];
  if (asked.guess !== null) {
    entries.unshift(entry("guess-line", say("yourGuess")));
    lines.push({ kind: "guess-line", heights: asked.guess });
  }
  const off = asked.guess === null ? "" : `${numeral(100 * reading(asked).away, 0)} %`;
  const label = say("bothCurves", { first: brief(asked.truth[0]), last: brief(asked.truth[asked.truth.length - 1]) });
  plot.svg.setAttribute("aria-label", off ? `${label} ${say("offBy")} ${off}.` : label);
  const node = make("div", {}, make("div", { class: "legend" }, ...entries), plot.node);
  return { node, paint: () => plot.paint(lines) };
}
