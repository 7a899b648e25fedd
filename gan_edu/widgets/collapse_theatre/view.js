/* The collapse theatre: samples, the share of each mode, the history of both with a slider, and cures as switches. The
 * same view of a run that trains (`LiveView`) and of recorded ones (`PageView`). */

import { icon, make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button, choice } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { clamp, isNumber, whole } from "../kit/numbers.js";
import { pageStore } from "../kit/store.js";
import { say } from "../kit/words.js";
import { turnOf } from "../live/status.js";
import { Twice } from "../live/twice.js";
import { Player } from "../replay/player.js";
import { Bars, percent } from "./bars.js";
import style from "./collapse_theatre.css";
import { Cures } from "./cures.js";
import { NONE, reelOf } from "./film.js";
import { History } from "./history.js";
import { Picture } from "./picture.js";

export { Film } from "../live/film.js";
export { Shelf } from "./film.js";

/** @typedef {import("./reel.js").Reel} Reel */
/** @typedef {import("./film.js").Status} Status */

const PATIENCE = 2500; // ms without an answer until the view says so

class Theatre extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store
   * @param {import("./film.js").Told} told @param {Reel | null} reel @param {string[]} stages that can be chosen */
  constructor(element, store, told, reel, stages) {
    super(element, store, "collapse_theatre", "title", style);
    this.reel = /** @type {Reel} */ (reel);
    this.at = reel?.last ?? 0; // the frame on show
    this.picture = new Picture(() => this.draw());
    this.bars = new Bars();
    this.history = new History(this);
    this.cures = new Cures(told.cures, (name, on) => this.switch(name, on));
    const titles = stages.map((name) => /** @type {const} */ ([name, told.stages[name].title]));
    this.stage = choice(say("stageChoice"), titles, (name) => this.choose(name));
    this.main = button("", () => this.toggle(), { kind: "main" });
    this.now = button(say("nowButton"), () => this.go(this.reel.last), { title: say("nowTitle"), kind: "now" });
    this.where = make("div", { class: "where" });
    this.acts = make("div", { class: "acts" }, this.main);
    this.subtitle = make("span");
    this.sentence = make("p", { class: "sentence" });
    this.beside = make("p", { class: "words" });
    this.alarm = make("p", { class: "alarm" });
    this.hint = make("p", { class: "hint", hidden: "" });
  }
  build() {
    const { root, picture, bars, cures, history } = this;
    const told = make("div", { class: "told" }, this.sentence, this.beside);
    const right = make("div", { class: "right" }, told, bars.node, this.alarm);
    const label = make("label", {}, say("stageChoice"), this.stage);
    this.acts.append(this.now, label, this.where);
    root.append(
      header(say("title"), this.subtitle),
      this.acts,
      this.hint,
      make("div", { class: "both" }, picture.node, right),
      cures.node,
      history.node,
      footer(say("keys"), say("marks"), say("history")),
    );
    onKeys(root, { " ": (event) => !isPressed(event.target) && this.toggle() });
  }
  /** Takes a film in the place of the one on show. @param {Reel} reel @param {number} at the frame to show */
  take(reel, at) {
    [this.reel, this.at] = [reel, at];
    this.draw();
  }
  /** Shows a frame that exists. @param {number} frame */
  go(frame) {
    this.at = clamp(Math.round(frame), 0, this.reel.last);
    this.draw();
  }
  /** @param {string} _name @param {boolean} _on */
  switch(_name, _on) {}
  /** @param {string} _name */
  choose(_name) {}
  toggle() {}
  paint() {
    const { reel, at, dark } = this;
    if (!reel) return;
    const [step, covered, shares] = [reel.steps[at], reel.covered(at), reel.shares(at)];
    const modes = reel.stage.modes.length;
    const told = covered === null ? say("coveredLost") : say("covered", { covered, modes });
    const away = 1 - shares.filter(isNumber).reduce((sum, share) => sum + share, 0);
    put(this.sentence, told);
    const lost = covered !== null && away > 0.005 ? say("away", { share: percent(away) }) : "";
    put(this.beside, [lost, this.switches(at)].filter(Boolean).join(". "));
    const rung = reel.alarm(at);
    put(this.alarm, rung ? this.told(rung) : "");
    this.bars.show(reel.stage, shares);
    this.picture.show(reel, at, dark, say("samplesAlt", { step, told }));
    this.history.show(reel, at, dark, say("sliderIs", { step, told }));
    this.now.setAttribute("aria-pressed", String(at === reel.last));
  }
  /** What the switches do not show: those that were on at a frame of the past. @param {number} _frame */
  switches(_frame) {
    return "";
  }
  /** An alarm in words. @param {import("./reel.js").Event} rung */
  told({ step, change }) {
    return say("changeAt", { step, change });
  }
  /** @param {"play" | "pause" | "on"} sign @param {string} words */
  showMain(sign, words) {
    if (this.main.textContent !== words) this.main.replaceChildren(icon(sign), words);
  }
  destroy() {
    super.destroy();
    this.picture.close();
  }
}

/** Whether the space key is this node's own. @param {EventTarget | null} node */
const isPressed = (node) => node instanceof Element && ["button", "select"].includes(node.localName);

// ---------------------------------------------------------------- a run that trains

export class LiveView extends Theatre {
  /** @param {HTMLElement} element @param {import("../live/film.js").Film} film */
  constructor(element, film) {
    const told = film.model.get("film");
    const store = pageStore({ words: film.model.get("words") });
    super(element, store, told, reelOf(film), Object.keys(told.stages));
    this.film = film;
    this.number = film.number;
    this.phase = film.status.phase;
    this.token = ""; // of the click that was not answered yet
    this.timer = 0;
    this.late = false;
    const anew = button("", () => {}, { kind: "anew", title: say("anewTitle") });
    const loses = () => film.status.step > 0;
    this.anew = new Twice(anew, say("anew"), say("reallyReset"), loses, () => this.ask("reset"));
    this.acts.append(anew);
    put(this.subtitle, say("subtitle"));
    this.listener = { update: () => this.update(), heard: (/** @type {string} */ token) => this.answered(token) };
    film.views.add(this.listener);
    this.begin();
  }
  /** @type {Status} */
  get status() {
    return this.film.status;
  }
  /** @param {string} what @param {object} [more] */
  ask(what, more = {}) {
    this.token = `${Math.random()}`;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.draw();
    }, PATIENCE);
    this.film.model.send({ do: what, token: this.token, ...more });
  }
  /** @param {string} token */
  answered(token) {
    if (!this.token || token !== this.token) return;
    clearTimeout(this.timer);
    [this.token, this.late] = ["", false];
    this.draw();
  }
  toggle() {
    if (!this.status.inline) this.ask(this.status.phase === "training" ? "pause" : "start");
  }
  /** @param {string} name @param {boolean} on */
  switch(name, on) {
    this.ask("switch", { name, on });
  }
  /** @param {string} name */
  choose(name) {
    this.ask("show", { name });
  }
  /** The switches show what is on now. @param {number} frame */
  switches(frame) {
    const { reel, status } = this;
    const then = reel.on(frame);
    if (frame === reel.last || (then.length === status.on.length && then.every((name) => status.on.includes(name))))
      return "";
    const titles = then.map((name) => this.cures.cures[name]?.title ?? name);
    return say("thenOn", { cures: titles.join(say("listSeparator")) || say("noCure") });
  }
  /** The film has grown, or is another one; who looks at the newest frame follows. */
  update() {
    const follows = this.at === this.reel.last || this.number !== this.film.number;
    const step = this.reel.steps[this.at];
    this.number = this.film.number;
    const reel = reelOf(this.film);
    this.take(reel, follows ? reel.last : reel.at(step));
  }
  paint() {
    super.paint();
    const { phase, step, stage, on, rate, inline, notice, error } = this.status;
    const training = phase === "training";
    this.showMain(training ? "pause" : "play", say(training ? "pause" : "start"));
    this.main.hidden = Boolean(inline);
    this.stage.value = stage;
    this.cures.show(on, error || notice?.text || "");
    const pace = training && isNumber(rate) ? [say("stepsPerSecond", { rate: whole(rate) })] : [];
    put(this.where, [say(phase), say("stepIs", { step }), ...pace].join(" · "));
    const hint = this.late ? say("noAnswer") : inline ? say("theatreInCell") : phase === "ready" ? say("startIt") : "";
    put(this.hint, hint);
    this.hint.hidden = !hint;
    if (phase !== this.phase) this.announce(turnOf(/** @type {any} */ (this.status)));
    this.phase = phase;
  }
  destroy() {
    clearTimeout(this.timer);
    this.anew.forget();
    this.film.views.delete(this.listener);
    super.destroy();
  }
}

// ---------------------------------------------------------------- recorded runs

export class PageView extends Theatre {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store
   * @param {import("./film.js").Shelf} shelf */
  constructor(element, store, shelf) {
    super(element, store, shelf.told, null, Object.keys(shelf.films));
    this.shelf = shelf;
    this.shown = ""; // the film on show
    this.speed = 1;
    this.player = new Player(/** @type {any} */ (this));
    this.now.hidden = true; // a recording has an end
    this.begin();
  }
  /** For the player. */
  get frame() {
    return this.at;
  }
  /** @param {number} next */
  advance(next) {
    super.go(next);
    if (next >= this.reel.last) this.stop();
  }
  stop() {
    this.player.stop();
    this.draw();
  }
  toggle() {
    if (!this.reel) return;
    if (this.player.running) this.stop();
    else if (this.calm.matches) this.go(this.at < this.reel.last ? this.at + 1 : 0);
    else {
      if (this.at === this.reel.last) super.go(0);
      this.player.start();
      this.draw();
    }
  }
  /** A recording may be in another language. @param {import("./reel.js").Event} rung */
  told({ step }) {
    return say("rang", { step });
  }
  /** Moved by hand: what plays goes on from there. @param {number} frame */
  go(frame) {
    this.player.again();
    super.go(frame);
  }
  /** @param {string} name @param {boolean} on */
  switch(name, on) {
    this.store.set({ cure: on ? name : NONE });
  }
  /** @param {string} stage */
  choose(stage) {
    this.store.set({ stage });
  }
  /** Takes the film that was chosen; of the same stage it stays at its step. */
  async load() {
    const [stage, cure] = this.read("stage", "cure");
    const name = `${stage} ${cure}`;
    if (name === this.shown) return this.draw();
    const [before] = this.shown.split(" ");
    this.shown = name;
    const reel = await this.shelf.reel(stage, cure);
    if (this.gone || this.shown !== name) return;
    const step = before === stage ? this.reel.steps[this.at] : 0;
    this.player.again();
    this.take(reel, reel.at(step));
  }
  paint() {
    super.paint();
    const [stage, cure] = this.read("stage", "cure");
    const from = this.shelf.from(stage);
    const next = this.calm.matches;
    const words = this.player.running ? say("pause") : say(next ? "nextStep" : "play");
    this.showMain(this.player.running ? "pause" : next ? "on" : "play", words);
    this.stage.value = stage;
    put(this.subtitle, from === null ? say("subtitleRun") : say("subtitleFilms", { step: from }));
    this.cures.show(cure === NONE ? [] : [cure], "", this.shelf.cures(stage));
    if (this.reel) put(this.where, say("stepIs", { step: this.reel.steps[this.at] }));
  }
  destroy() {
    this.player.stop();
    super.destroy();
  }
}
