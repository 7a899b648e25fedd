/* Small pictures that lie on larger ones: a run's frames, decoded when they come or when they are asked for. */

import { offscreen } from "./canvas.js";
import { say } from "./words.js";

/**
 * @typedef {string | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer>} Picture a data URI of a page, or bytes from a
 * kernel
 */
/** @typedef {{columns: number, rows: number, frame_width: number, frame_height: number}} Layout */
/**
 * @typedef {{bitmap: ImageBitmap, x: number, y: number, w: number, h: number}} Piece a small picture's place on a
 * larger one
 */
/** @typedef {Piece & {source: Picture}} Shown */

const MOST_PIXELS = 24e6; // of decoded pictures kept, where each frame is one of its own
const PNG = 0x89; // its first byte

/** @param {Picture} source */
export function toBlob(source) {
  if (source instanceof Blob) return source;
  if (typeof source === "string") {
    const [head, body] = source.split(",", 2);
    return new Blob([Uint8Array.from(atob(body), (c) => c.charCodeAt(0))], { type: head.slice(5).split(";")[0] });
  }
  const bytes =
    source instanceof ArrayBuffer
      ? new Uint8Array(source)
      : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const part = /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
  return new Blob([part], { type: bytes[0] === PNG ? "image/png" : "image/webp" });
}

/** @param {Layout} layout @param {number} place in rows, from above @returns {Omit<Piece, "bitmap">} */
export function placed({ columns, frame_width: w, frame_height: h }, place) {
  return { x: (place % columns) * w, y: Math.floor(place / columns) * h, w, h };
}

/** Draws small pictures over whole canvases. Who extends it says where each lies: `find(frame)`. */
export class Pictures {
  constructor() {
    /** @type {[HTMLCanvasElement, CanvasRenderingContext2D] | null} */
    this.enlarged = null;
  }
  /** Where a picture lies; null where it is not there yet.
   * @param {number} _frame @returns {Piece | null} */
  find(_frame) {
    return null;
  }
  /** Draws a picture over the whole canvas; false when it is not there yet.
   * @param {CanvasRenderingContext2D} context @param {number} frame */
  draw(context, frame) {
    const found = this.find(frame);
    if (!found) return false;
    const { bitmap, x, y, w, h } = found;
    const { width, height } = context.canvas;
    const factor = Math.ceil(width / w);
    const even = width === factor * w;
    context.imageSmoothingEnabled = !even;
    context.imageSmoothingQuality = "low"; // it shrinks by less than two: no finer one is needed, and this is fast
    if (factor === 1 || even) context.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
    else context.drawImage(this.enlarge(found, factor), 0, 0, width, height);
    return true;
  }
  /** A picture enlarged by a whole number, which is then shrunk: so its pixels stay even and sharp.
   * @param {Piece} piece @param {number} factor */
  enlarge({ bitmap, x, y, w, h }, factor) {
    const [width, height] = [w * factor, h * factor];
    this.enlarged ??= offscreen(width, height);
    const [canvas, context] = this.enlarged;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
    return canvas;
  }
}

/** The frames of a run: large pictures, each of columns × rows frames. */
export class Atlas extends Pictures {
  /** @param {() => void} onReady called when a picture is decoded, or cannot be */
  constructor(onReady) {
    super();
    this.onReady = onReady;
    /** @type {Picture[]} */
    this.sources = [];
    /** @type {Layout} */
    this.layout = { columns: 1, rows: 1, frame_width: 1, frame_height: 1 };
    this.room = 1; // large pictures that are kept decoded
    /** The one that was asked for last stands last. @type {Map<Picture, ImageBitmap>} */
    this.bitmaps = new Map();
    /** What is wrong with them. @type {Map<Picture, string>} */
    this.broken = new Map();
    /** @type {Set<Picture>} */
    this.decoding = new Set();
    /** @type {Shown | null} */
    this.shown = null;
    /** @type {string | null} */
    this.error = null;
  }
  /** @param {Picture[]} sources @param {Layout} layout */
  load(sources, layout) {
    [this.sources, this.layout] = [sources, layout];
    const { columns, rows, frame_width, frame_height } = this.layout;
    const wanted = new Set(sources);
    this.room = Math.max(1, Math.floor(MOST_PIXELS / (columns * rows * frame_width * frame_height)));
    for (const source of [...this.bitmaps.keys()])
      if (!wanted.has(source) && source !== this.shown?.source) this.forget(source);
    for (const source of sources.slice(-this.room)) this.decode(source);
  }
  /** @param {Picture} source */
  async decode(source) {
    if (!source || this.bitmaps.has(source) || this.decoding.has(source) || this.broken.has(source)) return;
    this.decoding.add(source);
    try {
      const bitmap = await createImageBitmap(toBlob(source));
      if (!this.sources.includes(source)) return bitmap.close();
      this.keep(source, bitmap);
    } catch (problem) {
      this.broken.set(source, problem instanceof Error ? problem.message : String(problem));
    }
    this.decoding.delete(source);
    if (this.sources.includes(source)) this.onReady();
  }
  /** @param {Picture} source @param {ImageBitmap} bitmap */
  keep(source, bitmap) {
    const { columns, frame_width, frame_height } = this.layout;
    const { width, height } = bitmap;
    if (width < columns * frame_width || height < frame_height) throw new Error(say("tooSmall", { width, height }));
    this.bitmaps.set(source, bitmap);
    for (const old of [...this.bitmaps.keys()].slice(0, -this.room)) if (old !== this.shown?.source) this.forget(old);
  }
  /** @param {Picture} source */
  forget(source) {
    this.bitmaps.get(source)?.close();
    this.bitmaps.delete(source);
  }
  /** Where a frame lies. Until its picture is decoded, what was shown last stands in for it.
   * @param {number} frame */
  find(frame) {
    const room = this.layout.columns * this.layout.rows;
    const source = this.sources[Math.floor(frame / room)];
    const bitmap = this.bitmaps.get(source);
    const place = placed(this.layout, frame % room);
    this.error = this.broken.get(source) ?? null;
    if (!bitmap || place.y + place.h > bitmap.height) {
      this.decode(source);
      return this.error ? null : this.shown;
    }
    this.bitmaps.delete(source); // put it last: the first are given up where they are too many
    this.bitmaps.set(source, bitmap);
    const before = this.shown;
    this.shown = { source, bitmap, ...place };
    if (before && before.source !== source && !this.sources.includes(before.source)) this.forget(before.source);
    return this.shown;
  }
  close() {
    this.sources = [];
    for (const source of [...this.bitmaps.keys()]) this.forget(source);
    this.shown = null;
  }
}
