/* The game in one picture: a recorded step of training, phase by phase, at several moments of a run. */

import { icon, make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { say } from "../kit/words.js";
import { Clock } from "./clock.js";
import style from "./game_picture.css";
import { LAST, PHASES } from "./phases.js";
import { Pictures } from "./pictures.js";
import { Rail } from "./rail.js";
import { verdictsIn } from "./scene.js";
import { Stage } from "./stage.js";
import { percent } from "./tiles.js";
import { mean } from "./verdicts.js";

export const TRAITS = ["steps", "tiles", "station", "phase"]; // as in widget.py

export class View extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "game_picture", "title", style);
    /** @type {import("./scene.js").Step[]} */
    this.steps = store.get("steps");
    this.stage = new Stage(new Pictures(store.get("tiles")));
    this.at = { station: store.get("station"), phase: store.get("phase") };
    this.once = false; // whether it stops at the end of this step
    this.clock = new Clock({ calm: () => this.calm.matches, next: () => this.next(), changed: () => this.draw() });
    this.rail = new Rail((phase) => this.hold(phase));
    this.says = make("p", { class: "says" });
    this.code = make("code");
    this.play = button("", () => this.playOrHold(), { kind: "main" });
    this.slider = make("input", {
      type: "range",
      min: 0,
      step: 1,
      max: this.steps.length - 1,
      "aria-label": say("slider"),
    });
    this.where = make("output");
    this.seen = new IntersectionObserver((met) => this.open(met.some(({ isIntersecting }) => isIntersecting)));
    this.begin();
  }
  build() {
    const acts = {
      step: button(say("step"), () => this.step(1), { sign: "on" }),
      back: button(say("backToStart"), () => this.hold(0), { sign: "back" }),
    };
    const slide = make(
      "div",
      { class: "ages" },
      make("span", {}, say("early")),
      this.slider,
      make("span", {}, say("late")),
      this.where,
    );
    const group = { class: "acts", role: "group", "aria-label": say("controls") };
    this.root.append(
      header(say("title"), say("subtitle")),
      this.rail.node,
      make(
        "div",
        { class: "whole" },
        make("div", { class: "telling" }, this.says, this.code),
        this.stage.node,
        make("div", { class: "below" }, make("div", group, this.play, acts.step, acts.back), slide),
      ),
      footer(say("keys"), say("source")),
    );
    this.slider.addEventListener("input", () => this.move({ station: Number(this.slider.value) }));
    this.moves();
    this.seen.observe(this.root);
  }
  moves() {
    const own = (/** @type {KeyboardEvent} */ event, /** @type {string} */ kinds) =>
      event.target instanceof Element && event.target.matches(kinds); // what has these keys itself
    const play = (/** @type {KeyboardEvent} */ event) => (own(event, "button") ? false : this.playOrHold());
    const by = (/** @type {number} */ way) => (/** @type {KeyboardEvent} */ event) =>
      own(event, "input") ? false : this.step(way);
    onKeys(this.root, { " ": play, Enter: play, ArrowRight: by(1), ArrowLeft: by(-1) });
  }
  /** The first time that it is seen, one step plays by itself, where motion is wanted. @param {boolean} seen */
  open(seen) {
    if (!seen) return;
    this.seen.disconnect();
    if (this.at.phase || this.calm.matches) return;
    this.once = true;
    this.run();
  }
  playOrHold() {
    this.once = false;
    if (this.calm.matches) return this.step(1);
    if (!this.clock.running) return this.run();
    this.clock.stop();
    this.announce(this.told());
    this.draw();
  }
  run() {
    this.clock.run();
    this.next();
    this.draw();
  }
  /** Stands still in a phase, also in the one on show. @param {number} phase */
  hold(phase) {
    this.clock.stop();
    this.move({ phase });
    this.draw();
  }
  /** @param {number} by */
  step(by) {
    this.clock.stop();
    if (by > 0) this.next();
    else if (this.at.phase > 0) this.move({ phase: this.at.phase - 1 });
    this.draw();
  }
  /** Goes on by a phase, after the last to the next step. Says whether there is more to come. */
  next() {
    const { station, phase } = this.at;
    if (phase < LAST) this.move({ phase: phase + 1 });
    else this.move({ phase: 0, station: (station + 1) % this.steps.length });
    const end = phase + 1 === LAST && (this.once || station === this.steps.length - 1);
    return !end;
  }
  /** @param {{station?: number, phase?: number}} to */
  move(to) {
    this.store.set(to);
    this.load();
  }
  load() {
    const [before, station, phase] = [this.at, this.store.get("station"), this.store.get("phase")];
    if (before.station === station && before.phase === phase) return;
    this.at = { station, phase };
    this.clock.begin(station === before.station && phase === before.phase + 1);
    this.announce(this.clock.running ? "" : this.told());
    this.draw();
  }
  /** The phase in a sentence. */
  told() {
    const { station, phase } = this.at;
    const step = this.steps[station];
    const average = (/** @type {number} */ when, /** @type {"real" | "fake"} */ kind) =>
      percent(mean(verdictsIn(step, when)?.[kind] ?? [0]));
    return say(PHASES[phase].told, {
      ...{ step: step.step + 1, count: step.before.fake.length, share: percent(step.largest.change / 2) },
      ...{ real: average(4, "real"), realAfter: average(5, "real"), fake: average(4, "fake") },
      ...{ fakeAfter: average(5, "fake"), fakeLast: average(LAST, "fake") },
    });
  }
  paint() {
    const { station, phase } = this.at;
    const step = this.steps[station];
    this.rail.show(phase);
    put(this.says, this.told());
    put(this.code, PHASES[phase].line);
    this.stage.show({ step, number: station, phase, time: this.clock.share, dark: this.dark });
    const words = say(this.clock.running ? "pause" : "play");
    if (this.play.title !== words) this.play.replaceChildren(icon(this.clock.running ? "pause" : "play"), words);
    this.play.title = words;
    this.play.hidden = this.calm.matches;
    this.slider.value = String(station);
    put(this.where, step.epoch ? say("afterEpochs", { count: step.epoch }) : say("firstStep"));
    this.slider.setAttribute("aria-valuetext", this.where.textContent ?? "");
  }
  destroy() {
    this.clock.end();
    this.seen.disconnect();
    super.destroy();
  }
}
