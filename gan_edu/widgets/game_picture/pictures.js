/* The pictures of the recorded steps: bytes as small canvases, each made when it is first asked for. */

import { offscreen } from "../kit/canvas.js";
import { bytesOf } from "../kit/dom.js";
import { colourMap } from "../kit/palette.js";
import { PICTURED } from "./phases.js";

/** @typedef {import("./phases.js").Kind} Kind */
/** @typedef {import("../kit/palette.js").RGB} RGB */

const SIDES = /** @type {const} */ ({ z: 10, real: 28, fake: 28, wish: 28, change: 28 }); // as they lie in the file
const KINDS = /** @type {Kind[]} */ (Object.keys(SIDES));
const sizes = KINDS.map((kind) => SIDES[kind] ** 2);
const STEP = PICTURED * sizes.reduce((a, b) => a + b);

const cividis = colourMap("cividis");
const STRONG = 2.5; // the largest of a picture's changes are far apart from most
const signed = (/** @type {number} */ t) => cividis(0.5 + STRONG * (t - 0.5));
/** @type {(t: number) => RGB} */
const grey = (t) => [255 * t, 255 * t, 255 * t];
const colours = { z: grey, real: grey, fake: grey, wish: signed, change: signed };

export class Pictures {
  /** @param {string | ArrayBufferView} bytes 1 to 255 each, of which 128 is 0 */
  constructor(bytes) {
    this.bytes = new Uint8Array(bytesOf(bytes));
    /** @type {Map<string, HTMLCanvasElement>} */
    this.made = new Map();
  }
  /** @param {number} step @param {Kind} kind @param {number} k */
  get(step, kind, k) {
    const name = `${step} ${kind} ${k}`;
    const made = this.made.get(name) ?? this.make(step, kind, k);
    this.made.set(name, made);
    return made;
  }
  /** @param {number} step @param {Kind} kind @param {number} k */
  make(step, kind, k) {
    const place = KINDS.indexOf(kind);
    const before = sizes.slice(0, place).reduce((a, b) => a + b, 0);
    const from = step * STEP + PICTURED * before + k * sizes[place];
    const [canvas, context] = offscreen(SIDES[kind], SIDES[kind]);
    const image = context.createImageData(SIDES[kind], SIDES[kind]);
    for (let i = 0; i < sizes[place]; i++)
      image.data.set([...colours[kind]((this.bytes[from + i] - 1) / 254), 255], 4 * i);
    context.putImageData(image, 0, 0);
    return canvas;
  }
}
