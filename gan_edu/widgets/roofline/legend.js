/* What the lines and dots of the picture stand for: of those that are in it. */

import { draw, make } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { RADIUS } from "./roofs.js";

const SIGNS = /** @type {const} */ ({
  batches: { words: "signBatches", class: "batches", d: "M1 5h16" },
  widths: { words: "signWidths", class: "widths", d: "M1 5h16" },
  stored: { words: "signStored", class: "stored" },
  own: { words: "signOwn", class: "own" },
  there: { words: "signThere", class: "there" },
});

export class Legend {
  constructor() {
    this.entries = Object.entries(SIGNS).map(([name, { words, ...look }]) => {
      const mark = "d" in look ? draw("path", look) : draw("circle", { ...look, cx: 9, cy: 5, r: RADIUS[name] });
      const sign = draw("svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: "sign" }, mark);
      return { name, node: make("span", {}, sign, say(words)) };
    });
    this.node = make("div", { class: "signs" }, ...this.entries.map(({ node }) => node));
  }
  /** @param {Element} picture */
  show(picture) {
    for (const { name, node } of this.entries) node.hidden = !picture.querySelector(`.${name}`);
  }
}
