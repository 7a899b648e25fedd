/* The matrix as colours: row c, what cipher symbol c may stand for. A row is pointed at, or reached by keys. */

import { offscreen, paperOf } from "../kit/canvas.js";
import { make, put, set } from "../kit/dom.js";
import { shareOf } from "../kit/drag.js";
import { onKeys } from "../kit/keys.js";
import { caption } from "../kit/layout.js";
import { clamp, fixed } from "../kit/numbers.js";
import { colourMap, colourOf } from "../kit/palette.js";
import { say } from "../kit/words.js";
import { likeliest, SYMBOLS, sealed, visible } from "./cipher.js";

const MAP = colourMap("cividis");
const [EDGE, REST] = [1.6, 0.3]; // cells at the left and above, for the letters; at the right and below

export class Heat {
  /** @param {() => void} draw */
  constructor(draw) {
    this.draw = draw;
    this.row = -1; // the one that is pointed at
    this.cells = offscreen(SYMBOLS, SYMBOLS);
    this.canvas = make("canvas", { role: "img", tabindex: 0 });
    this.told = make("p", { class: "words", role: "status" });
    const bar = make("i", { class: "bar", "aria-hidden": "true" });
    bar.style.background = `linear-gradient(90deg, ${[0, 1, 2, 3, 4, 5, 6].map((k) => `rgb(${MAP(k / 6)})`).join(", ")})`;
    this.truthKey = make("p", { class: "legend truth-key" }, make("span", {}, make("i"), say("truth")));
    const key = make("span", { class: "heat-key" }, "0", bar, "1");
    this.node = make("figure", { class: "heat" }, caption(say("matrix"), key), this.canvas, this.truthKey, this.told);
    const point = (/** @type {PointerEvent} */ event) => this.point(event);
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerdown", point);
    this.canvas.addEventListener("pointerleave", () => this.take(-1));
    const step = (/** @type {number} */ by) => () => this.take(clamp(this.row + by, 0, SYMBOLS - 1));
    onKeys(this.canvas, { ArrowUp: step(-1), ArrowDown: step(1), Escape: () => this.take(-1) });
  }
  /** @param {PointerEvent} event */
  point(event) {
    const row = Math.floor(shareOf(event, this.canvas)[1] * (SYMBOLS + EDGE + REST) - EDGE);
    this.take(row >= 0 && row < SYMBOLS ? row : -1);
  }
  /** @param {number} row */
  take(row) {
    if (row === this.row) return;
    this.row = row;
    this.draw();
  }
  /** @param {Uint8Array | null} frame @param {number[]} key the truth, where it is marked; else none
   * @param {string} words @param {boolean} dark */
  show(frame, key, words, dark) {
    set(this.canvas, { "aria-label": words });
    put(this.told, this.rowText(frame));
    this.truthKey.hidden = !frame || !key.length;
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const cell = paper.width / (SYMBOLS + EDGE + REST);
    this.letters(paper.context, cell, dark);
    if (!frame) return;
    paper.context.translate(EDGE * cell, EDGE * cell);
    paper.context.imageSmoothingEnabled = false;
    paper.context.drawImage(this.coloured(frame), 0, 0, SYMBOLS * cell, SYMBOLS * cell);
    for (const [letter, symbol] of key.entries()) this.truth(paper.context, cell, letter, symbol);
    if (this.row < 0) return;
    paper.context.strokeStyle = colourOf("generator", dark);
    paper.context.lineWidth = 2;
    paper.context.strokeRect(0, this.row * cell, SYMBOLS * cell, cell);
  }
  /** The frame in colours, a pixel a cell. @param {Uint8Array} frame */
  coloured(frame) {
    const [canvas, context] = this.cells;
    const image = context.createImageData(SYMBOLS, SYMBOLS);
    for (const [k, value] of frame.entries()) image.data.set([...MAP(value / 255), 255], 4 * k);
    context.putImageData(image, 0, 0);
    return canvas;
  }
  /** Marks what a symbol stands for in truth: a ring that is seen on light cells and on dark ones.
   * @param {CanvasRenderingContext2D} context @param {number} cell @param {number} letter @param {number} symbol */
  truth(context, cell, letter, symbol) {
    for (const [inset, colour] of /** @type {const} */ ([
      [0.5, colourOf("paper", false)],
      [1.5, colourOf("ink", false)],
    ])) {
      context.strokeStyle = colour;
      context.lineWidth = 1;
      context.strokeRect(letter * cell + inset, symbol * cell + inset, cell - 2 * inset, cell - 2 * inset);
    }
  }
  /** @param {CanvasRenderingContext2D} context @param {number} cell @param {boolean} dark */
  letters(context, cell, dark) {
    context.fillStyle = colourOf("ink", dark);
    context.font = `${clamp(0.95 * cell, 8, 13)}px ui-monospace, monospace`;
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    for (let k = 0; k < SYMBOLS; k++) {
      const at = (EDGE + k + 0.5) * cell;
      context.fillText(visible(k), at, 0.8 * cell);
      context.fillText(sealed(k), 0.8 * cell, at);
    }
  }
  /** @param {Uint8Array | null} frame */
  rowText(frame) {
    if (!frame || this.row < 0) return say("pointAtRow");
    const found = likeliest(frame.subarray(this.row * SYMBOLS, (this.row + 1) * SYMBOLS), 3);
    const shares = found.map(({ symbol, share }) => say("shareOf", { letter: visible(symbol), share: fixed(share) }));
    return say("rowIs", { symbol: sealed(this.row), shares: shares.join(say("listComma")) });
  }
}
