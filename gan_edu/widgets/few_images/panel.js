/* A method: samples, and under each the training image that is nearest to it; what is a copy is framed. */

import { make, put, rich, set } from "../kit/dom.js";
import { badgeOf } from "../kit/runs.js";
import { numeral, say } from "../kit/words.js";
import { scoreText, shareText, shownOf } from "./cells.js";

/** @typedef {import("./cells.js").Board} Board */

export class Panel {
  /** @param {Board} board @param {number} k 0 for A, 1 for B */
  constructor(board, k) {
    this.board = board;
    this.name = make("b", { class: "name" });
    this.told = make("span", { class: "told" });
    this.pairs = board.cells[0][0].samples[0].map(() => pairOf());
    const head = make("p", { class: "words" }, badgeOf(k), this.name, this.told);
    const pairs = make("div", { class: "pairs" }, ...this.pairs.map(({ node }) => node));
    this.node = make("div", { class: "method", role: "group" }, head, pairs);
  }
  /** @param {number} method @param {import("./cells.js").At} at @param {import("../kit/atlas.js").Atlas} atlas
   * @param {boolean} again whether the panel before shows the same method */
  show(method, at, atlas, again) {
    const { board, pairs } = this;
    const found = shownOf(board, method, at);
    const { label } = board.methods[method];
    const words = say("methodTold", toldOf(board, found));
    put(this.name, again ? say("sameMethod", { method: label }) : label);
    if (this.told.textContent !== words.replaceAll("*", "")) this.told.replaceChildren(...rich(words));
    set(this.node, { "aria-label": label });
    for (const [k, { node, sample, nearest, distance }] of pairs.entries()) {
      for (const [canvas, place] of /** @type {const} */ ([
        [sample, found.samples[k]],
        [nearest, found.nearest[k]],
      ])) {
        const context = canvas.getContext("2d");
        if (context) atlas.draw(context, place);
      }
      const far = numeral(found.distances[k], board.copy.digits);
      node.classList.toggle("copy", found.copies[k]);
      put(distance, found.copies[k] ? say("farCopy", { distance: far }) : far);
      set(node, { "aria-label": say(found.copies[k] ? "pairIsCopy" : "pairIs", { k: k + 1, distance: far }) });
    }
  }
}

function pairOf() {
  const [sample, nearest] = ["sample", "nearest"].map((kind) => make("canvas", { class: kind, width: 28, height: 28 }));
  const distance = make("small");
  const node = make("figure", { class: "pair", role: "img" }, sample, nearest, distance);
  return { node, sample, nearest, distance };
}

/** A method's numbers, as words take them. @param {Board} board @param {ReturnType<typeof shownOf>} found */
export function toldOf({ score }, { score: band, copied, copies }) {
  const count = copies.filter(Boolean).length;
  return { score: score.label, ...scoreText(band), ...shareText(copied), copies: count, count: copies.length };
}
