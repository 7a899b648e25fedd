/* A slider for every mean, width and weight, of each side in a set. */

import { lowered, make, sign } from "../kit/dom.js";
import { slider } from "../kit/inputs.js";
import { signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { PARTS, rangeOf, SIDES, SIGNS, SYMBOLS } from "./traits.js";

/** @typedef {import("./traits.js").Side} Side */

/** The sliders, and `show(value)` with what screen readers are told beside each number.
 * @param {import("../kit/store.js").Store} store @param {(name: string, value: number) => void} move */
export function slidersOf(store, move) {
  const all = SIDES.flatMap((side) => PARTS.map((part) => sliderOf(side, part, move)));
  const sets = SIDES.map((side) => {
    const head = make("legend", {}, sign(SIGNS[side]), ...lowered(SYMBOLS[side]));
    return make("fieldset", { class: side }, head, ...all.filter((each) => each.side === side).map(({ node }) => node));
  });
  const hint = make("summary", {}, say("sliders"));
  const node = make("details", { class: "sliders" }, hint, make("div", { class: "sets" }, ...sets));
  const show = (/** @type {string} */ value) => {
    for (const { name, side, ...each } of all) {
      each.show(store.get(name), say("listSeparator") + value);
      each.node.hidden = name.endsWith("_2") && store.get(`${side}_share`) >= 1; // there is no second bump
    }
  };
  return { node, show };
}

/** @param {Side} side @param {typeof PARTS[number]} part @param {(name: string, value: number) => void} move */
function sliderOf(side, part, move) {
  const name = `${side}_${part}`;
  const [what, k] = part.split("_");
  const [min, max] = rangeOf(name);
  const bump = { density: SYMBOLS[side], bump: Number(k ?? 1) };
  const [label, long] =
    what === "share"
      ? [say("weight"), say("weightLong", bump)]
      : what === "mean"
        ? [say("mean", bump), say("meanLong", bump)]
        : [say("width", bump), say("widthLong", bump)];
  const tell = (/** @type {number} */ value) => signed(value, 2);
  const go = (/** @type {number} */ value) => move(name, value);
  return { name, side, ...slider({ label, say: long, min, max, step: 0.01, tell, go }) };
}
