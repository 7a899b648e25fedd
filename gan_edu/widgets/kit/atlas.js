/* Pictures that hold many frames: decoded when they come, or, where they are many, when they are asked for. */

import { offscreen } from "./canvas.js";
import { say } from "./words.js";

/** @typedef {string | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer>} Picture a data: URI or bytes */
/** @typedef {{columns: number, rows: number, frame_width: number, frame_height: number}} Layout of a picture */
/** @typedef {{source: Picture, bitmap: ImageBitmap, x: number, y: number, w: number, h: number}} Found */

const MOST_PIXELS = 24e6; // of decoded pictures kept

/** @param {Picture} source */
export function toBlob(source) {
  if (source instanceof Blob) return source;
  if (typeof source === "string") {
    const [head, body] = source.split(",", 2);
    const type = head.slice(5).split(";")[0];
    return new Blob([Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0))], { type });
  }
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return new Blob([bytes], { type: bytes[0] === 0x89 ? "image/png" : "image/webp" });
}

export class Atlas {
  /** @param {() => void} onReady called when a picture has been decoded, or cannot be */
  constructor(onReady) {
    this.onReady = onReady;
    /** @type {Picture[]} */
    this.sources = [];
    /** @type {Layout} */
    this.layout = { columns: 1, rows: 1, frame_width: 1, frame_height: 1 };
    this.room = 1; // pictures that are kept
    /** @type {Map<Picture, ImageBitmap>} the one used last comes last */
    this.bitmaps = new Map();
    /** @type {Map<Picture, string>} what is wrong with each */
    this.broken = new Map();
    /** @type {Set<Picture>} */
    this.decoding = new Set();
    /** @type {Found | null} */
    this.shown = null;
    /** @type {string | null} what is wrong with the picture that was asked for last */
    this.error = null;
    /** @type {CanvasRenderingContext2D | null} */
    this.big = null;
  }
  /** @param {Picture[]} sources @param {Layout} layout */
  load(sources, layout) {
    [this.sources, this.layout] = [sources, layout];
    const pixels = layout.columns * layout.rows * layout.frame_width * layout.frame_height;
    this.room = Math.max(1, Math.floor(MOST_PIXELS / pixels));
    const wanted = new Set(sources);
    for (const source of [...this.bitmaps.keys()])
      if (!wanted.has(source) && source !== this.shown?.source) this.forget(source);
    for (const source of sources.slice(-this.room)) this.decode(source);
  }
  /** @param {Picture} source */
  async decode(source) {
    if (!source || this.bitmaps.has(source) || this.decoding.has(source) || this.broken.has(source)) return;
    this.decoding.add(source);
    try {
      this.keep(source, await createImageBitmap(toBlob(source)));
    } catch (problem) {
      this.broken.set(source, problem instanceof Error ? problem.message : String(problem));
    }
    this.decoding.delete(source);
    if (this.sources.includes(source)) this.onReady();
  }
  /** @param {Picture} source @param {ImageBitmap} bitmap */
  keep(source, bitmap) {
    const { columns, frame_width, frame_height } = this.layout;
    if (!this.sources.includes(source)) return bitmap.close(); // another came in its place meanwhile
    const { width, height } = bitmap;
    if (width < columns * frame_width || height < frame_height)
      throw new Error(say("tooSmall", { width: String(width), height: String(height) }));
    this.bitmaps.set(source, bitmap);
    for (const old of [...this.bitmaps.keys()].slice(0, -this.room)) if (old !== this.shown?.source) this.forget(old);
  }
  /** @param {Picture} source */
  forget(source) {
    this.bitmaps.get(source)?.close();
    this.bitmaps.delete(source);
  }
  /** Where a frame's picture lies. Until it is decoded, what was shown last stands in for it.
   * @param {number} frame @returns {Found | null} */
  find(frame) {
    const { columns, rows, frame_width: w, frame_height: h } = this.layout;
    const source = this.sources[Math.floor(frame / (columns * rows))];
    const place = frame % (columns * rows);
    const [x, y] = [(place % columns) * w, Math.floor(place / columns) * h];
    const bitmap = this.bitmaps.get(source);
    this.error = this.broken.get(source) ?? null;
    if (!bitmap || y + h > bitmap.height) {
      this.decode(source);
      return this.error ? null : this.shown;
    }
    this.bitmaps.delete(source); // put it last: the first are given up where they are too many
    this.bitmaps.set(source, bitmap);
    const before = this.shown;
    this.shown = { source, bitmap, x, y, w, h };
    if (before && before.source !== source && !this.sources.includes(before.source)) this.forget(before.source);
    return this.shown;
  }
  /** Draws a frame over the whole canvas; false when its picture is not there yet.
   * @param {CanvasRenderingContext2D} context @param {number} frame */
  draw(context, frame) {
    const found = this.find(frame);
    if (!found) return false;
    const { bitmap, x, y, w, h } = found;
    const { width, height } = context.canvas;
    const factor = Math.ceil(width / w);
    const exact = width === factor * w;
    context.imageSmoothingEnabled = !exact;
    context.imageSmoothingQuality = "high";
    if (factor === 1 || exact) context.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
    else context.drawImage(this.enlarged(found, factor), 0, 0, width, height);
    return true;
  }
  /** Even, sharp pixels: a frame enlarged by a whole number, to be shrunk.
   * @param {Found} found @param {number} factor */
  enlarged({ bitmap, x, y, w, h }, factor) {
    this.big ??= offscreen(1, 1)[1];
    const { canvas } = this.big;
    if (canvas.width !== w * factor || canvas.height !== h * factor)
      [canvas.width, canvas.height] = [w * factor, h * factor];
    this.big.imageSmoothingEnabled = false;
    this.big.drawImage(bitmap, x, y, w, h, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
  close() {
    this.sources = [];
    for (const source of [...this.bitmaps.keys()]) this.forget(source);
    this.shown = null;
  }
}
