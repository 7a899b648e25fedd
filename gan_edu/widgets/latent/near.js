/* The selected sample, and the training pictures nearest to it. */

import { make, put } from "../kit/dom.js";
import { fixed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Picture, picturesOf } from "./sheet.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */

const MOST = 4; // nearest pictures

export class Nearest {
  /** @param {{tiles: Sheet, near: Sheet}} sheets @param {import("../kit/store.js").Store} store */
  constructor({ tiles, near }, store) {
    this.store = store;
    this.told = make("p");
    this.one = new Picture(tiles);
    const one = make("figure", { class: "one" }, this.one.canvas, make("figcaption", {}, say("sample")));
    this.figures = picturesOf(near, MOST).map((picture) => {
      const words = make("figcaption");
      return { picture, words, node: make("figure", {}, picture.canvas, words) };
    });
    const row = make("div", { class: "row" }, one, ...this.figures.map(({ node }) => node));
    this.node = make("div", { class: "near" }, this.told, row);
  }
  get pictures() {
    return [this.one, ...this.figures.map(({ picture }) => picture)];
  }
  paint() {
    const { distances = [], of } = this.store.get("near");
    const selected = this.store.get("selected");
    const sample = say("sampleLength", { number: selected, length: fixed(this.store.get("tiles").norms[selected], 1) });
    this.one.draw(selected);
    put(this.told, distances.length ? say("nearest", { sample }) : sample);
    for (const [k, { picture, words, node }] of this.figures.entries()) {
      node.hidden = k >= distances.length;
      node.classList.toggle("stale", of !== selected);
      if (k >= distances.length) continue;
      picture.draw(k);
      put(words, fixed(distances[k], 1));
    }
  }
}
