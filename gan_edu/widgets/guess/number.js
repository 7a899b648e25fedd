/* A number is guessed: with a slider, or typed. */

import { make, put } from "../kit/dom.js";
import { button, slider } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { brief } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { placeOf, valueAt } from "./compare.js";
import { withUnit } from "./sentence.js";

const STEPS = 200; // of a slider over a logarithmic axis

export class NumberAsked {
  /** @param {import("../kit/store.js").Store} store @param {(guess: number) => void} go */
  constructor(store, go) {
    const [low, high, log, step, unit] = ["low", "high", "log", "step", "unit"].map(store.get);
    this.range = { low, high, log, step };
    this.unit = unit;
    this.go = go;
    /** @type {number | null} */
    this.value = null; // none until the slider is moved or a number typed: the middle is no guess
    const moved = (/** @type {number} */ place) => this.take(valueAt(place, low, high, log, step));
    const fine = log ? 1 / STEPS : Math.min(0.1, step / (high - low));
    this.slider = slider({ label: say("yourGuess"), min: 0, max: 1, step: fine, tell: () => this.text(), go: moved });
    this.typed = make("input", { type: "text", inputmode: "decimal", class: "typed", "aria-label": say("typeIt") });
    this.done = button(say("guess"), () => this.finish(), { kind: "main" });
    this.fault = make("p", { class: "words fault", role: "status" });
    const ends = make("div", { class: "ends", "aria-hidden": "true" });
    ends.append(make("span", {}, withUnit(low, unit)), make("span", {}, withUnit(high, unit)));
    const typing = make("label", { class: "typing" }, this.typed, ...(unit ? [make("span", {}, unit)] : []));
    const row = make(
      "div",
      { class: "row" },
      make("div", { class: "sliding" }, this.slider.node, ends),
      typing,
      this.done,
    );
    this.node = make("div", {}, row, this.fault);
    this.typed.addEventListener("input", () => this.read());
    const enter = { Enter: () => this.finish() };
    onKeys(this.typed, enter);
    onKeys(this.slider.input, enter);
    this.show();
  }
  text() {
    return this.value === null ? "?" : withUnit(this.value, this.unit);
  }
  /** @param {number} value */
  take(value) {
    this.value = value;
    this.typed.value = brief(value);
    this.show();
  }
  /** What was typed. */
  read() {
    const typed = this.typed.value.trim().replace("−", "-").replace(",", ".");
    const value = typed === "" ? Number.NaN : Number(typed);
    const { low, high } = this.range;
    this.value = value >= low && value <= high ? value : null;
    this.show(typed === "" ? "" : this.lacks());
  }
  /** What is still to be done before the guess is one; "" for nothing. */
  lacks() {
    const { low, high } = this.range;
    if (this.value !== null) return "";
    return this.typed.value.trim() ? say("outOfRange", { low: brief(low), high: brief(high) }) : say("moveFirst");
  }
  show(fault = "") {
    const { low, high, log } = this.range;
    this.slider.show(this.value === null ? 0.5 : placeOf(this.value, low, high, log));
    this.slider.node.classList.toggle("untouched", this.value === null);
    this.done.setAttribute("aria-disabled", String(this.value === null));
    put(this.fault, fault);
  }
  finish() {
    if (this.value === null) this.show(this.lacks());
    else this.go(this.value);
  }
  paint() {}
}
