/* The plane that four samples span: all its pictures, and one of them large. */

import { make, put } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { slider } from "../kit/inputs.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Picture, picturesOf } from "./sheet.js";
import { badge, lengthText } from "./texts.js";

const SIDE = 7; // pictures of a side
const LAST = SIDE - 1;
const MARKS = /** @type {const} */ (["a", "b", "c", "d"]); // at its corners

export class PlanePanel {
  /** @param {import("./sheet.js").Sheet} sheet @param {import("../kit/store.js").Store} store @param {() => void} draw */
  constructor(sheet, store, draw) {
    this.store = store;
    this.draw = draw;
    this.cell = { across: 3, down: 3 }; // the one that is large
    this.cells = picturesOf(sheet, SIDE * SIDE);
    this.spot = new Picture(sheet, true);
    this.words = make("p", { class: "words" });
    this.ring = make("i", { class: "ring" });
    this.across = this.slides("across", say("acrossLabel"), (value) =>
      say("acrossTold", { value, last: LAST, words: this.length }),
    );
    this.down = this.slides("down", say("downLabel"), (value) =>
      say("downTold", { value, last: LAST, words: this.length }),
    );
    this.nodes = [make("div", { class: "duo" }, this.field(), this.beside())];
  }
  get pictures() {
    return [...this.cells, this.spot];
  }
  /** @param {"across" | "down"} way @param {string} label @param {(value: number) => string} tell */
  slides(way, label, tell) {
    return slider({ label, min: 0, max: LAST, step: 1, tell, go: (value) => this.go({ ...this.cell, [way]: value }) });
  }
  field() {
    const corners = MARKS.map((mark) => {
      const corner = badge(mark);
      corner.classList.add("corner", mark);
      return corner;
    });
    const cells = this.cells.map(({ canvas }) => canvas);
    const node = make("div", { class: "field", "aria-hidden": "true" }, ...cells, ...corners, this.ring);
    const move = (/** @type {PointerEvent} */ event) => {
      const [across, down] = shareOf(event, node).map((share) => clamp(Math.floor(share * SIDE), 0, LAST));
      this.go({ across, down });
    };
    dragged(node, { start: move, move });
    return node;
  }
  beside() {
    const row = (/** @type {string} */ words, /** @type {Node} */ input) =>
      make("label", {}, make("span", {}, words), input);
    const rows = [row(say("across"), this.across.input), row(say("down"), this.down.input)];
    return make("div", { class: "beside" }, this.spot.canvas, this.words, ...rows);
  }
  /** @param {{across: number, down: number}} cell */
  go(cell) {
    this.cell = cell;
    this.draw();
  }
  paint() {
    if (!this.store.get("plane").norms) return;
    for (const [k, picture] of this.cells.entries()) picture.draw(k);
    const { across, down } = this.cell;
    this.spot.draw(down * SIDE + across);
    this.ring.style.left = `${(across / SIDE) * 100}%`;
    this.ring.style.top = `${(down / SIDE) * 100}%`;
    put(this.words, this.length);
    this.spot.label(say("planeAt", { across, down, last: LAST, words: this.length }));
    this.across.show(across);
    this.down.show(down);
  }
  /** The length of the latent whose picture is large, in words. */
  get length() {
    const { across, down } = this.cell;
    return lengthText(this.store.get("plane").norms[down * SIDE + across], this.store.get("tiles").band);
  }
}
