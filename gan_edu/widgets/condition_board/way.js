/* The way from one class to another in one style: which class, seven pictures, and a slider over them. */

import { sharp } from "../kit/canvas.js";
import { make, put, set } from "../kit/dom.js";
import { shareOf } from "../kit/drag.js";
import { buttonRow, slider } from "../kit/inputs.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { frameOf } from "./frames.js";
import { fraction, labelText, readText } from "./texts.js";

/** @typedef {import("./frames.js").At} At */
/** @typedef {import("./frames.js").Board} Board */

export class Way {
  /** @param {Board} board @param {{aim: (b: number) => void, walk: (step: number) => void}} acts */
  constructor(board, acts) {
    this.board = board;
    this.head = make("b");
    const names = board.classes.map((name, k) => /** @type {const} */ ([k, name]));
    this.to = buttonRow(say("goTo"), names, acts.aim);
    this.to.node.prepend(make("span", { "aria-hidden": "true" }, say("goTo")));
    this.steps = Array.from({ length: board.steps + 1 }, (_, step) => ({
      canvas: make("canvas"),
      t: make("b", {}, fraction(step)),
      read: make("span"),
    }));
    this.slider = slider({
      ...{ label: "t", say: say("slider"), min: 0, max: board.steps, step: 1 },
      tell: fraction,
      go: acts.walk,
    });
    this.node = this.build(acts.walk);
  }
  /** @param {(step: number) => void} walk */
  build(walk) {
    const figures = this.steps.map(({ canvas, t, read }) =>
      make("figure", {}, canvas, make("figcaption", {}, t, read)),
    );
    const strip = make("div", { class: "strip", "aria-hidden": "true" }, ...figures);
    strip.addEventListener("pointerdown", (event) => {
      const at = Math.floor(shareOf(event, strip)[0] * figures.length);
      walk(clamp(at, 0, figures.length - 1));
    });
    const head = make("div", { class: "way-head" }, this.head, this.to.node);
    return make("div", { class: "way" }, head, strip, this.slider.node);
  }
  /** @param {import("../kit/atlas.js").Atlas} atlas @param {At} at */
  show(atlas, at) {
    const { board } = this;
    const [a, b] = [board.classes[at.a], board.classes[at.b]];
    put(this.head, say("wayHead", { a, b, style: at.style + 1 }));
    this.to.show(at.b);
    for (const [k, each] of [...this.to.node.querySelectorAll("button")].entries())
      set(each, { "aria-disabled": k === at.a ? "true" : null }); // one stands there
    for (const [step, { canvas, read }] of this.steps.entries()) {
      const own = { ...at, step };
      put(read, readText(board, own));
      canvas.classList.toggle("here", step === at.step);
      const paper = sharp(canvas);
      if (paper) atlas.draw(paper.context, frameOf(board, own));
    }
    const more = [labelText(board, at), readText(board, at)].filter(Boolean);
    this.slider.show(at.step, say("listComma") + more.join(say("listComma")));
  }
}
