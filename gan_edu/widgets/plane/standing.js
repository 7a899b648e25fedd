/* Where a run stands: its title, step and speed, what went wrong, and what is to be waited for. */

import { make, put } from "../kit/dom.js";
import { isNumber, whole } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { aloneText } from "./texts.js";

/** @typedef {import("./film.js").Shown} Film */

export class Standing {
  constructor() {
    this.title = make("h3");
    this.where = make("div", { class: "where" });
    this.head = make("header", {}, make("div", { class: "titles" }, this.title), this.where);
    this.hint = make("p", { class: "hint", hidden: "" });
    this.trouble = make("p", { class: "trouble", role: "alert", hidden: "" });
    this.words = ""; // of where it stands
    this.phase = "";
  }
  /** @param {Film} film @param {number} step on show @param {boolean} late whether an answer is missing
   * @param {boolean} own whether a setting tells what was refused */
  show({ meta, status, told }, step, late, own) {
    const { error, notice, inline, phase, rate, seed } = status;
    put(this.title, meta.title);
    const words = [
      ...(told ? [] : [meta.subtitle ?? ""]),
      say("stepIs", { step }) + aloneText(meta.log ?? [], step),
      ...(phase === "training" && isNumber(rate) ? [say("stepsPerSecond", { rate: whole(rate) })] : []),
      ...(told ? [say("seedIs", { seed: String(seed) })] : []),
    ];
    if (this.words !== String(words)) this.where.replaceChildren(...words.map((each) => make("span", {}, each)));
    this.words = String(words);
    said(this.hint, late ? say("noAnswer") : inline ? say("planeInCell") : "");
    said(this.trouble, error || (own ? "" : notice.text) || "");
  }
  /** What is said aloud where the phase has changed, null where it has not. @param {Film} film */
  news({ status: { phase, step } }) {
    const before = this.phase;
    this.phase = phase;
    if (!before || before === phase) return null;
    if (phase === "training") return say("training");
    return phase === "paused" ? say("pausedAtStep", { step }) : "";
  }
}

/** @param {HTMLElement} node @param {string} text hidden where there is none */
function said(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}
