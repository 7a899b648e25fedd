/* What drives a run: start and pause, one step, one epoch, reset, its settings and what was changed on the way. */

import { icon, make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { Dial } from "./dial.js";
import { hintOf, standing, timeLeft } from "./status.js";
import { Twice } from "./twice.js";

/** @typedef {import("./status.js").Status} Status */
/** @typedef {{step: number, change: string}[]} Log */

export class Trainer {
  /** @param {{film: {status: Status}, ask(what: string, more?: object): void, toggle(): void}} view */
  constructor(view) {
    this.view = view;
    /** @type {Record<string, Dial>} */
    this.dials = {};
    /** @type {Log | null} */
    this.logged = null;
    this.go = button("", () => view.toggle(), { kind: "main" });
    const one = { kind: "step", title: say("trainOneStep"), label: say("oneStep") };
    this.step = button(say("stepButton"), () => view.ask("step"), one);
    const pass = { kind: "epoch", title: say("trainEpoch"), label: say("oneEpoch") };
    this.epoch = button(say("epochButton"), () => view.ask("epoch"), pass);
    const reset = button("", () => {}, { kind: "reset", title: say("resetTitle") });
    const loses = () => view.film.status.step > 0;
    this.reset = new Twice(reset, say("reset"), say("reallyReset"), loses, () => view.ask("reset"));
    this.where = make("div", { class: "where" });
    this.hint = make("p", { class: "hint", hidden: "" });
    this.trouble = make("p", { class: "trouble", role: "alert", hidden: "" });
    this.settings = make("div", { class: "dials", role: "group", "aria-label": say("settingsGroup") });
    this.changes = make("ol");
    this.count = make("summary");
    this.log = make("details", { class: "log", hidden: "" }, this.count, this.changes);
    const acts = make("div", { class: "acts" }, this.go, this.step, this.epoch, reset, this.where);
    const parts = [acts, this.hint, this.trouble, this.settings, this.log];
    this.node = make("div", { class: "trainer", role: "group", "aria-label": say("training") }, ...parts);
  }
  /** @param {Status} status @param {Log} log
   * @param {{pausing: boolean, late: boolean}} asked to pause; late: the kernel has not answered */
  show(status, log, { pausing, late }) {
    const { phase, inline, error, notice, knobs, step } = status;
    const training = phase === "training";
    this.showGo(pausing ? say("pausing") : say(training ? "pause" : "start"), training);
    this.go.title = say(training ? "stopAfterStep" : step ? "trainOn" : "train");
    this.go.hidden = inline;
    this.epoch.hidden = inline || status.epoch === null;
    for (const node of [this.step, this.epoch]) node.setAttribute("aria-disabled", String(training));
    const words = standing(status).map((each) => make("span", {}, each));
    words[words.length - 1].title = say("timeSpent");
    const left = timeLeft(status);
    this.where.replaceChildren(...words, ...(left ? [make("span", { class: "left" }, left)] : []));
    tell(this.hint, hintOf(status, late));
    const told = notice.at !== undefined && notice.at in knobs; // beside its field
    tell(this.trouble, error || (told ? "" : (notice.text ?? "")));
    this.showDials(status);
    if (log !== this.logged) this.showLog(log);
  }
  /** @param {string} words @param {boolean} training */
  showGo(words, training) {
    if (this.go.getAttribute("aria-label") === words) return;
    this.go.replaceChildren(icon(training ? "pause" : "play"), words);
    this.go.setAttribute("aria-label", words);
  }
  /** @param {Status} status */
  showDials({ knobs, notice }) {
    for (const [name, knob] of Object.entries(knobs)) {
      if (!this.dials[name]) {
        this.dials[name] = new Dial(name, knob, (changed, value) => this.view.ask("set", { name: changed, value }));
        this.settings.append(this.dials[name].node);
      }
      this.dials[name].show(knob, notice.at === name ? (notice.text ?? "") : "");
    }
  }
  /** @param {Log} log */
  showLog(log) {
    this.logged = log;
    this.log.hidden = !log.length;
    this.count.textContent = say("changes", { count: log.length });
    const lines = log.map(({ step, change }) => make("li", {}, say("changeAt", { step, change })));
    this.changes.replaceChildren(...lines.reverse());
  }
}

/** Puts a text; where there is none, its place goes. @param {HTMLElement} node @param {string} text */
function tell(node, text) {
  if (node.textContent !== text) node.textContent = text; // an alert is told once
  node.hidden = !text;
}
