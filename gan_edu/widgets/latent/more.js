/* More like one sample: neighbours of its latent, of which one may be kept. */

import { make, put } from "../kit/dom.js";
import { button, slider } from "../kit/inputs.js";
import { fixed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Picture, picturesOf } from "./sheet.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */

const AROUND = 16; // neighbours
const LEVELS = 10; // of their distance

export class MorePanel {
  /** @param {{more: Sheet, tiles: Sheet}} sheets
   * @param {import("../kit/store.js").Store} store @param {(k: number) => void} keep */
  constructor({ more, tiles }, store, keep) {
    this.store = store;
    this.around = picturesOf(more, AROUND);
    this.centre = new Picture(tiles, true);
    this.words = make("p", { class: "words" });
    this.formula = make("p", { class: "words" });
    this.strength = slider({
      ...{ label: say("strengthLabel"), min: 0, max: LEVELS, step: 1 },
      tell: (level) => say("strengthTold", { s: fixed(level / LEVELS, 1), alike: alike(level / LEVELS) }),
      go: (level) => store.set({ strength: level / LEVELS }),
    });
    const keepers = this.around.map((picture, k) => (store.live ? keeper(picture, k, keep) : still(picture)));
    const around = make("div", { class: "around", role: "group", "aria-label": say("neighbours") }, ...keepers);
    this.nodes = [make("div", { class: "duo" }, around, this.beside())];
  }
  get pictures() {
    return [...this.around, this.centre];
  }
  beside() {
    const { store } = this;
    const fresh = button(say("another", { count: AROUND }), () => store.set({ fresh: store.get("fresh") + 1 }));
    fresh.hidden = !store.live;
    const strength = make("label", {}, make("span", {}, say("strength")), this.strength.input);
    const hint = make("p", { class: "hint" }, store.live ? say("keepHint") : "");
    return make("div", { class: "beside" }, this.centre.canvas, this.words, strength, this.formula, fresh, hint);
  }
  paint() {
    const level = Math.round(this.store.get("strength") * LEVELS);
    const number = this.store.get("selected");
    for (const [k, picture] of this.around.entries()) picture.draw(level * AROUND + k);
    this.centre.draw(number);
    this.centre.label(say("sampleNumber", { number }));
    put(this.words, say("sampleNumber", { number }));
    put(this.formula, say("formula", { s: fixed(level / LEVELS, 1), alike: alike(level / LEVELS) }));
    this.strength.show(level);
  }
}

/** @param {Picture} picture @param {number} k @param {(k: number) => void} keep */
function keeper({ canvas }, k, keep) {
  const label = say("keepLabel", { number: k + 1 });
  const node = make("button", { type: "button", "aria-label": label, title: say("keep") }, canvas);
  node.addEventListener("click", () => keep(k));
  return node;
}

/** @param {Picture} picture */
const still = ({ canvas }) => make("span", {}, canvas);

/** How much a neighbour has in common with its sample, at a strength. @param {number} s */
const alike = (s) => say("correlation", { r: fixed(Math.sqrt(1 - s * s)) });
