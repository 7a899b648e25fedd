/* A setting that may be changed while it trains: a field to type in, and a button for the next value each way. */

import { make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { keepKeys, onKeys } from "../kit/keys.js";
import { say } from "../kit/words.js";
import { nextValue } from "./ladder.js";

/** @typedef {import("./status.js").Knob} Knob */

const PAUSE = 1000; // ms in which the kernel's old value must not come in between

export class Dial {
  /** @param {string} name @param {Knob} knob @param {(name: string, value: string | number) => void} set */
  constructor(name, knob, set) {
    this.name = name;
    this.knob = knob;
    this.set = set;
    this.until = 0; // when the kernel's value counts again
    this.told = ""; // what the kernel said last
    this.wrong = make("p", { class: "wrong", role: "alert", id: `wrong-${name}` });
    const typed = { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" };
    const { label } = knob;
    this.input = make("input", { ...typed, "aria-label": label, "aria-describedby": this.wrong.id });
    this.down = button("−", () => this.move(false), { label: say("lower", { label }) });
    this.up = button("+", () => this.move(true), { label: say("raise", { label }) });
    this.node = make(
      "div",
      { class: `dial ${name}` },
      make("span", { class: "label", "aria-hidden": "true" }, label),
      make("div", { class: "stepper" }, this.down, this.input, this.up),
      this.wrong,
    );
    this.listen();
  }
  listen() {
    const { input } = this;
    input.addEventListener("change", () => {
      const typed = input.value.trim();
      if (typed !== String(this.knob.value) || this.isWrong()) this.change(typed);
    });
    onKeys(input, {
      ArrowUp: () => this.move(true),
      ArrowDown: () => this.move(false),
      Escape: () => {
        input.value = String(this.knob.value);
        if (this.isWrong()) this.change(input.value); // so that the kernel takes back what it said
      },
    });
    keepKeys(input); // they move no slider
  }
  isWrong() {
    return Boolean(this.wrong.textContent);
  }
  /** @param {boolean} up */
  next(up) {
    return nextValue(this.name, Number(this.knob.value), up);
  }
  /** @param {boolean} up */
  move(up) {
    this.change(this.next(up));
  }
  /** @param {string | number} value */
  change(value) {
    this.input.value = String(value);
    this.until = performance.now() + PAUSE;
    this.set(this.name, value);
  }
  /** @param {Knob} knob @param {string} wrong what is wrong with the value that was asked for */
  show(knob, wrong) {
    this.knob = knob;
    if (this.wrong.textContent !== wrong) this.until = 0;
    put(this.wrong, wrong);
    this.input.setAttribute("aria-invalid", String(Boolean(wrong)));
    const value = String(knob.value);
    this.limit(this.down, this.next(false), say("lowerTitle"), say("least", { value }));
    this.limit(this.up, this.next(true), say("higherTitle"), say("most", { value }));
    const edited = this.input.matches(":focus") && this.input.value !== this.told; // somebody is typing
    const free = !edited && performance.now() > this.until;
    if (!free && value !== this.input.value) return;
    this.input.value = this.told = value;
    this.until = 0;
  }
  /** There is nothing lower than the least.
   * @param {HTMLElement} node @param {number} next @param {string} title @param {string} ended */
  limit(node, next, title, ended) {
    const end = next === Number(this.knob.value);
    node.setAttribute("aria-disabled", String(end));
    node.title = end ? ended : title;
  }
}
