/* The row of buttons: train or play, how fast, steps alone, slow motion, beginning anew, another run beside, the code. */

import { icon, make } from "../kit/dom.js";
import { button, choice, offer } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { Twice } from "../live/twice.js";

/** @typedef {object} Wishes what the buttons lead to
 * @property {() => void} play
 * @property {(speed: number) => void} pace
 * @property {(what: "d" | "g" | "step") => void} step
 * @property {() => void} slow
 * @property {(what: "reset" | "defaults") => boolean} loses whether beginning anew would lose something
 * @property {(what: "reset" | "defaults") => void} anew
 * @property {(name: string) => void} attempt a situation
 * @property {(what: string) => void} compare
 * @property {() => void} code
 */
/** @typedef {{d?: boolean, g?: boolean, substeps?: boolean}} Can what the kernel was handed */

const FASTER = [0.5, 1, 2, 4]; // of a recording

export class Acts {
  /** @param {readonly number[] | null} paces steps a second that the kernel offers, 0: as fast as it can; null: there is
   *   no kernel @param {Can} can @param {Wishes} wishes */
  constructor(paces, can, wishes) {
    this.word = "";
    this.main = button("", wishes.play, { kind: "main" });
    const speeds = (paces ?? FASTER).map((speed) => pair(speed, paces ? paceText(speed) : `${speed}×`));
    this.speed = choice(say("speed"), speeds, (value) => wishes.pace(+value));
    this.speed.classList.add("speed");
    /** @type {Twice[]} */
    this.twice = [];
    this.compare = choice(say("compareLabel"), [], wishes.compare);
    this.compare.classList.add("compare");
    const code = { title: say("asProgram"), label: say("asProgram"), kind: "show-code" };
    this.tools = make("div", { class: "tools" }, this.compare, button(say("showCode"), wishes.code, code));
    this.tools.hidden = !paces;
    this.node = make("div", { class: "acts" }, this.main, this.speed, ...(paces ? this.ofKernel(can, wishes) : []));
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
    ];
  }
  /** What can stand beside this run. @param {readonly (readonly [string, string])[]} shelf names and titles
   * @param {string | null} beside the title of what does */
  offer(shelf, beside) {
    const now = beside === null ? say("compareWith") : say("comparedWith", { title: beside });
    const off = beside === null ? [] : [/** @type {const} */ (["off", say("compareNothing")])];
    offer(this.compare, [["", now], ...off, ["pin", say("pinThis")], ...shelf]);
  }
  /** What the first button does now. @param {"pause" | "play" | "on"} act @param {boolean} there
   * @param {number} speed */
  show(act, there, speed) {
    const words = { pause: say("pause"), play: say("play"), on: say("stepOn") }[act];
    if (this.word !== words) this.main.replaceChildren(icon(act), words);
    this.word = words;
    this.main.setAttribute("aria-label", words);
    this.main.hidden = this.speed.hidden = !there;
    if (!this.speed.matches(":focus")) this.speed.value = String(speed);
  }
  forget() {
    for (const each of this.twice) each.forget();
  }
}

/** @param {number} speed @param {string} words @returns {[string, string]} */
const pair = (speed, words) => [String(speed), words];

/** @param {number} speed */
const paceText = (speed) => (speed ? say("paceIs", { count: speed }) : say("fullSpeed"));

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
