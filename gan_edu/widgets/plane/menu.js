/* The settings of the plane that are chosen by a word, and the data, which can also be drawn. */

import { make } from "../kit/dom.js";
import { button, choice, offer } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { LONG_AGO, Setting } from "./setting.js";

/** @typedef {import("./setting.js").Control} Control */
/** @typedef {import("./setting.js").Kernel} Kernel */

/** A setting chosen by its word. */
export class Menu extends Setting {
  makeInput(/** @type {string} */ label) {
    return choice(label, this.control.values.map(paired), (value) => this.choose(value));
  }
  makeLabel() {
    const alone = this.name === "data" || this.name === "loss"; // its group says what it is
    const words = make("span", alone ? { class: "hidden" } : {}, this.control.label);
    return make("label", { class: `setting chosen ${this.name}${alone ? " alone" : ""}` }, words, this.input);
  }
  choose(/** @type {string} */ value) {
    this.wish(value);
  }
  take(/** @type {unknown} */ value) {
    this.told = value;
  }
  current() {
    return this.input.value;
  }
  put(/** @type {unknown} */ value) {
    this.input.value = String(value);
  }
}

/** The data: chosen by name, or drawn; the drawing that was learned last stays in the menu. */
export class DataMenu extends Menu {
  /** @param {string} name @param {Control} control @param {string} label @param {Kernel} kernel
   * @param {(on: boolean) => void} draw begins and ends drawing @param {Node} drawer its panel */
  constructor(name, control, label, kernel, draw, drawer) {
    super(name, control, label, kernel);
    this.draw = draw;
    this.pen = button(say("draw"), () => draw(true), { title: say("drawYourOwn"), kind: "pen" });
    this.label.after(this.pen);
    this.node.append(drawer);
    this.node.classList.add("data-menu");
    this.drawing = false;
    /** @type {unknown[] | null} */
    this.own = null; // the drawing that was learned last
    this.fill();
  }
  fill() {
    const own = this.own || this.drawing ? [say("ownDrawing")] : [];
    const options = [...this.control.values, ...own, say("drawYourOwn")];
    offer(/** @type {HTMLSelectElement} */ (this.input), options.map(paired));
  }
  choose(/** @type {string} */ value) {
    if (value === say("drawYourOwn")) {
      this.draw(true);
      return;
    }
    if (this.drawing) this.draw(false);
    this.wish(value === say("ownDrawing") ? this.own : value);
  }
  /** Something is being drawn, or no longer. @param {boolean} on */
  draws(on) {
    this.drawing = on;
    this.pen.hidden = on;
    this.fill();
    this.until ||= LONG_AGO;
    if (on) this.input.value = say("ownDrawing");
    else this.show(this.told);
  }
  take(/** @type {unknown} */ value) {
    super.take(value);
    if (!Array.isArray(value) || String(value) === String(this.own)) return;
    this.own = value;
    this.fill();
    this.until ||= LONG_AGO;
  }
  isTaken() {
    return this.drawing || super.isTaken();
  }
  put(/** @type {unknown} */ value) {
    super.put(Array.isArray(value) ? say("ownDrawing") : value);
  }
}

/** @param {unknown} value @returns {[string, string]} */
const paired = (value) => [String(value), String(value)];
