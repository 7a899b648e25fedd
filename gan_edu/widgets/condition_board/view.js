/* The condition board: a generator's pictures of each class in several styles, one of them large, and the way from it to
 * another class. All pictures are there from the first: nothing is asked of a kernel. */

import { Atlas } from "../kit/atlas.js";
import { sharp } from "../kit/canvas.js";
import { bytesOf, make, put, rich, set } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { say } from "../kit/words.js";
import look from "./condition_board.css";
import { asAsked, frameOf, sharesOf } from "./frames.js";
import { Grid } from "./grid.js";
import { labelText, readText, told } from "./texts.js";
import { Way } from "./way.js";

/** @typedef {import("./frames.js").At} At */

export const TRAITS = ["board", "sheets", "style", "a", "b", "step"]; // as in widget.py

export class ConditionBoard extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "condition_board", "title", look);
    /** @type {import("./frames.js").Board} */
    this.board = store.get("board");
    this.styles = store.get("sheets").length;
    this.atlas = new Atlas(() => this.draw());
    this.grid = new Grid(this.board, this);
    this.way = new Way(this.board, { aim: (b) => this.aim(b), walk: (step) => store.set({ step }) });
    this.large = make("canvas", { role: "img" });
    this.label = make("p", { class: "label" });
    this.reading = make("p", { class: "words" });
    this.bars = this.board.classes.map(() => make("i"));
    this.count = make("p", { class: "words count" });
    this.others = button("", () => this.turn());
    this.begin();
  }
  build() {
    const { board, styles } = this;
    const { frame_width, frame_height } = board;
    this.root.style.setProperty("--shape", `${frame_width} / ${frame_height}`);
    this.atlas.load(this.store.get("sheets").map(bytesOf), board);
    this.others.hidden = styles <= board.shown;
    const reads = make("p", { class: "sentence" }, ...rich(say("says")));
    const left = make("div", { class: "left" }, this.grid.node, reads, this.count);
    const bars = this.bars.map((bar, k) => make("span", {}, bar, make("small", {}, board.classes[k])));
    const given = make("div", { class: "bars", "aria-hidden": "true" }, ...bars);
    const right = make("figure", { class: "right" }, this.large, this.label, this.reading, given);
    this.root.append(
      header(say("title"), say("subtitle"), this.others),
      make("div", { class: "both" }, left, right),
      this.way.node,
      footer(say("keys"), say("hint")),
    );
  }
  /** What is pointed at. @returns {At} */
  get at() {
    const [style, a, b, step] = this.read("style", "a", "b", "step");
    return { style, a, b, step };
  }
  /** The styles on show. */
  get onShow() {
    const first = Math.floor(this.at.style / this.board.shown) * this.board.shown;
    return Array.from({ length: Math.min(this.board.shown, this.styles - first) }, (_, k) => first + k);
  }

  /* -------- what a learner does */

  /** Points at a picture; the class to go to stays another one. @param {number} style @param {number} a */
  point(style, a) {
    const before = this.at;
    const b = a === before.b ? before.a : before.b;
    this.store.set({ style, a, b, step: 0 });
  }
  /** @param {number} b the class to go to */
  aim(b) {
    this.store.set({ b });
  }
  /** The next styles come on show. */
  turn() {
    const { shown } = this.board;
    const first = this.onShow[0] + shown;
    this.store.set({ style: first < this.styles ? first : 0 });
  }

  paint() {
    const { at, board } = this;
    if (this.atlas.bitmaps.size < this.styles) return; // decoded all at once, within a moment
    this.grid.show(this.atlas);
    this.way.show(this.atlas, at);
    const paper = sharp(this.large);
    if (paper) this.atlas.draw(paper.context, frameOf(board, at));
    set(this.large, { "aria-label": told(board, at) });
    this.tell(at);
  }
  /** @param {At} at */
  tell(at) {
    const { board, onShow } = this;
    put(this.label, say("labelIs", { label: labelText(board, at) }));
    const words = [say("styleIs", { style: at.style + 1 }), readText(board, at)];
    put(this.reading, words.filter(Boolean).join(say("listComma")));
    for (const [k, share] of sharesOf(board, at).entries()) this.bars[k].style.setProperty("--share", String(share));
    const { count, all } = asAsked(board, onShow);
    const more = count < all ? ` ${say("othersMarked")}` : "";
    this.count.replaceChildren(...(board.read ? rich(say("asAsked", { count, all }) + more) : []));
    put(this.others, say("others", { first: onShow[0] + 1, last: onShow[onShow.length - 1] + 1, all: this.styles }));
  }
  destroy() {
    super.destroy();
    this.atlas.close();
  }
}
