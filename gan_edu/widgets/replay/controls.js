/* What moves a replay: buttons, the slider of time, and the keys as the foot names them. */

import { icon, make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { TimeSlider } from "./time_slider.js";

/** @typedef {object} Moved
 * @property {number} frame
 * @property {(frame: number) => void} go
 * @property {(step: number) => void} goToStep
 * @property {() => void} playOrStep
 * @property {(name: "loop" | "numbers") => void} flip
 * @property {() => void} faster
 */

export class Controls {
  /** @param {Moved} view @param {boolean} plays whether the space key plays it; else its maker says what that does */
  constructor(view, plays) {
    this.plays = plays;
    this.play = button("", () => view.playOrStep(), { kind: "main" });
    const back = signed("back", say("back"), () => view.go(view.frame - 1));
    const on = signed("on", say("on"), () => view.go(view.frame + 1));
    this.time = new TimeSlider(view);
    this.speed = button("", () => view.faster(), { kind: "speed", title: say("speed") });
    this.loop = signed("loop", say("loop"), () => view.flip("loop"));
    this.more = button("", () => view.flip("numbers"), { kind: "more" });
    this.buttons = make("div", { class: "buttons" }, this.play, back, on, this.speed, this.loop, this.more);
    const group = { class: "controls", role: "group", "aria-label": say("controls") };
    this.node = make("div", group, this.buttons, this.time.node);
    this.spaceKey = make("b", {}, say("spaceKey"));
    this.spaceDoes = make("span");
    this.hint = make("span", {}, say("clickCurve"));
  }
  /** The foot of the view. */
  keys() {
    const key = (/** @type {string} */ name) => make("b", {}, name);
    const arrows = [key("← →"), ` ${say("arrowsFrame")} · `];
    const pages = [key("PgUp PgDn"), " 10 · ", key("Home End")];
    const keys = make("span", {}, this.spaceKey, " ", this.spaceDoes, " · ", ...arrows, ...pages);
    return make("footer", {}, keys, this.hint);
  }
  /** @param {{playing: boolean, calm: boolean, loop: boolean, speed: number, numbers: boolean}} state
   *   calm: no motion is wanted */
  show({ playing, calm, loop, speed, numbers }) {
    const words = say(calm ? "stepOn" : playing ? "pause" : "play");
    if (this.play.title !== words) this.play.replaceChildren(icon(calm ? "on" : playing ? "pause" : "play"), words);
    this.play.title = words;
    this.play.setAttribute("aria-label", words);
    if (this.plays) put(this.spaceDoes, say(calm ? "spaceSteps" : "spacePlays"));
    this.loop.setAttribute("aria-pressed", String(loop));
    put(this.speed, `${speed}×`);
    this.speed.setAttribute("aria-label", say("speedIs", { speed: String(speed) }));
    put(this.more, say(numbers ? "hideNumbers" : "showNumbers"));
    this.more.setAttribute("aria-expanded", String(numbers));
  }
}

/** A button that has a sign for its words.
 * @param {"back" | "on" | "loop"} sign @param {string} words @param {() => void} go */
const signed = (sign, words, go) => button("", go, { kind: sign, sign, title: words, label: words });
