/* The loop, line by line; in slow motion the line that was just done is marked and explained. */

import { make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { fixed, isNumber } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { valueText } from "./texts.js";

/** @typedef {import("./slow_motion.js").SlowMotion} SlowMotion */
/** @typedef {readonly (readonly [string, string])[]} Lines each with what it does */

/** Where a trick comes in, by the piece of the GAN that it sets: the key of its text. */
const COMES_IN = /** @type {Record<string, string>} */ ({
  loss: "inTheLoss",
  penalty: "addedToLoss",
  each_penalty: "addedToLoss",
  view: "onWhatDSees",
  discriminator: "inD",
  after_step: "afterStep",
});

export class Loop {
  /** @param {Lines} lines @param {SlowMotion} slow @param {() => void} leave slow motion */
  constructor(lines, slow, leave) {
    this.texts = lines;
    this.slow = slow;
    this.told = ""; // which sub-step is on show
    this.lines = lines.map(([text]) => make("div", { class: "line" }, text));
    const loop = make("pre", { class: "loop", tabindex: 0, "aria-label": say("loopLabel") }, ...this.lines);
    this.says = make("p", { class: "says", "aria-live": "polite" });
    this.runs = labelled(say("slowlyOn"), say("slowlyOnTitle"), () => slow.beginOrHold());
    this.walk = make(
      "div",
      { class: "walk", hidden: "" },
      labelled("‹", say("subStepBack"), () => slow.hold(-1)),
      labelled("›", say("subStepOn"), () => slow.hold(1)),
      this.runs,
      labelled(say("leave"), say("leaveTitle"), leave),
    );
    this.legend = make("legend", {}, say("theLoop"));
    this.formula = ["d", "g"].map((player) => make("p", { class: `formula ${player}`, hidden: "" }));
    this.pieces = make("p", { class: "note pieces", hidden: "" });
    this.node = make(
      "fieldset",
      { class: "group code" },
      this.legend,
      loop,
      ...this.formula,
      this.pieces,
      this.walk,
      this.says,
    );
    this.node.hidden = !lines.length;
  }
  /** @param {boolean} calm whether nothing may move by itself */
  show(calm) {
    const { on, at, still, stills, clock } = this.slow;
    const now = JSON.stringify([on, at, stills.length, clock > 0, still]);
    if (now === this.told) return;
    this.told = now;
    for (const [k, node] of this.lines.entries()) {
      node.classList.toggle("on", k === still?.line);
      if (k === still?.line) node.setAttribute("aria-current", "step");
      else node.removeAttribute("aria-current");
    }
    this.walk.hidden = this.says.hidden = !on;
    this.legend.textContent = on ? say("subStepOf", { step: at + 1, count: stills.length }) : say("theLoop");
    this.runs.textContent = say(clock ? "hold" : "slowlyOn");
    this.runs.hidden = calm;
    if (still) this.says.textContent = this.explained(still);
  }
  /** @param {import("./moments.js").Still} still */
  explained({ line, d_loss, g_loss }) {
    const losses = [
      ...(isNumber(d_loss) ? [`L_D = ${fixed(d_loss, 3)}`] : []),
      ...(isNumber(g_loss) ? [`L_G = ${fixed(g_loss, 3)}`] : []),
    ];
    return [this.texts[line][1], ...(losses.length ? [losses.join(say("listComma"))] : [])].join(" · ");
  }
  /** What both players minimise, as the chosen loss says it.
   * @param {string} loss @param {readonly (string | null)[]} formulas */
  tellLoss(loss, formulas) {
    for (const [k, node] of this.formula.entries()) {
      const formula = formulas[k];
      node.hidden = !formula;
      put(node, formula ?? "");
      node.title = say("formulaOf", { loss });
    }
  }
  /** The tricks that are on, each where it comes in: the loop's own lines stay as they are.
   * @param {Record<string, import("./setting.js").Control>} controls @param {Record<string, unknown>} settings */
  tellPieces(controls, settings) {
    const on = Object.entries(controls).filter(([name, { sets, off }]) => sets && settings[name] !== off);
    const pieces = on.map(([name, { sets, label, values }]) => {
      const value = typeof values[0] === "number" ? ` ${valueText(settings[name])}` : "";
      return say(COMES_IN[/** @type {string} */ (sets)], { piece: label + value });
    });
    this.pieces.hidden = !pieces.length;
    this.pieces.textContent = pieces.length ? say("onTop", { pieces: pieces.join(say("listSeparator")) }) : "";
  }
}

/** @param {string} words @param {string} label @param {() => void} act */
const labelled = (words, label, act) => button(words, act, { title: label, label });
