/* What moves a replay: buttons, the slider with its scale, and the keys as the foot names them. */

import { icon, make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { scaleMarks } from "./scale.js";

/** @typedef {object} Moved
 * @property {number} frame
 * @property {(frame: number) => void} go
 * @property {() => void} playOrStep
 * @property {(name: "loop") => void} flip
 * @property {() => void} faster
 */

export class Controls {
  /** @param {Moved} view @param {boolean} plays whether the space key plays it; else its maker says what that does */
  constructor(view, plays) {
    this.plays = plays;
    this.play = button("", () => view.playOrStep(), { kind: "main" });
    const back = signed("back", say("back"), () => view.go(view.frame - 1));
    const on = signed("on", say("on"), () => view.go(view.frame + 1));
    this.slider = make("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": say("slider") });
    this.scale = make("div", { class: "scale", "aria-hidden": "true" });
    this.speed = button("", () => view.faster(), { kind: "speed", title: say("speed") });
    this.loop = signed("loop", say("loop"), () => view.flip("loop"));
    const slide = make("div", { class: "slide" }, this.slider, this.scale);
    const group = { class: "controls", role: "group", "aria-label": say("controls") };
    this.node = make("div", group, this.play, back, on, slide, this.speed, this.loop);
    this.spaceKey = make("b", {}, say("spaceKey"));
    this.spaceDoes = make("span");
    this.hint = make("span", {}, say("clickCurve"));
    this.slider.addEventListener("input", () => view.go(Number(this.slider.value)));
  }
  /** The foot of the view. */
  keys() {
    const key = (/** @type {string} */ name) => make("b", {}, name);
    const arrows = [key("← →"), ` ${say("arrowsFrame")} · `];
    const pages = [key("PgUp PgDn"), " 10 · ", key("Home End")];
    const keys = make("span", {}, this.spaceKey, " ", this.spaceDoes, " · ", ...arrows, ...pages);
    return make("footer", {}, keys, this.hint);
  }
  /** @param {{playing: boolean, calm: boolean, loop: boolean, speed: number}} state calm: no motion is wanted */
  show({ playing, calm, loop, speed }) {
    const words = say(calm ? "stepOn" : playing ? "pause" : "play");
    if (this.play.title !== words) this.play.replaceChildren(icon(calm ? "on" : playing ? "pause" : "play"), words);
    this.play.title = words;
    this.play.setAttribute("aria-label", words);
    if (this.plays) put(this.spaceDoes, say(calm ? "spaceSteps" : "spacePlays"));
    this.loop.setAttribute("aria-pressed", String(loop));
    put(this.speed, `${speed}×`);
    this.speed.setAttribute("aria-label", say("speedIs", { speed: String(speed) }));
  }
  /** @param {readonly number[]} steps @param {number | null} perEpoch */
  drawScale(steps, perEpoch) {
    const marks = scaleMarks(steps, perEpoch, this.slider.clientWidth).map(({ text, x }) => {
      const mark = make("span", {}, text);
      mark.style.left = `${x}px`;
      return mark;
    });
    this.scale.replaceChildren(...marks);
  }
}

/** A button that has a sign for its words.
 * @param {"back" | "on" | "loop"} sign @param {string} words @param {() => void} go */
const signed = (sign, words, go) => button("", go, { kind: sign, sign, title: words, label: words });
