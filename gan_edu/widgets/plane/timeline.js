/* Where a view stands among the steps of a run: at one of them, or at the newest as it comes. */

import { clamp, lastAtOrBefore } from "../kit/numbers.js";

export class Timeline {
  /** @param {boolean} live whether the run goes on, so that there is a now behind its last step */
  constructor(live) {
    this.live = live;
    this.number = -1; // which run it is of: none yet
    /** @type {readonly number[]} */
    this.steps = [0]; // that can be shown
    this.step = 0; // on show
    this.following = live; // the newest, as it comes
  }
  get last() {
    return this.steps[this.steps.length - 1];
  }
  /** Which of the steps is on show; behind the last, now. */
  get place() {
    return this.following ? this.steps.length : Math.max(0, lastAtOrBefore(this.steps, this.step));
  }
  get ended() {
    return this.place >= this.steps.length - 1;
  }
  /** @param {number} place */
  go(place) {
    this.following = this.live && place >= this.steps.length;
    this.step = this.steps[clamp(place, 0, this.steps.length - 1)];
  }
  /** Takes the steps of a run; of another than before, it begins where that does, or follows it. Answers whether it is.
   * @param {number} number @param {readonly number[]} steps */
  take(number, steps) {
    const isOther = number !== this.number;
    this.number = number;
    this.steps = steps;
    if (isOther) {
      this.following = this.live;
      this.step = steps[0];
    }
    return isOther;
  }
}
