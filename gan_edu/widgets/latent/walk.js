/* The walk from A to B, on the line and on the arc. */

import { make, put } from "../kit/dom.js";
import { shareOf } from "../kit/drag.js";
import { slider } from "../kit/inputs.js";
import { clamp, fixed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { LAST, LengthPlot, lineSign } from "./length_plot.js";
import { Picture, picturesOf } from "./sheet.js";
import { badge, lengthText } from "./texts.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */

const STRIP = 9; // pictures of each path in a row

export class WalkPanel {
  /** @param {Sheet} sheet @param {import("../kit/store.js").Store} store */
  constructor(sheet, store) {
    this.store = store;
    /** @type {Partial<import("./sheet.js").Sent>} */
    this.walk = {};
    this.paths = [0, 1].map(() => new Picture(sheet, true));
    this.words = this.paths.map(() => make("span", { class: "words" }));
    this.strip = picturesOf(sheet, 2 * STRIP);
    this.position = slider({
      ...{ label: say("position"), min: 0, max: LAST, step: 1 },
      tell: (k) => say("positionTold", { t: this.t(k), line: this.length(0, k), arc: this.length(1, k) }),
      go: (k) => this.go(k),
    });
    this.time = make("output", { class: "t" });
    this.plot = new LengthPlot((k) => this.go(k));
    this.nodes = this.build();
  }
  get pictures() {
    return [...this.paths, ...this.strip];
  }
  build() {
    const strip = make("div", { class: "strip", "aria-hidden": "true" }, ...this.strip.map(({ canvas }) => canvas));
    strip.addEventListener("pointerdown", (event) => {
      const [share] = shareOf(event, strip);
      this.go((Math.floor(share * STRIP) * LAST) / (STRIP - 1));
    });
    const figure = (/** @type {number} */ k, /** @type {string} */ name, /** @type {string | null} */ dash) => {
      const caption = make("figcaption", {}, make("b", {}, name), lineSign(26, dash, "wide"));
      return make("figure", {}, caption, this.paths[k].canvas, this.words[k]);
    };
    const pair = [figure(0, say("linear"), "4 2"), figure(1, say("spherical"), null)];
    const row = [badge("a"), this.position.input, badge("b"), this.time];
    return [
      make("div", { class: "pair-of-paths" }, ...pair),
      make("div", { class: "slide-row" }, ...row),
      strip,
      this.plot.node,
    ];
  }
  /** @param {number} k a place on the walk, between two pictures too */
  go(k) {
    this.store.set({ position: clamp(Math.round(k), 0, LAST) });
  }
  /** Takes over the walk that was sent. */
  load() {
    const walk = this.store.get("walk");
    if (!walk.norms || walk === this.walk) return;
    this.walk = walk;
    this.plot.load(walk.norms, this.store.get("tiles").band);
  }
  /** @param {boolean} again whether sizes may have changed */
  paint(again) {
    if (!this.walk.norms) return;
    if (again || this.plot.width === 0) this.plot.measure();
    const k = this.store.get("position");
    for (const [path, picture] of this.paths.entries()) {
      picture.draw(path * (LAST + 1) + k);
      const words = this.length(path, k);
      put(this.words[path], words);
      picture.label(say(path ? "sphericalAt" : "linearAt", { t: this.t(k), words }));
    }
    for (const [i, picture] of this.strip.entries()) {
      picture.draw(Math.floor(i / STRIP) * (LAST + 1) + ((i % STRIP) * LAST) / (STRIP - 1));
      picture.canvas.classList.toggle("here", i % STRIP === Math.round((k / LAST) * (STRIP - 1)));
    }
    this.position.show(k);
    put(this.time, say("time", { t: this.t(k) }));
    this.plot.draw(k);
  }
  /** @param {number} k */
  t(k) {
    return fixed(k / LAST);
  }
  /** @param {number} path @param {number} k */
  length(path, k) {
    return lengthText(this.walk.norms?.[path * (LAST + 1) + k], this.store.get("tiles").band);
  }
}
