/* The pictures to choose from, small, and a place for one's own. */

import { make, set } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { onRow } from "../kit/keys.js";
import { say } from "../kit/words.js";
import { SIDE } from "./holes.js";

export class Chooser {
  /** @param {number} count of pictures @param {(which: number) => void} go */
  constructor(count, go) {
    this.buttons = Array.from({ length: count + 1 }, (_, k) => {
      const label = k < count ? say("picture", { number: k + 1 }) : say("own");
      const canvas = make("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
      const node = button("", () => go(k), { kind: "thumbnail", label, title: label });
      node.classList.toggle("mine", k === count);
      node.append(canvas);
      return { node, canvas };
    });
    const nodes = this.buttons.map(({ node }) => node);
    this.node = make("div", { class: "chooser", role: "group", "aria-label": say("pictures") }, ...nodes);
    onRow(this.node);
  }
  /** @param {number} which @param {boolean} own whether one's own can be chosen @param {(k: number) => Uint8Array} real */
  show(which, own, real) {
    const last = this.buttons.length - 1;
    for (const [k, { node, canvas }] of this.buttons.entries()) {
      const picture = real(k);
      const pixels = new ImageData(SIDE, SIDE);
      for (let p = 0; p < picture.length; p++) pixels.data.set([picture[p], picture[p], picture[p], 255], 4 * p);
      canvas.getContext("2d")?.putImageData(pixels, 0, 0);
      set(node, { "aria-pressed": String(k === which), "aria-disabled": k === last && !own ? "true" : null });
      if (k === last) node.classList.toggle("empty", !picture.some(Boolean));
      if (k === last) set(node, { title: say(own ? "own" : "ownNeeds") });
    }
  }
}
