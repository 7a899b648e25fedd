/* What the plane says of its numbers, in words. */

import { fixed, inNats, isNumber, whole } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";
import { middleOf } from "./frames.js";
import { alone } from "./moments.js";

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {import("./moments.js").Moment} Moment */

/** @param {Maybe} x a share of 1 */
export const percent = (x) => (isNumber(x) ? say("percent", { share: x * 100 }) : fixed(x));

/** The length of a gradient, small ones by their power of ten. @param {Maybe} x */
export const norm = (x) => (isNumber(x) && x !== 0 && Math.abs(x) < 0.01 ? powers(x, 1) : fixed(x));

/** @param {number} x @param {number} digits */
const powers = (x, digits) => x.toExponential(digits).replace("-", "−");

/** The value of a setting. @param {unknown} value */
export function valueText(value) {
  if (Array.isArray(value)) return say("aDrawing");
  if (!isNumber(value)) return String(value);
  if (value > 0 && value < 0.01) return powers(value, 0);
  return value >= 1000 ? whole(value) : numeral(value, String(value).split(".")[1]?.length ?? 0);
}

/** Samples that are not to be seen, none or some texts. @param {Moment} moment @returns {string[]} */
export function unseenTexts({ frame: { lost, away }, grid: { fakes } }) {
  const outside = say(away === fakes ? "allOutside" : "someOutside", { away, fakes });
  return [...(lost ? [say("notNumbers", { lost, fakes })] : []), ...(away ? [outside] : [])];
}

const WAYS = ["toRight", "toUpperRight", "toTop", "toUpperLeft", "toLeft", "toLowerLeft", "toBottom", "toLowerRight"];

/** That all samples have left the picture, where to and how far. @param {Moment} moment */
export function leftText({ grid, frame }) {
  const { place, far, together } = middleOf(grid, frame);
  const eighth = Math.round(Math.atan2(place[1], place[0]) / (Math.PI / 4));
  const way = say(together ? WAYS[(eighth + 8) % 8] : "toAllSides");
  return say("allLeft", { fakes: grid.fakes, way, far: numeral(far, 1), edge: numeral(grid.edge, 1) });
}

/** " (3 of D alone)": how many of the steps of a run only one player took.
 * @param {readonly import("./moments.js").Change[]} log @param {number} now */
export function aloneText(log, now) {
  const players = /** @type {const} */ (["d", "g"]).map((player) => ({ player, count: alone(log, now, player) }));
  const texts = players
    .filter(({ count }) => count)
    .map(({ player, count }) => say("ofAlone", { steps: count, player: player.toUpperCase() }));
  return texts.length ? say("inBrackets", { text: texts.join(say("listComma")) }) : "";
}

/** What a picture shows, for screen readers. @param {Moment} moment */
export function momentText(moment) {
  const { step, scores, data } = moment;
  const js = say("jsIs", { js: inNats(scores.js, 3) });
  const known = isNumber(scores.modes) && data.modes;
  const modes = { covered: scores.modes ?? 0, modes: data.modes ?? 0, near: percent(scores.quality) };
  const numbers = known ? [js, say("modesCoveredOf", modes)].join(say("listComma")) : js;
  const told = [numbers, ...unseenTexts(moment)].join(say("listSeparator"));
  return say("planeAt", { step, data: data.name, told });
}
