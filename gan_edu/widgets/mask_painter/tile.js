/* A picture of 28 × 28 pixels, its title above and its score below; and, where it is painted on, the brush over it. */

import { make, put, set } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { clamp } from "../kit/numbers.js";
import { SIDE } from "./holes.js";

/** @typedef {readonly [number, number]} Place in pixels */
/** @typedef {{start(): void, go(from: Place, to: Place, off: boolean): void, end(): void, wide(): number}} Brush
 *   go: from where to where, off: it takes away; wide: its radius */
/** @typedef {(place: number) => readonly number[]} Colour of a pixel, [r, g, b] */

export class Tile {
  /** @param {string} title @param {string} kind its class */
  constructor(title, kind) {
    this.canvas = make("canvas", { role: "img", width: SIDE, height: SIDE });
    this.ring = make("i", { class: "ring" });
    this.box = make("div", { class: "tile-box" }, this.canvas, this.ring);
    this.score = make("p", { class: "words" });
    this.node = make("figure", { class: kind }, make("figcaption", {}, make("b", {}, title)), this.box, this.score);
    this.paintable = false;
    /** @type {Place} where the brush stands */
    this.at = [SIDE / 2, SIDE / 2];
    this.ring.hidden = true;
  }
  /** @param {Colour | null} colour null: nothing is there @param {string} words for screen readers @param {string} score */
  show(colour, words, score) {
    const pixels = new ImageData(SIDE, SIDE);
    for (let k = 0; colour && k < SIDE * SIDE; k++) pixels.data.set([...colour(k), 255], 4 * k);
    this.canvas.getContext("2d")?.putImageData(pixels, 0, 0);
    set(this.canvas, { "aria-label": words });
    put(this.score, score);
  }
  /** Whether one paints on it now. @param {boolean} on @param {number} radius of the brush */
  open(on, radius) {
    this.paintable = on;
    this.ring.hidden = !on;
    set(this.canvas, { tabindex: on ? 0 : null, role: on ? "application" : "img" });
    this.box.classList.toggle("open", on);
    this.ring.style.width = `${(200 * radius) / SIDE}%`;
    this.place(this.at);
  }
  /** @param {Place} at */
  place(at) {
    this.at = at;
    [this.ring.style.left, this.ring.style.top] = at.map((t) => `${(100 * t) / SIDE}%`);
  }
  /** Lets a brush paint on it: with a pointer, or moved by arrow keys. @param {Brush} brush */
  paints(brush) {
    const under = (/** @type {PointerEvent} */ event) =>
      /** @type {[number, number]} */ (shareOf(event, this.canvas).map((t) => clamp(t, 0, 1) * SIDE));
    let off = false;
    const go = (/** @type {Place} */ from, /** @type {Place} */ to) => {
      this.place(to);
      if (this.paintable) brush.go(from, to, off);
    };
    dragged(this.canvas, {
      start: (event) => {
        off = event.shiftKey;
        brush.start();
        go(under(event), under(event));
      },
      move: (event) => go(this.at, under(event)),
      end: () => this.paintable && brush.end(),
    });
    this.canvas.addEventListener("pointermove", (event) => this.place(under(event)));
    onArrows(this.canvas, {
      ...{ fine: 1, coarse: 4 },
      go: (right, up) => this.place([clamp(this.at[0] + right, 0, SIDE), clamp(this.at[1] - up, 0, SIDE)]),
    });
    const press = (/** @type {boolean} */ away) => () => {
      if (!this.paintable) return false;
      off = away;
      brush.start();
      go(this.at, this.at);
      brush.end();
    };
    onKeys(this.canvas, { " ": press(false), Enter: press(false), Backspace: press(true), Delete: press(true) });
  }
}
