/* One setting of the plane: a choice out of a list of values, by a slider; menu.js has those of words.
 *
 * A slider sends its value when it is let go, so that a drag is one change; one message is under way at a time. What
 * needs fresh networks asks first where something was trained.
 */

import { make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { valueText } from "./texts.js";

/** @typedef {object} Control as the kernel tells of it
 * @property {string} label
 * @property {string} group
 * @property {(number | string)[]} values
 * @property {boolean} fresh whether a change needs fresh networks
 * @property {boolean} more whether it stands among the seldom used
 * @property {unknown} off the value that means "without"
 * @property {string | null} sets the piece of the GAN that it sets, of a trick
 */
/** @typedef {object} Kernel
 * @property {(name: string, value: unknown, then: () => void) => void} set asks for a change; then: once it was heard
 * @property {() => number} step that the run stands at
 */

const MINE = 1200; // ms in which the kernel's old value must not come in between
export const LONG_AGO = 1;

export class Setting {
  /** @param {string} name @param {Control} control @param {string} label for screen readers @param {Kernel} kernel */
  constructor(name, control, label, kernel) {
    this.name = name;
    this.control = control;
    this.kernel = kernel;
    /** @type {unknown} */
    this.told = undefined; // what the kernel has
    this.until = 0; // when the kernel's value counts again; 0: it does
    this.held = false; // a pointer holds the slider
    this.busy = false; // a message is under way
    /** @type {[unknown] | null} */
    this.waiting = null; // the value to be sent next
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.question = make("div", { class: "question", role: "alert", hidden: "" });
    this.input = this.makeInput(label);
    this.words = make("b");
    this.label = this.makeLabel();
    this.node = make("div", {}, this.label, this.question, this.wrong);
  }
  /** @param {string} label @returns {HTMLInputElement | HTMLSelectElement} */
  makeInput(label) {
    const { values } = this.control;
    const input = make("input", { type: "range", min: 0, max: values.length - 1, step: 1, "aria-label": label });
    input.addEventListener("input", () => {
      this.held = true;
      this.say(values[+input.value]);
    });
    input.addEventListener("change", () => this.wish(values[+input.value]));
    for (const end of ["change", "pointerup", "pointercancel", "blur"])
      input.addEventListener(end, () => {
        this.held = false;
        this.until ||= LONG_AGO;
      });
    return input;
  }
  makeLabel() {
    return make(
      "label",
      { class: `setting ${this.name}` },
      make("span", {}, this.control.label),
      this.input,
      this.words,
    );
  }

  /** Sends a value; first asks where it needs fresh networks and those at hand were trained. @param {unknown} value */
  wish(value) {
    const step = this.kernel.step();
    const asks = this.control.fresh && step > 0 && value !== this.told;
    this.question.hidden = !asks;
    if (!asks) {
      this.send(value);
      return;
    }
    this.say(value);
    const answer = (/** @type {string} */ words, /** @type {() => void} */ act) =>
      button(words, () => {
        this.question.hidden = true;
        act();
        this.input.focus();
      });
    this.question.replaceChildren(
      make("p", {}, say("needsFresh", { count: step })),
      answer(say("beginAnew"), () => this.send(value)),
      answer(say("keepThem"), () => {
        this.until = LONG_AGO;
        this.show(this.told);
      }),
    );
  }
  /** One message under way at a time; of those that wait, the last. @param {unknown} value */
  send(value) {
    this.until = performance.now() + MINE;
    this.say(value);
    if (this.busy) {
      this.waiting = [value];
      return;
    }
    this.busy = true;
    this.kernel.set(this.name, value, () => {
      this.busy = false;
      const next = this.waiting;
      this.waiting = null;
      if (next) this.send(next[0]);
    });
  }
  /** Says what it is set to. @param {unknown} value */
  say(value) {
    const words = this.textOf(value);
    this.words.textContent = words;
    this.input.setAttribute("aria-valuetext", words);
  }
  /** @param {unknown} value */
  textOf(value) {
    if (value === this.control.off) return say("off");
    return this.name === "latent_dim" ? say("dims", { count: Number(value) }) : valueText(value);
  }

  /** Shows what the kernel has, unless a learner is about to change it. @param {unknown} value
   * @param {string} [wrong] */
  show(value, wrong = "") {
    if (!this.kernel.step()) this.question.hidden = true;
    if (String(value) === String(this.told) && !this.until && wrong === this.wrong.textContent) return;
    this.take(value);
    if (this.wrong.textContent !== wrong) {
      this.wrong.textContent = wrong;
      this.until = 0;
    }
    if (this.isTaken()) return;
    const arrived = !this.busy && performance.now() > this.until;
    if (!arrived && this.current() !== value) return;
    this.put(value);
    this.until = 0;
    this.say(value);
  }
  /** @param {unknown} value */
  take(value) {
    this.told = value;
    this.label.dataset.told = String(placeOf(this.control.values, value));
  }
  isTaken() {
    return this.held || !this.question.hidden;
  }
  /** @returns {unknown} */
  current() {
    return this.control.values[+this.input.value];
  }
  /** @param {unknown} value */
  put(value) {
    this.input.value = String(placeOf(this.control.values, value));
  }
}

/** The index of the value in the list that is nearest. @param {readonly unknown[]} values @param {unknown} value */
function placeOf(values, value) {
  const exact = values.indexOf(value);
  if (exact >= 0) return exact;
  const away = values.map((each) => Math.abs(Number(each) - Number(value)));
  return away.indexOf(Math.min(...away));
}
