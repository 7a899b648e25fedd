/* Sixteen of the samples, large, and the same places untouched, small. */

import { Atlas } from "../kit/atlas.js";
import { sharp } from "../kit/canvas.js";
import { bytesOf, make, put, set } from "../kit/dom.js";
import { say } from "../kit/words.js";

/** @typedef {import("./cells.js").Table} Table */

const BESIDE = 3; // how wide the frame of a changed one is, in pixels of the page

export class Samples {
  /** @param {{draw(): void}} view */
  constructor(view) {
    this.atlas = new Atlas(() => view.draw());
    this.now = make("canvas", { role: "img" });
    this.before = make("canvas", { role: "img", "aria-label": say("untouchedSamples") });
    /** @type {unknown} */
    this.source = null; // what the pictures were made of
    this.does = make("p", { class: "does" });
    this.told = make("p", { class: "changed" });
    const strip = make("div", { class: "small" }, this.before);
    const words = make("div", {}, this.does, this.told, make("p", { class: "note" }, say("small")));
    this.node = make("figure", { class: "samples" }, make("div", { class: "large" }, this.now));
    this.node.append(make("div", { class: "beside" }, strip, words));
  }
  /** @param {string | ArrayBuffer | ArrayBufferView} source @param {Table} table @param {number} size of a frame */
  load(source, { corruptions }, size) {
    if (source === this.source) return;
    this.source = source;
    const [columns, rows] = [corruptions[0].levels.length, corruptions.length];
    const bytes = bytesOf(source);
    this.atlas.load([bytes], { columns, rows, frame_width: size, frame_height: size });
  }
  /** @param {Table} table @param {string} name the corruption @param {number} level */
  show(table, name, level) {
    const row = table.corruptions.findIndex((each) => each.name === name);
    const { title, does, levels, seen } = table.corruptions[row];
    const { changed, distinct } = seen[level];
    const all = table.side ** 2;
    const replaces = seen.some(({ changed: some }) => some.length > 0 && some.length < all); // at some level
    this.paint(this.before, row * levels.length, [], table.side);
    this.paint(this.now, row * levels.length + level, replaces ? changed : [], table.side);
    put(this.does, level ? does : say("untouchedDoes"));
    put(this.told, level ? changes(replaces ? changed.length : 0, distinct, all) : "");
    set(this.now, { "aria-label": say("samplesShown", { corruption: title, level: levels[level], count: all }) });
  }
  /** @param {HTMLCanvasElement} canvas @param {number} frame @param {number[]} framed @param {number} side */
  paint(canvas, frame, framed, side) {
    const paper = sharp(canvas);
    if (!paper) return;
    const { context, width, height, ratio } = paper;
    if (!this.atlas.draw(context, frame)) return context.clearRect(0, 0, width, height);
    context.lineWidth = BESIDE * ratio;
    context.strokeStyle = getComputedStyle(canvas).color;
    const [w, h] = [width / side, height / side];
    const inset = context.lineWidth / 2;
    for (const tile of framed)
      context.strokeRect((tile % side) * w + inset, Math.floor(tile / side) * h + inset, w - 2 * inset, h - 2 * inset);
  }
}

/** What changed, in words. @param {number} changed @param {number} distinct @param {number} all */
function changes(changed, distinct, all) {
  const replaced = changed ? say("replaced", { count: changed, all }) : "";
  const fewer = distinct < all ? say("distinct", { count: distinct, all }) : "";
  return [replaced, fewer].filter(Boolean).join(" ");
}
