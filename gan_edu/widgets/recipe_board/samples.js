/* Samples of the chosen recipe beside those of the one before, of the same latents. */

import { Atlas } from "../kit/atlas.js";
import { sharp } from "../kit/canvas.js";
import { bytesOf, make, put, set } from "../kit/dom.js";
import { say } from "../kit/words.js";

/** @typedef {{place: number, name: string}} Shown place: among the tiles, −1 where none is stored */

export class Samples {
  /** @param {import("./recipes.js").Stored} stored @param {() => void} onReady */
  constructor(stored, onReady) {
    this.stored = stored;
    this.atlas = new Atlas(onReady);
    const [now, before] = [figureOf("now"), figureOf("before")];
    this.now = now;
    this.before = before;
    this.node = make("div", { class: "samples" }, now.node, before.node);
    this.node.style.setProperty("--shape", `${stored.tile.frame_width} / ${stored.tile.frame_height}`);
  }
  /** @param {any[]} tiles */
  load(tiles) {
    this.atlas.load(tiles.map(bytesOf), this.stored.tile);
  }
  /** @param {Shown} now @param {Shown | null} before */
  show(now, before) {
    this.fill(this.now, now);
    this.before.empty.hidden = before !== null;
    this.before.canvas.hidden = before === null;
    put(this.before.name, before ? before.name : "");
    if (before) this.fill(this.before, before);
  }
  /** @param {ReturnType<typeof figureOf>} figure @param {Shown} shown */
  fill({ canvas, name, lost }, { place, name: words }) {
    put(name, words);
    lost.hidden = place >= 0;
    canvas.hidden = place < 0;
    set(canvas, { "aria-label": say("samplesOf", { name: words, count: this.stored.digits }) });
    const paper = place < 0 ? null : sharp(canvas);
    if (paper && this.atlas.bitmaps.size === this.stored.recipes.length) this.atlas.draw(paper.context, place);
  }
}

/** @param {"now" | "before"} which */
function figureOf(which) {
  const canvas = make("canvas", { role: "img" });
  const name = make("span");
  const lost = make("p", { class: "lost-recipe", hidden: "" }, say("notStored"));
  const empty = make("p", { class: "lost-recipe", hidden: "" }, say("noneBefore"));
  const head = make("figcaption", {}, make("b", {}, say(which)), name);
  return { canvas, name, lost, empty, node: make("figure", { class: which }, canvas, lost, empty, head) };
}
