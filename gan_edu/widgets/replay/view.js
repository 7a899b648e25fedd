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
import { seen } from "./seen.js";
import { stick } from "./stick.js";

/** @typedef {import("../kit/store.js").Store} Store */

export const TRAITS = ["metas", "atlases", "frame", "verdict", "numbers", "loop", "speed", "playing"];
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
    /** @type {import("../kit/chart.js").Training} */
    this.axis = { high: 1 };
    this.frame = 0;
    this.speed = 1;
    this.fitted = ""; // the size that it was laid out for
    this.player = new Player(this);
    this.title = make("h3");
    this.subtitle = make("p", { class: "subtitle" });
    this.verdict = toggle(say("verdict"), () => this.flip("verdict"));
    this.big = make("div", { class: "big" });
    this.small = make("div", { class: "small" });
    this.seen = make("p", { class: "seen" });
    this.now = make("div", { class: "now" }, this.big, this.small);
    this.runsNode = make("div", { class: "runs" });
    this.charts = new Charts(this);
    this.controls = new Controls(this, !space);
    this.head = make("header");
    this.more = make("div", { class: "unfolded" }); // what a beginner does not need
    this.beside = make("div", { class: "beside" });
    this.body = make("div", { class: "stage" });
    this.onCalm = () => this.load();
    this.unstick = stick(this.host, this.controls.node, this.body);
    this.begin();
  }
  build() {
    this.head.append(make("div", { class: "titles" }, this.title, this.subtitle), this.verdict.node);
    this.root.append(this.head, this.body, this.controls.keys());
    this.calm.addEventListener("change", this.onCalm);
    this.sizes.observe(this.more);
    this.keys();
  }
  keys() {
    const free = (/** @type {() => void} */ act) => (/** @type {KeyboardEvent} */ event) =>
      event.defaultPrevented ? false : act(); // the grid's own arrows are used up
    const by = (/** @type {number} */ count) => free(() => this.go(this.frame + count));
    const onSlider = (/** @type {number} */ count) => (/** @type {KeyboardEvent} */ event) =>
      event.target === this.controls.time.input ? this.go(this.frame + count) : false;
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
    this.controls.time.input.value = String(this.frame);
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
    this.axis = { high, perEpoch: this.perEpoch };
    this.charts.load(runs, this.axis);
    this.name();
    this.verdict.node.hidden = !runs.some((run) => run.probabilities(0));
    this.controls.time.input.max = String(this.last);
    this.root.classList.toggle("still", this.last === 0);
  }
  /** @param {number} count of runs */
  arrange(count) {
    const compared = count > 1;
    for (const { grid } of this.columns) grid.atlas.close();
    this.columns = Array.from({ length: count }, (_, k) => new Column(this, k, compared));
    this.runsNode.replaceChildren(...this.columns.map(({ node }) => node));
    this.runsNode.style.setProperty("--runs", String(count));
    this.root.classList.toggle("compared", compared);
    const { now, seen: sentence, controls, charts, more, beside, runsNode } = this;
    if (compared) {
      controls.buttons.append(now, controls.more);
      more.replaceChildren(charts.rest);
      beside.replaceChildren();
      this.body.replaceChildren(controls.node, runsNode, charts.first, more);
    } else {
      more.replaceChildren(charts.rest);
      beside.replaceChildren(now, sentence, controls.node, more);
      this.body.replaceChildren(runsNode, beside, this.columns[0].numbers.node);
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
    const numbers = Boolean(store.get("numbers"));
    this.controls.show({ playing, calm: this.calm.matches, loop: Boolean(store.get("loop")), speed, numbers });
    this.unfold(numbers);
  }
  /** Shows the numbers and the charts, or folds them away. @param {boolean} numbers */
  unfold(numbers) {
    if (this.more.hidden === numbers) this.fitted = "";
    this.more.hidden = !numbers;
    this.root.classList.toggle("folded", !numbers);
    this.controls.hint.hidden = !this.charted;
  }
  /** Whether a chart is seen. */
  get charted() {
    return Boolean(this.charts.first.childElementCount || (!this.more.hidden && this.charts.all.size));
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
    this.controls.time.input.value = String(this.frame);
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
  /** @param {"verdict" | "numbers" | "loop" | "playing"} name */
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
    if (this.runs.length === 1) put(this.seen, seen(this.runs[0], this.runs[0].at(step)));
    this.controls.time.draw(this.frame, step, state);
    for (const column of this.columns) column.draw(step, Boolean(this.store.get("verdict")), state);
    this.charts.draw(
      step,
      this.runs.map((run) => run.at(step)),
    );
  }
  /** Lays out what depends on the size of the view, where that has changed. */
  fit() {
    const { clientWidth, clientHeight } = this.root;
    const size = `${clientWidth} ${clientHeight} ${this.more.clientHeight} ${window.devicePixelRatio}`;
    if (!clientWidth || size === this.fitted) return;
    this.fitted = size;
    alignTitles(this.columns);
    for (const { grid } of this.columns) grid.measure();
    this.charts.measure();
    const { time } = this.controls;
    time.measure(this.steps, this.axis, this.charted ? this.charts.span(time.node.clientWidth) : null);
  }
  destroy() {
    super.destroy();
    this.unstick();
    this.player.stop();
    this.calm.removeEventListener("change", this.onCalm);
    for (const { grid } of this.columns) grid.atlas.close();
  }
}

/** Whether the space key is this node's own. @param {EventTarget | null} node */
const pressed = (node) => node instanceof Element && ["button", "summary"].includes(node.localName);
