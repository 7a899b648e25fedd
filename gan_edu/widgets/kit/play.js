/* Plays a path: of its steps, more and more are shown, until all are; a press in between holds it. */

import { icon } from "./dom.js";
import { button } from "./inputs.js";
import { say } from "./words.js";

const SECONDS = 5; // from the first step to the last, and at least so many a second:
const FEWEST = 4;

export class Play {
  /** @param {import("./host.js").Host} host that draws @param {() => number} count of the steps that there are now */
  constructor(host, count) {
    this.host = host;
    this.count = count;
    this.at = Number.POSITIVE_INFINITY; // how many steps are shown
    this.left = this.at; // where it stood when it was followed last
    this.playing = false;
    this.node = button("", () => this.press(), { kind: "main" });
  }
  /** How many of the steps are shown: all, until it is played. */
  get shown() {
    return Math.max(0, Math.min(Math.floor(this.at), this.count())); // a refresh may be dated before the press
  }
  /** It plays, from the start where it had ended; where nothing may move by itself, it goes on by a step. */
  press() {
    if (this.at >= this.count()) this.at = 0;
    else if (this.host.calm.matches) this.at += 1;
    this.playing = !this.playing && !this.host.calm.matches;
    if (this.playing) this.run();
    this.host.draw();
  }
  run() {
    let before = performance.now();
    const turn = (/** @type {number} */ now) => {
      if (!this.playing || this.host.gone) return;
      this.at += ((now - before) / 1000) * Math.max(FEWEST, this.count() / SECONDS);
      before = now;
      if (this.at >= this.count()) this.rest();
      this.host.draw();
      requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }
  /** Whether all steps are shown, and nothing is played. */
  get rests() {
    return !this.playing && this.at >= this.count();
  }
  /** Shows all steps again. */
  rest() {
    this.at = Number.POSITIVE_INFINITY;
    this.playing = false;
  }
  /** Somebody moves to a step: it stands there, and goes on no further, also where it stood there before.
   * @param {number} at */
  hold(at) {
    this.at = at;
    this.left = at;
    this.playing = false;
    this.host.draw();
  }
  /** Beside a slider: what was played or stepped on since is put there, and what rests stands where the slider does.
   * @param {(shown: number) => void} put @param {() => number} stands */
  follow(put, stands) {
    if (this.at !== this.left) put(this.shown);
    if (!this.playing) this.at = stands();
    this.left = this.at;
  }
  /** What the button does now. */
  show() {
    const next = this.host.calm.matches && this.at < this.count();
    const [sign, words] = this.playing
      ? ["pause", say("pause")]
      : next
        ? ["on", say("nextStep")]
        : ["play", say("play")];
    if (this.node.textContent !== words) this.node.replaceChildren(icon(/** @type {"play"} */ (sign)), words);
  }
}
