/* The row of buttons: train or play, steps alone, slow motion, beginning anew, another run beside, the code. */

import { icon, make } from "../kit/dom.js";
import { button, choice, offer } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { Twice } from "../live/twice.js";

/** @typedef {object} Wishes what the buttons lead to
 * @property {() => void} play
 * @property {(what: "d" | "g" | "step") => void} step
 * @property {() => void} slow
 * @property {(what: "reset" | "defaults") => boolean} loses whether beginning anew would lose something
 * @property {(what: "reset" | "defaults") => void} anew
 * @property {(what: string) => void} compare
 * @property {() => void} code
 */
/** @typedef {{d?: boolean, g?: boolean, substeps?: boolean}} Can what the kernel was handed */

export class Acts {
  /** @param {boolean} live whether there is a kernel @param {Can} can @param {Wishes} wishes */
  constructor(live, can, wishes) {
    this.word = "";
    this.main = button("", wishes.play, { kind: "main" });
    /** @type {Twice[]} */
    this.twice = [];
    this.compare = choice(say("compareLabel"), [], wishes.compare);
    this.compare.classList.add("compare");
    this.node = make("div", { class: "acts" }, this.main, ...(live ? this.ofKernel(can, wishes) : []));
  }
  /** @param {Can} can @param {Wishes} wishes @returns {Node[]} */
  ofKernel(can, wishes) {
    const act = (/** @type {string} */ words, /** @type {string} */ title, /** @type {() => void} */ go, kind = "") =>
      button(words, go, { title, label: title, kind });
    const reset = act(say("reset"), say("resetPlaneTitle"), () => {}, "reset");
    const defaults = act(say("defaults"), say("defaultsTitle"), () => {}, "defaults");
    this.twice = [
      twice(reset, say("reset"), say("reallyReset"), "reset", wishes),
      twice(defaults, say("defaults"), say("reallyDefaults"), "defaults", wishes),
    ];
    return [
      ...(can.d ? [act(say("dStep"), say("dStepTitle"), () => wishes.step("d"))] : []),
      ...(can.g ? [act(say("gStep"), say("gStepTitle"), () => wishes.step("g"))] : []),
      act(say("both"), say("bothTitle"), () => wishes.step("step")),
      ...(can.substeps ? [act(say("slowMotion"), say("slowMotionTitle"), wishes.slow)] : []),
      reset,
      defaults,
      make("i", { class: "push" }),
      this.compare,
      act(say("showCode"), say("asProgram"), wishes.code, "show-code"),
    ];
  }
  /** What can stand beside this run. @param {readonly (readonly [string, string])[]} shelf names and titles
   * @param {boolean} beside whether something does */
  offer(shelf, beside) {
    offer(this.compare, [
      ["", say("compareWith")],
      ["pin", say("pinThis")],
      ...shelf,
      ...(beside ? [/** @type {[string, string]} */ (["off", say("compareNothing")])] : []),
    ]);
  }
  /** What the first button does now. @param {"pause" | "play" | "on"} act @param {boolean} there */
  show(act, there) {
    const words = { pause: say("pause"), play: say("play"), on: say("stepOn") }[act];
    if (this.word !== words) this.main.replaceChildren(icon(act), words);
    this.word = words;
    this.main.setAttribute("aria-label", words);
    this.main.hidden = !there;
  }
  forget() {
    for (const each of this.twice) each.forget();
  }
}

/** @param {HTMLButtonElement} node @param {string} words @param {string} question
 * @param {"reset" | "defaults"} what @param {Wishes} wishes */
const twice = (node, words, question, what, wishes) =>
  new Twice(
    node,
    words,
    question,
    () => wishes.loses(what),
    () => wishes.anew(what),
  );
