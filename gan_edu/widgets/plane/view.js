/* The plane: a GAN whose samples are points, live or recorded, alone or beside another run. All texts of the kernel are
 * shown as text.
 */

import { make } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { onKeys } from "../kit/keys.js";
import { inNats, nearest } from "../kit/numbers.js";
import { pageStore } from "../kit/store.js";
import { say } from "../kit/words.js";
import { Acts } from "./acts.js";
import { Asked } from "./asked.js";
import { Charts } from "./charts.js";
import { Drawing } from "./drawing.js";
import { unpacked } from "./film.js";
import { History } from "./history.js";
import { LAYERS, layerSwitches, layersOf } from "./layer_switches.js";
import { Loop } from "./loop.js";
import { Measured } from "./measured.js";
import { momentAfter, momentOf, stepsOf } from "./moments.js";
import style from "./plane.css";
import { Player } from "./player.js";
import { Program } from "./program.js";
import { Settings } from "./settings.js";
import { SlowMotion } from "./slow_motion.js";
import { ramp, Stage } from "./stage.js";
import { Standing } from "./standing.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./film.js").Shown} Film */
/** @typedef {import("./moments.js").Run} Run */
/** @typedef {import("./moments.js").Moment} Moment */

const CHARTS_EVERY = 220; // ms while it trains
const SPACE_IS_OWN = new Set(["button", "input", "select", "summary"]);

export class PlaneView extends Host {
  /** @param {HTMLElement} element @param {Film} film @param {import("../kit/words.js").Catalogue} words @param {Run} [beside] */
  constructor(element, film, words, beside) {
    super(element, pageStore({ words, ...LAYERS }), "plane-view", "title", style);
    this.film = film;
    /** @type {Run | null} */
    this.beside = beside ?? null;
    this.time = new Timeline(film.told !== null);
    this.drawing = false;
    this.stale = true; // the charts are not of today
    this.drawn = -Infinity; // when they were drawn
    this.width = 0; // and how wide
    const draw = () => this.draw();
    const kernel = {
      set: (/** @type {string} */ name, /** @type {unknown} */ value, /** @type {() => void} */ then) =>
        this.asked.ask("set", { name, value }, then),
      step: () => film.status.step,
    };
    this.asked = new Asked((message) => film.send(message), draw);
    this.player = new Player(() => this.tick(), draw);
    this.slow = new SlowMotion({ calm: () => this.calm.matches, next: () => this.slowly(), changed: draw });
    this.standing = new Standing();
    this.stage = new Stage(this);
    this.history = new History(film.told !== null, (place) => this.go(place));
    this.layers = layerSwitches(this.store);
    this.drawer = new Drawing({
      learn: (points) => this.asked.ask("set", { name: "data", value: points }),
      leave: () => this.draws(false),
      changed: draw,
    });
    this.settings = film.told && new Settings(film.told.controls, kernel, (on) => this.draws(on));
    this.measured = new Measured();
    this.program = new Program();
    this.loop = new Loop(film.told?.lines ?? [], this.slow, () => this.slow.leave());
    this.charts = new Charts(this, (name) => this.unitOf(name));
    this.acts = new Acts(Boolean(film.told), film.told?.can ?? {}, this.wishes());
    /** What the film tells. @type {import("./film.js").Listener} */
    this.listener = {
      update: () => this.load(),
      heard: (token) => this.asked.heard(token),
      told: (message, buffers) => this.told(message, buffers),
    };
    this.begin();
    film.views.add(this.listener);
  }
  build() {
    const { stage, standing, settings, charts } = this;
    const left = make("div", { class: "left" }, ...(settings ? [settings.node] : []), this.layers.node);
    const middle = make("div", { class: "stage" }, this.drawer.node, stage.pictures, this.history.node, ramp());
    middle.append(stage.readout, charts.first);
    const right = make("div", { class: "right" }, this.loop.node, this.measured.node, charts.rest);
    this.root.append(standing.head, this.acts.node, standing.hint, standing.trouble, this.program.node);
    this.root.append(make("div", { class: "columns" }, left, middle, right));
    for (const { node } of [stage.own, stage.other]) this.sizes.observe(node);
    onKeys(this.root, { " ": (event) => this.space(event), Escape: () => this.escape() });
    this.offer();
  }
  /** @returns {import("./acts.js").Wishes} */
  wishes() {
    return {
      play: () => this.playOrPause(),
      step: (what) => {
        this.slow.leave();
        this.follow();
        this.asked.ask(what);
      },
      slow: () => this.slowly(),
      loses: (what) => this.loses(what),
      anew: (what) => {
        this.slow.leave();
        this.asked.ask(what);
      },
      compare: (what) => this.compare(what),
      code: () => {
        this.program.node.hidden = !this.program.node.hidden;
        if (!this.program.node.hidden) this.asked.ask("code");
      },
    };
  }
  /** What a further curve is measured in, where it is known: a penalty is a part of the loss.
   * @param {string} name */
  unitOf(name) {
    const controls = Object.values(this.film.told?.controls ?? {});
    const isPenalty = controls.some(({ label, sets }) => sets === "penalty" && label.split(",")[0] === name);
    return isPenalty ? say("natsInLoss") : "";
  }

  // ---------------------------------------------------------------- what a learner does

  /** Whether beginning anew would lose something: what was trained, or settings that were chosen.
   * @param {"reset" | "defaults"} what */
  loses(what) {
    const { status, told } = this.film;
    const chosen = Object.entries(told?.defaults ?? {}).some(
      ([name, value]) => String(value) !== String(status.settings[name]),
    );
    return status.step > 0 || (what === "defaults" && chosen);
  }
  playOrPause() {
    const { told, status } = this.film;
    if (!told) this.playOrStop();
    else if (!status.inline) {
      this.slow.leave();
      this.follow();
      this.asked.ask(status.phase === "training" ? "pause" : "start");
    }
  }
  /** Of a recording: where nothing may move by itself, a click is a step. */
  playOrStop() {
    const { player, time } = this;
    if (player.on) player.end();
    else if (this.calm.matches) this.go(time.ended ? 0 : time.place + 1);
    else {
      if (time.ended) this.go(0);
      player.begin();
    }
  }
  tick() {
    if (this.time.ended) this.player.end();
    else this.go(this.time.place + 1);
  }
  slowly() {
    this.follow();
    this.asked.ask("slow");
  }
  follow() {
    this.time.following = true;
    this.draw();
  }
  /** @param {number} place of a step, or behind the last: now */
  go(place) {
    this.time.go(place);
    this.draw();
  }
  /** @param {number} step */
  goToStep(step) {
    this.slow.leave();
    this.go(nearest(this.time.steps, step));
  }
  /** Begins or ends drawing. @param {boolean} on */
  draws(on) {
    this.drawing = on;
    this.drawer.node.hidden = !on;
    this.settings?.data?.draws(on);
    this.drawer.show();
    this.stage.draws(on);
    if (on) this.drawer.node.scrollIntoView({ block: "nearest" });
    this.draw();
  }
  /** @param {import("./frames.js").Point} point @param {boolean} starts */
  stroke(point, starts) {
    this.drawer.add(point, starts);
  }
  /** @param {string} what "pin", "off", or the name of a shipped run */
  compare(what) {
    if (what === "pin") this.layBeside(pinned(this.film));
    else if (what === "off") this.layBeside(null);
    else if (what) this.asked.ask("beside", { name: what });
    this.offer();
  }
  /** @param {Run | null} run */
  layBeside(run) {
    this.beside = run;
    this.offer();
    this.load();
  }
  offer() {
    this.acts.offer(this.film.told?.shelf ?? [], this.beside !== null);
  }
  /** @param {KeyboardEvent} event */
  space(event) {
    const { localName } = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || SPACE_IS_OWN.has(localName)) return false;
    this.playOrPause();
    return true;
  }
  escape() {
    if (this.drawing) this.draws(false);
    else this.slow.leave();
    return false;
  }

  // ---------------------------------------------------------------- what the kernel says

  /** @param {{slow?: import("./moments.js").Still[], code?: string, beside?: import("./moments.js").Meta}} message @param {DataView[]} buffers */
  async told({ slow, code, beside }, buffers) {
    if (code !== undefined) this.program.show(code);
    if (slow) this.slow.take(slow, buffers);
    if (beside) this.layBeside(await unpacked({ meta: beside, atlas: buffers[0] }));
  }
  /** What the film or the store holds has changed. */
  load() {
    const { film, beside, time } = this;
    const steps = stepsOf(film.meta.frames.step, beside?.meta.frames.step ?? [], time.live);
    if (time.take(film.number, steps)) this.slow.leave();
    this.stale = true;
    this.draw();
  }

  // ---------------------------------------------------------------- what it shows

  paint() {
    const { film, beside, time } = this;
    if (time.following) time.step = film.now?.step ?? time.last;
    const moments = this.moments();
    this.paintPictures(moments);
    this.measured.show(moments, film.meta);
    this.history.show(time, inNats(moments[0].scores.js, 3));
    this.stage.tell(this.drawing ? "" : say("pointAtPicture"));
    this.layers.show();
    this.loop.show(this.calm.matches);
    this.paintStanding();
    this.paintCharts();
    this.root.classList.toggle("compared-planes", beside !== null);
  }
  /** What the runs show at the step. @returns {Moment[]} */
  moments() {
    const { film, beside, time, slow } = this;
    const own = slow.still
      ? momentAfter(film.meta, slow.still, slow.frames[slow.at])
      : momentOf(film, time.step, time.following ? film.now : null);
    return beside ? [own, momentOf(beside, time.step)] : [own];
  }
  /** @param {Moment[]} moments */
  paintPictures([own, other]) {
    const { film, beside, stage, store, dark } = this;
    const shown = { layers: layersOf(store), morph: store.get("morph"), dark };
    stage.compare(beside !== null);
    const strokes = this.drawing ? this.drawer.points : null;
    stage.own.show({ ...shown, moment: own, layers: { ...shown.layers, ...this.pulled() }, strokes });
    if (!beside) return;
    const { title } = beside.meta;
    stage.other.show({ ...shown, moment: other, title });
    stage.name([own, other], [film.told ? say("thisRun") : film.meta.title, title]);
  }
  /** In slow motion, where the pull is what is to be seen, it is shown. */
  pulled() {
    const { still } = this.slow;
    const line = still && this.film.told?.lines[still.line][0];
    return line?.includes("loss_G.backward") ? { pulls: true } : {};
  }
  paintStanding() {
    const { film, standing, settings, time } = this;
    const { status, told } = film;
    const training = status.phase === "training";
    const act = told ? (training ? "pause" : "play") : this.player.on ? "pause" : this.calm.matches ? "on" : "play";
    this.acts.show(act, !status.inline);
    const own = status.notice.at !== undefined && Boolean(settings?.all[status.notice.at]);
    standing.show(film, told ? (film.now?.step ?? status.step) : time.step, this.asked.late, own);
    if (told) {
      settings?.show(status.settings, status.notice);
      this.loop.tellPieces(told.controls, status.settings);
    }
    const news = standing.news(film);
    if (news !== null) this.announce(news);
  }
  paintCharts() {
    const { film, beside, time, root } = this;
    const fresh = film.status.phase !== "training" || performance.now() - this.drawn > CHARTS_EVERY;
    if (fresh && (this.stale || root.clientWidth !== this.width)) {
      this.drawn = performance.now();
      this.stale = false;
      this.width = root.clientWidth;
      this.charts.load([film.meta, ...(beside ? [beside.meta] : [])], time.last);
    }
    this.charts.draw(time.step);
  }
  destroy() {
    this.film.views.delete(this.listener);
    this.player.end();
    this.asked.end();
    this.acts.forget();
    this.slow.leave();
    super.destroy();
  }
}

/** A run as it is now, to be compared with what becomes of it. @param {Film} film @returns {Run} */
function pinned({ meta, pictures, status: { step } }) {
  const title = say("pinnedAt", { step });
  return {
    meta: { ...meta, title, frames: { ...meta.frames }, curves: { ...meta.curves } },
    pictures: [...pictures],
  };
}
