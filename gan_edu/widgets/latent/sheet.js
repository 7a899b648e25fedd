/* What the kernel sends for one view: a sheet of small pictures, and the canvases that show one of them each. */

import { Pictures, placed, toBlob } from "../kit/atlas.js";
import { make } from "../kit/dom.js";

/** @typedef {import("../kit/atlas.js").Layout} Layout */
/** @typedef {import("../kit/atlas.js").Picture} Source */
/** @typedef {Layout & {png: Source, of?: unknown, norms?: (number | null)[]}} Sent
 *   of: which samples it is of; norms: the lengths of its latents */

/** A PNG of small pictures, many of which are shown at once. */
export class Sheet extends Pictures {
  /** @param {() => void} onReady called when it is decoded, or cannot be */
  constructor(onReady) {
    super();
    this.onReady = onReady;
    /** What came last. @type {Partial<Sent> | null} */
    this.wanted = null;
    /** What the bitmap is of. @type {Layout | null} */
    this.layout = null;
    /** @type {ImageBitmap | null} */
    this.bitmap = null;
    this.error = "";
  }
  /** @param {Sent | {png?: undefined}} sent */
  async load(sent) {
    if (!sent.png || sent === this.wanted) return;
    this.wanted = sent;
    try {
      const bitmap = await createImageBitmap(toBlob(sent.png));
      if (sent !== this.wanted) return bitmap.close(); // a newer one came meanwhile
      this.bitmap?.close(); // until here the old one stays
      [this.layout, this.bitmap, this.error] = [sent, bitmap, ""];
    } catch (problem) {
      this.error = problem instanceof Error && problem.message ? problem.message : String(problem);
    }
    this.onReady();
  }
  /** @param {number} frame */
  find(frame) {
    const { bitmap, layout } = this;
    if (!bitmap || !layout || frame >= layout.columns * layout.rows) return null;
    return { bitmap, ...placed(layout, frame) };
  }
  close() {
    this.wanted = null;
    this.bitmap?.close();
    this.bitmap = null;
  }
}

/** A canvas that shows one picture of a sheet at the screen's own pixels. */
export class Picture {
  /** @param {Sheet} sheet @param {boolean} [named] whether screen readers are told of it */
  constructor(sheet, named = false) {
    this.sheet = sheet;
    this.canvas = make("canvas", named ? { role: "img" } : { "aria-hidden": "true" });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {{frame: number, bitmap: ImageBitmap | null} | null} */
    this.shown = null;
  }
  /** Takes the size that it has on the page; one that is hidden keeps its own. */
  measure() {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (!width || (canvas.width === width && canvas.height === height)) return;
    [canvas.width, canvas.height] = [width, height];
    this.shown = null;
  }
  /** @param {number} frame */
  draw(frame) {
    const { context, shown } = this;
    const { bitmap } = this.sheet;
    if (shown?.frame === frame && shown.bitmap === bitmap) return;
    const drawn = this.sheet.draw(context, frame);
    if (!drawn) context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    this.shown = drawn ? { frame, bitmap } : null;
  }
  /** @param {string} words */
  label(words) {
    this.canvas.setAttribute("aria-label", words);
  }
}

/** @param {Sheet} sheet @param {number} count */
export const picturesOf = (sheet, count) => Array.from({ length: count }, () => new Picture(sheet));
