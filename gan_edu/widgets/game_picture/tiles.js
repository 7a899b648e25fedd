/* Six small pictures with a head, and under each what D says of it. */

import { make, put } from "../kit/dom.js";
import { numeral } from "../kit/words.js";
import { PICTURED } from "./phases.js";

/** A share in whole per cent, never 0 or 100: D is not that sure.
 * @param {number} share */
export const percent = (share) => (share < 0.01 ? "<1 %" : share > 0.99 ? ">99 %" : `${numeral(100 * share, 0)} %`);

export class Tiles {
  /** @param {string} kind its class @param {Node[]} signs @param {string} name @param {boolean} judged */
  constructor(kind, signs, name, judged) {
    const places = Array.from({ length: PICTURED }, () => judged);
    this.pictures = places.map(() => make("canvas", { width: 28, height: 28 }));
    this.told = places.map(() => make("b"));
    this.moves = places.map(() => make("i", { class: "move" }));
    this.bars = places.map(() => make("i", { class: "share" }));
    this.name = make("b", {}, name);
    const cells = places.map((_, k) =>
      make(
        "div",
        { class: "tile" },
        this.pictures[k],
        ...(judged ? [this.bars[k], make("span", {}, this.told[k], this.moves[k])] : []),
      ),
    );
    this.grid = make("div", { class: "six", role: "img" }, ...cells);
    this.node = make(
      "div",
      { class: `part tiles ${kind}` },
      make("div", { class: "head" }, ...signs, this.name),
      this.grid,
    );
  }
  /** @param {(k: number) => HTMLCanvasElement | null} pictureOf null: none yet */
  show(pictureOf) {
    for (const [k, canvas] of this.pictures.entries()) {
      const picture = pictureOf(k);
      canvas.classList.toggle("empty", !picture);
      if (canvas.width !== (picture?.width ?? 28)) canvas.width = canvas.height = picture?.width ?? 28;
      const context = canvas.getContext("2d");
      if (picture) context?.drawImage(picture, 0, 0);
      else context?.clearRect(0, 0, canvas.width, canvas.height);
    }
  }
  /** @param {readonly number[] | null} shares what D says of each @param {readonly number[] | null} before */
  judge(shares, before) {
    for (const [k, told] of this.told.entries()) {
      const share = shares?.[k];
      put(told, share === undefined ? "\u00a0" : percent(share));
      const move = share === undefined || !before ? 0 : share - before[k];
      put(this.moves[k], Math.abs(move) < 0.005 ? "" : move > 0 ? "↑" : "↓");
      this.bars[k].style.setProperty("--share", String(share ?? 0));
      this.bars[k].classList.toggle("none", share === undefined);
    }
  }
}
