/* The step as a point of the picture that is dragged, or moved by keys: to the right is a larger batch, up a larger width.
 * Twice the batch is as far to the right as operations double on that axis. Of widths the next is as far up as the point then
 * goes, along its line of widths, and at least as far as operations double: so the point never outruns the pointer, lags where
 * its roof bends, and never jumps. */

import { make } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { onArrows } from "../kit/keys.js";
import { say } from "../kit/words.js";
import { WIDTHS } from "./math.js";

/** @typedef {{batch: number, halves: number}} Stands the batch as a power of 2, the width as halves of one */

export class Point {
  /** @param {import("../kit/plot.js").Plot} plot
   * @param {{read: () => Stands, go: (stands: Stands) => void, at: (stands: Stands) => import("../kit/plot.js").Place,
   *   end: () => void}} acts
   *   read: where the step stands; go: told where it is to stand; at: where such a step stands, in pixels; end: told when
   *   it is let go */
  constructor(plot, { read, go, at, end }) {
    this.plot = plot;
    this.at = at;
    this.node = make("button", { type: "button", class: "thumb", title: say("dragIt") });
    plot.box.append(this.node);
    let from = { x: 0, y: 0, batch: 0, halves: 0 };
    const start = (/** @type {PointerEvent} */ { clientX: x, clientY: y }) => {
      from = { x, y, ...read() };
    };
    const move = (/** @type {PointerEvent} */ { clientX: x, clientY: y }) => {
      const right = Math.round((x - from.x) / this.doubling(plot.x));
      go({ batch: from.batch + right, halves: this.widthUp(from, from.y - y) });
    };
    dragged(this.node, { start, move, end });
    const step = (/** @type {number} */ right, /** @type {number} */ up) => {
      const { batch, halves } = read();
      go({ batch: batch + right, halves: halves + up });
      end();
    };
    onArrows(this.node, { fine: 1, coarse: 4, go: step });
  }
  /** The width, in halves of a power of 2, that so many pixels up lead to. @param {Stands} from @param {number} pixels */
  widthUp({ batch, halves }, pixels) {
    const towards = Math.sign(pixels);
    let [k, left] = [halves, Math.abs(pixels)];
    while (k + towards >= WIDTHS.min && k + towards <= WIDTHS.max) {
      const [[x, y], [nextX, nextY]] = [k, k + towards].map((each) => this.at({ batch, halves: each }));
      const far = Math.max(this.doubling(this.plot.y), Math.hypot(nextX - x, nextY - y));
      if (!towards || left < far / 2) break;
      [k, left] = [k + towards, left - far];
    }
    return k;
  }
  /** How many pixels twice as much is on an axis. @param {import("../kit/axis.js").Scale} axis */
  doubling(axis) {
    return Math.abs(axis(Math.log10(2)) - axis(0));
  }
  /** @param {import("../kit/plot.js").Place} place @param {string} label for screen readers */
  show(place, label) {
    this.plot.put(this.node, place);
    this.node.setAttribute("aria-label", label);
  }
}
