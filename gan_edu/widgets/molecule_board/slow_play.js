/* Plays the steps of training so slowly that twelve molecules can be looked at on each. */

import { Play } from "../kit/play.js";

const BEAT = 900; // ms a step

export class SlowPlay extends Play {
  /** @param {import("../kit/host.js").Host} host @param {() => number} count of the steps */
  constructor(host, count) {
    super(host, count);
    this.timer = 0; // of the next step
  }
  run() {
    clearTimeout(this.timer);
    const turn = () => {
      if (!this.playing || this.host.gone) return;
      this.at += 1;
      if (this.at >= this.count()) this.rest();
      else this.timer = window.setTimeout(turn, BEAT);
      this.host.draw();
    };
    this.timer = window.setTimeout(turn, BEAT);
  }
}
