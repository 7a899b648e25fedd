/* Which molecules stay: those that have at least, or at most, so much of a property. */

import { make, rich, set } from "../kit/dom.js";
import { chooses, presses } from "../kit/fields.js";
import { slider } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { leaves, limitAt, numberText, PROPERTIES, rangeOf, standsAt } from "./board.js";

/** @typedef {import("./board.js").Filter} Filter */

export class FilterInputs {
  /** @param {import("../kit/store.js").Store} store @param {import("./board.js").Board} board */
  constructor(store, board) {
    this.store = store;
    this.board = board;
    this.property = chooses(store, "by", PROPERTIES);
    this.property.node.addEventListener("change", () => store.set({ limit: null }));
    this.side = presses(store, "side", /** @type {const} */ (["least", "most"]));
    this.slider = slider({
      ...{ label: say("limit"), min: 0, max: 1, step: 1 },
      tell: (at) => numberText(board.digits, this.filter.property, at),
      go: (at) => store.set({ limit: limitAt(at, this.filter.side, this.range) }),
    });
    this.told = make("p", { class: "words left-told", role: "status" });
    const line = make("div", { class: "acts" }, this.property.labelled(), this.side.node);
    this.node = make("div", { class: "filter" }, line, this.slider.node, this.told);
  }
  /** @returns {Filter} */
  get filter() {
    const [property, side, limit] = ["by", "side", "limit"].map((name) => this.store.get(name));
    return { property, side, limit };
  }
  get range() {
    return rangeOf(this.board, this.filter.property);
  }
  /** @param {(import("./board.js").Molecule | null)[]} molecules */
  show(molecules) {
    const { filter, range, slider } = this;
    set(slider.input, { min: range.low, max: range.high, step: range.step });
    for (const input of [this.property, this.side]) input.show();
    slider.show(standsAt(filter, range));
    const count = molecules.filter((each) => leaves(filter, each, this.board.digits)).length;
    const words = say(filter.limit === null ? "allLeft" : "left", { count, all: molecules.length });
    if (this.told.textContent !== words.replaceAll("*", "")) this.told.replaceChildren(...rich(words));
  }
}
