/* The slider of time: it moves along the axis that the charts below it have, and stops at the frames.
 *
 * For keys and screen readers it is an input that counts frames, early ones too, which stand close together in training.
 * What is seen is drawn: a thumb at the step of the frame, a tick for each frame, and epochs as the charts have them.
 */

import { scaleLinear } from "d3-scale";
import { trainingAxis } from "../kit/chart.js";
import { draw, make } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";

/** @typedef {import("../kit/chart.js").Training} Training */

const HEIGHT = 40; // pixels
const TRACK = 12; // of them down
const TICKS = 21;
const EDGE = 14; // pixels, for the thumb and the first label
const CLOSEST = 3; // pixels between two ticks

export class TimeSlider {
  /** @param {{go(frame: number): void, goToStep(step: number): void}} view */
  constructor(view) {
    const range = { type: "range", min: 0, step: 1, value: 0 };
    this.input = make("input", { ...range, "aria-label": say("slider") });
    this.svg = draw("svg", { height: HEIGHT, "aria-hidden": "true" });
    this.thumb = make("i", { class: "at" }); // moved by the compositor: nothing is drawn anew
    this.gone = make("i", { class: "gone" });
    this.node = make("div", { class: "time" }, this.input, this.svg, this.gone, this.thumb);
    this.x = scaleLinear();
    this.high = 1;
    this.input.addEventListener("input", () => view.go(Number(this.input.value)));
    const go = (/** @type {PointerEvent} */ event) => {
      const at = this.x.invert(event.clientX - this.svg.getBoundingClientRect().left);
      view.goToStep(clamp(at, 0, this.high));
    };
    dragged(this.input, { start: go, move: go });
    for (const own of ["mousedown", "touchstart"]) // the browser would move it by frames, not by steps
      this.input.addEventListener(own, (event) => event.preventDefault(), { passive: false });
  }
  /** Lays out the axis. @param {readonly number[]} steps of the frames @param {Training} axis
   * @param {[number, number] | null} span of the charts below it, in pixels; null: there are none */
  measure(steps, axis, span) {
    const width = this.node.clientWidth;
    this.high = axis.high || 1;
    this.x = scaleLinear([0, this.high], span ?? [EDGE, width - EDGE]);
    const [left, right] = this.x.range();
    this.svg.setAttribute("width", String(width));
    this.svg.replaceChildren(
      draw("path", { class: "track", d: `M${left} ${TRACK}H${right}` }),
      draw("path", { class: "frames", d: frameTicks(steps.map(this.x)) }),
      ...trainingAxis(this.x, axis, TICKS + 3),
    );
    Object.assign(this.gone.style, { left: `${left}px`, width: `${right - left}px` });
  }
  /** @param {number} frame @param {number} step of it @param {string} words where that is */
  draw(frame, step, words) {
    this.input.value = String(frame);
    this.input.setAttribute("aria-valuetext", words);
    this.thumb.style.transform = `translateX(${this.x(step).toFixed(1)}px)`;
    this.gone.style.transform = `scaleX(${(step / this.high).toFixed(4)})`;
  }
}

/** A stroke for each frame; of those that would stand in one another, the first.
 * @param {readonly number[]} places in pixels, ascending */
export function frameTicks(places) {
  let before = Number.NEGATIVE_INFINITY;
  const shown = places.filter((place) => {
    const apart = place - before >= CLOSEST;
    if (apart) before = place;
    return apart;
  });
  return shown.map((place) => `M${place.toFixed(1)} ${TICKS - 1}v4`).join("");
}
