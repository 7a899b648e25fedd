/* A point of a plot that is moved: dragged, by the arrow keys, or by a press elsewhere in the plot, which brings the
 * nearest one there. */

import { tickStep } from "d3-array";
import { make } from "./dom.js";
import { dragged } from "./drag.js";
import { onArrows } from "./keys.js";

/** @typedef {import("./plot.js").Place} Place */
/** @typedef {import("./plot.js").Plot} Plot */

const STEPS = 60; // of the arrow keys from one end of an axis to the other, or a few more
const FAST = 5; // steps in one, with Shift

export class Handle {
  /** @param {Plot} plot
   * @param {{title: string, kind?: string, go: (place: Place) => void, end?: () => void}} acts
   *   kind: its classes; go: told where it is to go, within the axes; end: told when it is let go */
  constructor(plot, { title, kind = "", go, end = () => {} }) {
    this.plot = plot;
    this.go = go;
    this.end = end;
    /** @type {Place} */
    this.place = [0, 0];
    this.node = make("button", { type: "button", class: `thumb ${kind}`, title });
    plot.box.append(this.node);
    dragged(this.node, { move: (event) => this.follow(event), end });
    const step = (/** @type {number} */ right, /** @type {number} */ up) => {
      const [byX, byY] = this.steps;
      this.move([this.place[0] + right * byX, this.place[1] + up * byY]);
      end();
    };
    onArrows(this.node, { fine: 1, coarse: FAST, go: step });
    if (plot.handles.push(this) === 1) pressed(plot);
  }
  /** How far an arrow key goes, along x and along y. */
  get steps() {
    return [this.plot.x, this.plot.y].map((axis) => {
      const [low, high] = axis.domain();
      return tickStep(low, high, STEPS);
    });
  }
  /** @param {PointerEvent} event */
  follow(event) {
    this.move(this.plot.at(event));
  }
  /** Within the axes, and with the digits that a tenth of a step has. @param {Place} place */
  move(place) {
    const rounded = this.plot.within(place).map((t, k) => {
      const digits = Math.max(0, Math.ceil(-Math.log10(this.steps[k] / 10)));
      return +t.toFixed(digits);
    });
    this.place = /** @type {[number, number]} */ (rounded); // the next key may come before it is drawn there
    this.go(this.place);
  }
  /** Puts it at a place, with the words that it has for screen readers. @param {Place} place @param {string} label */
  show(place, label) {
    this.place = place;
    this.plot.put(this.node, place);
    this.node.setAttribute("aria-label", label);
  }
}

/** @param {Plot} plot */
function pressed(plot) {
  let [held] = plot.handles;
  dragged(plot.svg, {
    start: (event) => {
      const far = (/** @type {Handle} */ { node }) => {
        const { left, top, width, height } = node.getBoundingClientRect();
        return Math.hypot(event.clientX - left - width / 2, event.clientY - top - height / 2);
      };
      held = plot.handles
        .filter(({ node }) => !node.hidden)
        .reduce((best, each) => (far(each) < far(best) ? each : best));
      held.node.focus({ preventScroll: true });
      held.follow(event);
    },
    move: (event) => held.follow(event),
    end: () => held.end(),
  });
}
