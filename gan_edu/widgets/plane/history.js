/* The slider over a run's steps, the step that it stands at, and the way back to now. */

import { make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";

export class History {
  /** @param {boolean} live whether the run goes on @param {(place: number) => void} go */
  constructor(live, go) {
    this.live = live;
    this.slider = make("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": say("historyLabel") });
    this.slider.addEventListener("input", () => go(this.place));
    this.moment = make("span", { class: "moment" });
    const title = say("newestStep");
    this.newest = button(say("nowButton"), () => go(Number.POSITIVE_INFINITY), { title, label: title });
    this.newest.hidden = !live;
    this.node = make("div", { class: "history" }, this.slider, this.moment, this.newest);
  }
  /** Where the slider was put: its end is now, however many steps came since it was drawn. */
  get place() {
    const { value, max } = this.slider;
    return value === max ? Number.POSITIVE_INFINITY : +value;
  }
  /** @param {import("./timeline.js").Timeline} time @param {string} js the distance of the moment on show */
  show({ steps, place, step, following }, js) {
    this.slider.max = String(steps.length - (this.live ? 0 : 1)); // the last place of a run that goes on is now
    this.slider.value = String(place);
    put(this.moment, following ? say("now") : say("stepIs", { step }));
    this.slider.setAttribute("aria-valuetext", say(following ? "nowAndJs" : "stepAndJs", { step, js }));
    this.newest.setAttribute("aria-pressed", String(following));
  }
}
