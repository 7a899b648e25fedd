/* The replay: slide through the frames of one recorded training run, or of several side by side.
 *
 * It is the view of a store: a widget's, that of the page which Replay.to_html writes, or that of a live view, whose
 * recording grows. Whatever a recording says is shown as text, never as markup.
 */

import { make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { toggle } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { clamp, lastAtOrBefore, nearest } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Charts } from "./charts.js";
import { alignTitles, Column } from "./column.js";
import { Controls } from "./controls.js";
import { told, where } from "./moment.js";
import { Player } from "./player.js";
import own from "./replay.css";
import { Run } from "./run.js";

/** @typedef {import("../kit/store.js").Store} Store */

export const TRAITS = ["metas", "atlases", "frame", "verdict", "loop", "speed", "playing"];
const SPEEDS = [0.5, 1, 2, 4];

export class Replay extends Host {
  /** @param {HTMLElement} element @param {Store} store
   * @param {{kind?: string, style?: string, space?: (() => void) | null}} [more] of a view that is made of it: its
   *   classes, its style, and what the space key does there */
  constructor(element, store, { kind = "", style = "", space = null } = {}) {
    super(element, store, kind, "title", own + style);
    this.space = space;
    /** @type {unknown} what the runs were made of */
    this.metas = null;
    /** @type {unknown} */
    this.atlases = null;
    /** @type {Run[]} */
    this.runs = [];
    /** @type {Column[]} */
    this.columns = [];
    /** @type {number[]} the step of each position of the slider */
    this.steps = [];
    /** @type {number | null} */
    this.perEpoch = null;
    this.frame = 0;
    this.speed = 1;
    this.fitted = ""; // the size that it was laid out for
    this.player = new Player(this);
    this.title = make("h3");
    this.subtitle = make("p", { class: "subtitle" });
    this.verdict = toggle(say("verdict"), () => this.flip("verdict"));
    this.big = make("div", { class: "big" });
    this.small = make("div", { class: "small" });
    this.now = make("div", { class: "now" }, this.big, this.small);
    this.panels = make("div", { class: "panels" });
    this.charts = new Charts(this);
    this.controls = new Controls(this, !space);
    this.head = make("header");
    this.body = make("div", { class: "body" });
    this.onCalm = () => this.load();
    this.begin();
  }
  build() {
    this.head.append(make("div", { class: "titles" }, this.title, this.subtitle), this.verdict.node);
    this.body.append(this.panels, this.controls.node, this.charts.node);
    this.root.append(this.head, this.body, this.controls.keys());
    this.calm.addEventListener("change", this.onCalm);
    this.keys();
  }
  keys() {
    const free = (/** @type {() => void} */ act) => (/** @type {KeyboardEvent} */ event) =>
      event.defaultPrevented ? false : act(); // the grid's own arrows are used up
    const by = (/** @type {number} */ count) => free(() => this.go(this.frame + count));
    const onSlider = (/** @type {number} */ count) => (/** @type {KeyboardEvent} */ event) =>
      event.target === this.controls.slider ? this.go(this.frame + count) : false;
    onKeys(this.root, {
      ...{ ArrowLeft: by(-1), ArrowRight: by(1), ArrowDown: onSlider(-1), ArrowUp: onSlider(1) },
      ...{ PageUp: by(10), PageDown: by(-10), Home: () => this.go(0), End: () => this.go(this.last) },
      " ": ({ target }) => (pressed(target) ? false : this.onSpace()),
    });
  }
  get last() {
    return this.steps.length - 1;
  }

  /* -------- what it is told */

  /** What the store holds now: a run may have grown, or another view have moved the frame. */
  load() {
    const { store } = this;
    const [metas, atlases, asked] = ["metas", "atlases", "frame"].map(store.get);
    const moved = asked !== this.frame || !this.runs.length;
    const [step, followed] = [this.steps[this.frame], this.frame === this.last];
    const fresh = metas !== this.metas || atlases !== this.atlases;
    if (fresh) this.take(metas, atlases);
    if (moved) this.player.again();
    if (moved) this.frame = this.inside(asked);
    else if (fresh) this.frame = followed ? this.last : Math.max(0, lastAtOrBefore(this.steps, step));
    this.controls.slider.value = String(this.frame);
    store.set({ frame: this.frame });
    this.loadState();
    this.draw();
  }
  /** Takes recordings: the columns stay where their number does, so that a growing run does not flicker.
   * @param {import("./run.js").Meta[]} metas @param {import("./run.js").Picture[]} atlases */
  take(metas, atlases) {
    [this.metas, this.atlases, this.fitted] = [metas, atlases, ""];
    this.runs = metas.map((meta, k) => new Run(meta, atlases[k]));
    const { runs } = this;
    this.steps = [...new Set(runs.flatMap(({ steps }) => steps))].sort((a, b) => a - b);
    this.perEpoch = runs.every(({ perEpoch }) => perEpoch === runs[0].perEpoch) ? runs[0].perEpoch : null;
    if (this.columns.length !== runs.length) this.arrange(runs.length);
    for (const [k, run] of runs.entries()) this.columns[k].load(run);
    const high = Math.max(this.steps[this.last], ...runs.map(({ measured }) => measured.at(-1) ?? 0));
    this.charts.load(runs, { high, perEpoch: this.perEpoch }, this.columns);
    this.name();
    this.verdict.node.hidden = !runs.some((run) => run.probabilities(0));
    this.controls.slider.max = String(this.last);
    this.controls.hint.hidden = !this.charts.all.size;
    this.root.classList.toggle("still", this.last === 0);
    this.root.classList.toggle("no-charts", !this.charts.node.childElementCount);
  }
  /** @param {number} count of runs */
  arrange(count) {
    const compared = count > 1;
    for (const { grid } of this.columns) grid.atlas.close();
    this.columns = Array.from({ length: count }, (_, k) => new Column(this, k, compared));
    this.panels.replaceChildren(...this.columns.map(({ node }) => node));
    this.root.classList.toggle("compared", compared);
    if (compared) this.body.prepend(this.now, this.controls.node);
    else {
      this.panels.after(this.controls.node);
      this.columns[0].side.prepend(this.now);
    }
  }
  name() {
    const [{ meta }] = this.runs;
    const count = this.runs.length;
    const of = this.runs.map((run) => run.meta.steps_of).find(Boolean); // steps counted in those of another run
    if (count === 1) [this.title.textContent, this.subtitle.textContent] = [meta.title, meta.subtitle ?? ""];
    else {
      this.title.textContent = say(of ? "runsAtTime" : "runsAtStep", { count });
      this.subtitle.textContent = of ? say("stepsOf", { title: of }) : say("newestFrames");
    }
  }
  loadState() {
    const { store, player } = this;
    const speed = SPEEDS.includes(store.get("speed")) ? store.get("speed") : 1;
    if (speed !== this.speed) player.again();
    this.speed = speed;
    const playing = Boolean(store.get("playing")) && !this.calm.matches && this.last > 0;
    if (!playing && player.running) this.announce(say("pausedAt", { where: told(this) }));
    if (!playing) player.stop();
    else if (!player.running) this.start();
    store.set({ playing });
    this.verdict.show(Boolean(store.get("verdict")));
    this.controls.show({ playing, calm: this.calm.matches, loop: Boolean(store.get("loop")), speed });
  }

  /* -------- what a learner does */

  /** A frame that exists. @param {unknown} frame */
  inside(frame) {
    return clamp(Math.round(Number(frame)) || 0, 0, this.last);
  }
  /** Moved by the learner: if it plays, it goes on from there. @param {number} frame */
  go(frame) {
    this.player.again();
    this.show(frame);
  }
  /** @param {number} step */
  goToStep(step) {
    this.go(nearest(this.steps, step));
  }
  /** @param {number} frame */
  show(frame) {
    this.frame = this.inside(frame);
    this.controls.slider.value = String(this.frame);
    this.store.set({ frame: this.frame });
    this.draw();
  }
  onSpace() {
    if (this.space) this.space();
    else this.playOrStep();
  }
  playOrStep() {
    if (this.calm.matches) this.go(this.frame === this.last ? 0 : this.frame + 1);
    else this.flip("playing");
  }
  /** @param {"verdict" | "loop" | "playing"} name */
  flip(name) {
    this.store.set({ [name]: !this.store.get(name) });
  }
  faster() {
    this.store.set({ speed: SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] });
  }
  start() {
    this.announce("");
    if (this.frame === this.last) this.show(0);
    this.player.start();
  }
  /** The player's next frame. @param {number} next */
  advance(next) {
    if (next <= this.last) return this.show(next);
    if (this.store.get("loop")) return this.go(0);
    this.show(this.last);
    this.store.set({ playing: false });
  }

  /* -------- what it shows */

  paint() {
    this.fit();
    const step = this.steps[this.frame];
    const state = told(this);
    const [big, small] = where(this);
    put(this.big, big);
    put(this.small, small);
    this.controls.slider.setAttribute("aria-valuetext", state);
    for (const column of this.columns) column.draw(step, Boolean(this.store.get("verdict")), state);
    this.charts.draw(
      step,
      this.runs.map((run) => run.at(step)),
    );
  }
  /** Lays out what depends on the size of the view, where that has changed. */
  fit() {
    const { clientWidth, clientHeight } = this.root;
    const size = `${clientWidth} ${clientHeight} ${window.devicePixelRatio}`;
    if (!clientWidth || size === this.fitted) return;
    this.fitted = size;
    alignTitles(this.columns);
    for (const { grid } of this.columns) grid.measure();
    this.charts.measure();
    this.controls.drawScale(this.steps, this.perEpoch);
  }
  destroy() {
    super.destroy();
    this.player.stop();
    this.calm.removeEventListener("change", this.onCalm);
    for (const { grid } of this.columns) grid.atlas.close();
  }
}

/** Whether the space key is this node's own. @param {EventTarget | null} node */
const pressed = (node) => node instanceof Element && ["button", "summary"].includes(node.localName);
