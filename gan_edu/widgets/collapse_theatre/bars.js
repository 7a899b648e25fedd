/* The share of samples that each mode has: a bar a mode, with a line at its fair share and a mark at half of it. A bar
 * that is higher than there is room for is cut, and says so. */

import { make, put } from "../kit/dom.js";
import { isNumber, noNumber } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";
import { isCovered } from "./reel.js";

/** @typedef {import("./reel.js").Stage} Stage */
/** @typedef {import("../kit/numbers.js").Maybe} Maybe */

export const ROOM = 3; // times a fair share: the height that there is
const NAMED = 10; // modes that have room for their share in words

/** A share as a percentage. @param {Maybe} share */
export const percent = (share) => (isNumber(share) ? `${numeral(100 * share, 0)}\u202f%` : noNumber());

export class Bars {
  constructor() {
    this.row = make("div", { class: "bars", role: "img" });
    const keys = [
      make("span", { class: "fair-key" }, say("fairLine")),
      make("span", { class: "half-key" }, say("halfMark")),
    ];
    this.node = make("figure", { class: "shares" }, this.row, make("figcaption", {}, ...keys));
    /** @type {Stage | null} */
    this.stage = null;
    /** @type {{node: HTMLElement, bar: HTMLElement, words: HTMLElement}[]} */
    this.columns = [];
  }
  /** @param {Stage} stage */
  arrange(stage) {
    this.stage = stage;
    this.columns = stage.modes.map((name) => {
      const bar = make("i");
      const words = make("b");
      const room = make("div", { class: "room" }, bar);
      return { node: make("div", {}, words, room, make("span", {}, name)), bar, words };
    });
    const high = Math.max(...stage.fair);
    for (const [k, { node }] of this.columns.entries())
      node.style.setProperty("--fair", `${(100 * stage.fair[k]) / high / ROOM}%`);
    this.row.classList.toggle("many", stage.modes.length > NAMED);
    this.row.replaceChildren(...this.columns.map(({ node }) => node));
  }
  /** @param {Stage} stage @param {readonly Maybe[]} shares */
  show(stage, shares) {
    if (stage !== this.stage) this.arrange(stage);
    const room = ROOM * Math.max(...stage.fair);
    for (const [k, { node, bar, words }] of this.columns.entries()) {
      const share = shares[k];
      bar.style.height = `${isNumber(share) ? 100 * Math.min(1, share / room) : 0}%`;
      node.classList.toggle("covered", isCovered(share, stage.fair[k]));
      node.classList.toggle("cut", isNumber(share) && share > room);
      put(words, percent(share));
    }
    const told = stage.modes.map((mode, k) => say("barIs", { mode, share: percent(shares[k]) }));
    this.row.setAttribute("aria-label", say("barsAlt", { told: told.join(say("listComma")) }));
  }
}
