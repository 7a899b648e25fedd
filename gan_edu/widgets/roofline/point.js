/* The step as a point of the picture that is dragged, or moved by keys: to the right is a larger batch, up a larger width. It
 * is dragged as far as operations double on that axis, by twice the batch or by half a doubling of the width: so it follows
 * the pointer where they set its place, lags where its roof bends, and never jumps. */

import { make } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { onArrows } from "../kit/keys.js";
import { say } from "../kit/words.js";

/** @typedef {{batch: number, halves: number}} Stands the batch as a power of 2, the width as halves of one */

export class Point {
  /** @param {import("../kit/plot.js").Plot} plot
   * @param {{read: () => Stands, go: (stands: Stands) => void, end: () => void}} acts
   *   read: where the step stands; go: told where it is to stand; end: told when it is let go */
  constructor(plot, { read, go, end }) {
    this.plot = plot;
    this.node = make("button", { type: "button", class: "thumb", title: say("dragIt") });
    plot.box.append(this.node);
    let from = { x: 0, y: 0, batch: 0, halves: 0 };
    const start = (/** @type {PointerEvent} */ { clientX: x, clientY: y }) => {
      from = { x, y, ...read() };
    };
    const move = (/** @type {PointerEvent} */ { clientX: x, clientY: y }) => {
      const right = Math.round((x - from.x) / this.doubling(plot.x));
      const up = Math.round((from.y - y) / this.doubling(plot.y));
      go({ batch: from.batch + right, halves: from.halves + up });
    };
    dragged(this.node, { start, move, end });
    const step = (/** @type {number} */ right, /** @type {number} */ up) => {
      const { batch, halves } = read();
      go({ batch: batch + right, halves: halves + up });
      end();
    };
    onArrows(this.node, { fine: 1, coarse: 4, go: step });
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
