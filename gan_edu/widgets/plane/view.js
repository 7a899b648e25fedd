/* The plane: a GAN whose samples are points, live or recorded, alone or beside another run. All texts of the kernel are
 * shown as text.
 */

import { make } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { onKeys } from "../kit/keys.js";
import { inNats } from "../kit/numbers.js";
import { pageStore } from "../kit/store.js";
import { say } from "../kit/words.js";
import { Acts } from "./acts.js";
import { Charts } from "./charts.js";
import { differences, pinned } from "./compare.js";
import { Drawing } from "./drawing.js";
import { unpacked } from "./film.js";
import { History } from "./history.js";
import { LAYERS, layerSwitches, layersAlone, layersOf } from "./layer_switches.js";
import { Loop } from "./loop.js";
import { Measured } from "./measured.js";
import { momentAfter, momentOf, stepsOf } from "./moments.js";
import { Panels } from "./panels.js";
import style from "./plane.css";
import { Presets } from "./presets.js";
import { Program } from "./program.js";
import { Settings } from "./settings.js";
import { ramp, Stage } from "./stage.js";
import { Standing } from "./standing.js";
import { Transport } from "./transport.js";

/** @typedef {import("./film.js").Shown} Film */
/** @typedef {import("./moments.js").Run} Run */
/** @typedef {import("./moments.js").Moment} Moment */

const CHARTS_EVERY = 220; // ms while it trains
const SPACE_IS_OWN = new Set(["button", "input", "select", "summary"]);

export class PlaneView extends Host {
  /** @param {HTMLElement} element @param {Film} film @param {import("../kit/words.js").Catalogue} words
   * @param {Run} [beside] */
  constructor(element, film, words, beside) {
    super(element, pageStore({ words, ...LAYERS }), "plane-view", "title", style);
    const draw = () => this.draw();
    const { told } = film;
    this.film = film;
    /** @type {Run | null} */
    this.beside = beside ?? null;
    this.drawing = false;
    this.stale = true; // the charts are not of today
    this.drawn = -Infinity; // when they were drawn
    this.width = 0; // and how wide
    this.transport = new Transport(film, this.calm, draw);
    const { asked, slow, time } = this.transport;
    this.standing = new Standing();
    this.drawer = new Drawing({
      learn: (points) => asked.ask("set", { name: "data", value: points }),
      leave: () => this.draws(false),
      changed: draw,
    });
    this.stage = new Stage(this, this.drawer.banner);
    this.history = new History(time.live, (place) => this.transport.go(place));
    this.layers = layerSwitches(this.store);
    const wishes = this.wishes();
    this.settings = told && this.makeSettings(told);
    this.panels = this.settings && this.makePanels(this.settings);
    this.presets = told && new Presets(told.presets, wishes);
    this.measured = new Measured();
    this.program = new Program();
    this.loop = new Loop(told?.lines ?? [], slow, () => slow.leave());
    this.charts = new Charts(this.transport, (name) => this.unitOf(name));
    this.acts = new Acts(told?.paces ?? null, told?.can ?? {}, wishes);
    /** What the film tells. @type {import("./film.js").Listener} */
    this.listener = {
      update: () => this.load(),
      heard: (token) => asked.heard(token),
      told: (message, buffers) => this.told(message, buffers),
    };
    this.begin();
    film.views.add(this.listener);
  }
  /** @param {import("./film.js").Told} told */
  makeSettings({ controls, uses }) {
    /** @type {import("./setting.js").Kernel} */
    const kernel = {
      set: (name, value, then) => this.transport.asked.ask("set", { name, value }, then),
      step: () => this.film.status.step,
    };
    const drawing = { draw: (/** @type {boolean} */ on) => this.draws(on), drawer: this.drawer.node };
    return new Settings(controls, kernel, uses, drawing);
  }
  /** @param {Settings} settings */
  makePanels(settings) {
    const layers = { words: say("layersTitle"), nodes: this.layers.nodes };
    const { used } = settings;
    return new Panels({ ...settings.views(), Layers: layers }, used.length ? [...used, "Layers"] : []);
  }
  /** @returns {import("./acts.js").Wishes} */
  wishes() {
    const { transport } = this;
    return {
      play: () => transport.playOrPause(),
      pace: (speed) => transport.pace(speed),
      step: (what) => transport.train(what),
      slow: () => transport.slowly(),
      loses: (what) => transport.loses(what),
      anew: (what) => transport.anew(what),
      attempt: (name) => transport.anew("preset", { name }),
      compare: (what) => this.compare(what),
      code: () => this.toggleCode(),
    };
  }
  build() {
    const { stage, standing, charts, loop, measured, panels, presets } = this;
    const below = make("div", { class: "below" }, ramp(), stage.readout);
    const middle = make("div", { class: "stage" }, stage.differs, stage.pictures, this.history.node, below);
    const set = panels && presets ? [panels.node, presets.node] : [layersAlone(this.layers.nodes)];
    const side = make("div", { class: "aside" }, loop.node, ...set, measured.node);
    const plots = make("div", { class: "plots" }, charts.first, charts.rest);
    standing.head.append(this.acts.tools);
    this.root.append(standing.head, this.acts.node, standing.hint, standing.trouble, this.program.node);
    this.root.append(make("div", { class: "columns" }, middle, side, plots));
    this.root.classList.toggle("recorded", !this.film.told);
    for (const { node } of [stage.own, stage.other]) this.sizes.observe(node);
    this.drawer.listen(this.root);
    onKeys(this.root, { " ": (event) => this.space(event), Escape: () => this.escape() });
    this.offer();
  }
  /** What a further curve is measured in, where it is known: a penalty is a part of the loss.
   * @param {string} name */
  unitOf(name) {
    const controls = Object.values(this.film.told?.controls ?? {});
    const isPenalty = controls.some(({ label, sets }) => sets === "penalty" && label.split(",")[0] === name);
    return isPenalty ? say("natsInLoss") : "";
  }

  // ---------------------------------------------------------------- what a learner does

  /** Begins or ends drawing. @param {boolean} on */
  draws(on) {
    this.drawing = on;
    if (on) this.panels?.open("Data");
    this.drawer.draws(on);
    this.settings?.data?.draws(on);
    this.stage.draws(on);
    if (on) this.stage.own.node.scrollIntoView({ block: "nearest" });
    this.draw();
  }
  /** @param {import("./frames.js").Point} point @param {boolean} starts */
  stroke(point, starts) {
    this.drawer.add(point, starts);
  }
  toggleCode() {
    const { node } = this.program;
    node.hidden = !node.hidden;
    if (!node.hidden) this.transport.asked.ask("code");
  }
  /** @param {string} what "pin", "off", or the name of a shipped run */
  compare(what) {
    if (what === "pin") this.layBeside(pinned(this.film));
    else if (what === "off") this.layBeside(null);
    else if (what) this.transport.asked.ask("beside", { name: what });
    this.offer();
  }
  /** @param {Run | null} run */
  layBeside(run) {
    this.beside = run;
    this.offer();
    this.load();
  }
  offer() {
    this.acts.offer(this.film.told?.shelf ?? [], this.beside?.meta.title ?? null);
  }
  /** @param {KeyboardEvent} event */
  space(event) {
    const { localName } = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || SPACE_IS_OWN.has(localName)) return false;
    this.transport.playOrPause();
    return true;
  }
  escape() {
    if (this.drawing) this.draws(false);
    else this.transport.slow.leave();
    return false;
  }

  // ---------------------------------------------------------------- what the kernel says

  /** @param {import("./film.js").Answer} message @param {import("./frames.js").Bytes[]} buffers */
  async told({ slow, code, beside }, buffers) {
    if (code !== undefined) this.program.show(code);
    if (slow) this.transport.slow.take(slow, buffers);
    if (beside) this.layBeside(await unpacked({ meta: beside, atlas: buffers[0] }));
  }
  /** What the film or the store holds has changed. */
  load() {
    const { film, beside } = this;
    const { time, slow } = this.transport;
    const steps = stepsOf(film.meta.frames.step, beside?.meta.frames.step ?? [], time.live);
    if (time.take(film.number, steps)) slow.leave();
    this.stale = true;
    this.draw();
  }

  // ---------------------------------------------------------------- what it shows

  paint() {
    const { film, beside } = this;
    const { time, slow } = this.transport;
    if (time.following) time.step = film.now?.step ?? time.last;
    const moments = this.moments();
    this.root.classList.toggle("compared-planes", beside !== null);
    this.root.classList.toggle("slowly", slow.on);
    this.paintPictures(moments);
    this.measured.show(moments, film.meta);
    this.history.show(time, inNats(moments[0].scores.js, 3));
    this.stage.tell(this.drawing ? "" : say("pointAtPicture"));
    this.layers.show();
    this.loop.show(this.calm.matches);
    this.paintStanding();
    this.paintCharts();
  }
  /** What the runs show at the step. @returns {Moment[]} */
  moments() {
    const { film, beside } = this;
    const { time, slow } = this.transport;
    const own = slow.still
      ? momentAfter(film.meta, slow.still, slow.frames[slow.at])
      : momentOf(film, time.step, time.following ? film.now : null);
    return beside ? [own, momentOf(beside, time.step)] : [own];
  }
  /** @param {Moment[]} moments */
  paintPictures([own, other]) {
    const { film, beside, stage, store, dark } = this;
    const shown = { layers: layersOf(store), morph: store.get("morph"), dark };
    const strokes = this.drawing ? this.drawer.points : null;
    stage.compare(beside !== null);
    stage.own.show({ ...shown, moment: own, layers: { ...shown.layers, ...this.pulled() }, strokes });
    if (!beside) return;
    const { title, provenance } = beside.meta;
    stage.other.show({ ...shown, moment: other, title });
    const differs = differences(provenance, film.status, film.told?.controls ?? {});
    stage.name(
      [own, other],
      [film.told ? say("thisRun") : film.meta.title, title],
      say("comparedTo", { title, differs }),
    );
  }
  /** In slow motion, where the pull is what is to be seen, it is shown. */
  pulled() {
    const { still } = this.transport.slow;
    const line = still && this.film.told?.lines[still.line][0];
    return line?.includes("loss_G.backward") ? { pulls: true } : {};
  }
  paintStanding() {
    const { film, standing, settings, transport } = this;
    const { status, told } = film;
    this.acts.show(transport.act, !status.inline, transport.speed);
    const own = status.notice.at !== undefined && Boolean(settings?.all[status.notice.at]);
    const step = told ? (film.now?.step ?? status.step) : transport.time.step;
    standing.show(film, step, transport.asked.late, own);
    if (told) {
      settings?.show(status.settings, status.notice);
      this.presets?.show(status.preset);
      this.loop.tellLoss(String(status.settings.loss), told.formulas[String(status.settings.loss)] ?? []);
      this.loop.tellPieces(told.controls, status.settings);
    }
    const news = standing.news(film);
    if (news !== null) this.announce(news);
  }
  paintCharts() {
    const { film, beside, root } = this;
    const { time } = this.transport;
    const due = film.status.phase !== "training" || performance.now() - this.drawn > CHARTS_EVERY;
    if (due && (this.stale || root.clientWidth !== this.width)) {
      this.drawn = performance.now();
      this.stale = false;
      this.width = root.clientWidth;
      this.charts.load([film.meta, ...(beside ? [beside.meta] : [])], time.last);
    }
    this.charts.draw(time.step);
  }
  destroy() {
    this.film.views.delete(this.listener);
    this.transport.end();
    this.acts.forget();
    this.presets?.forget();
    super.destroy();
  }
}
