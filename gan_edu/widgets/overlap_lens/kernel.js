/* The weights of a kernel as bars that are dragged, or moved by keys; those of one letter land on the same outputs. */

import { make, set } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { clamp, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { LETTERS } from "./fan.js";
import { HEAVIEST, sums, weightCount, weightsOf } from "./math.js";

/** @typedef {import("./math.js").Setting} Setting */

const [FINE, COARSE] = [0.05, 0.25];

export class Kernel {
  /** @param {(k: number, weight: number) => void} go told where a weight is to go */
  constructor(go) {
    this.go = go;
    /** @type {number[]} */
    this.weights = [];
    this.bars = Array.from({ length: 7 }, (_, k) => this.bar(k));
    this.sums = make("p", { class: "sums" });
    this.node = make("div", { class: "kernel" }, make("div", { class: "bars" }, ...this.bars), this.sums);
  }
  /** @param {number} k */
  bar(k) {
    const about = { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": HEAVIEST };
    const track = make("div", { class: "track" }, make("i"));
    const node = make("div", { class: "bar", ...about }, make("output"), track, make("b"));
    const to = (/** @type {number} */ weight) => {
      this.weights[k] = +clamp(Math.round(weight / FINE) * FINE, 0, HEAVIEST).toFixed(2);
      this.go(k, this.weights[k]);
    };
    const follow = (/** @type {PointerEvent} */ event) => to(HEAVIEST * (1 - shareOf(event, track)[1]));
    dragged(node, { start: follow, move: follow });
    onArrows(node, { fine: FINE, coarse: COARSE, go: (right, up) => to(this.weights[k] + right + up) });
    onKeys(node, { Home: () => to(0), End: () => to(HEAVIEST) });
    return node;
  }
  /** @param {Setting} setting @param {ReadonlySet<number>} lit the bars that write the output that is pointed at */
  show(setting, lit) {
    this.weights = weightsOf(setting);
    const { kind } = setting;
    const letters = kind === "resize" ? 1 : setting.stride;
    for (const [k, node] of this.bars.entries()) {
      node.hidden = k >= weightCount(setting);
      if (node.hidden) continue;
      const [output, track, name] = node.children;
      const [weight, letter] = [signed(this.weights[k], 2), k % letters];
      node.className = `bar letter${letter} ${lit.has(k) ? "lit" : ""}`;
      /** @type {HTMLElement} */ (track.firstElementChild).style.height = `${(100 * this.weights[k]) / HEAVIEST}%`;
      output.textContent = weight;
      name.textContent = LETTERS[letter];
      const words = say(kind === "shuffle" ? "weightOfMap" : "weight", { k, letter: LETTERS[letter] });
      set(node, { "aria-label": words, "aria-valuenow": this.weights[k], "aria-valuetext": weight });
    }
    this.add(setting);
  }
  /** What each letter sums to. @param {Setting} setting */
  add(setting) {
    const told = sums(setting).map((sum, letter) => {
      const text = say(setting.kind === "resize" ? "sumOfAll" : "sum", {
        sum: signed(sum, 2),
        letter: LETTERS[letter],
      });
      return make("span", { class: `letter${letter}` }, text);
    });
    this.sums.replaceChildren(...told);
  }
}
