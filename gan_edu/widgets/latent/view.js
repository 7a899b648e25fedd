/* The latent explorer: walk between two samples, span a plane by four, find more like one.
 *
 * All pictures of a walk come at once, on one sheet: moving a slider only draws another of them. Where there is no
 * kernel,
 * the walks that were made can be chosen.
 */

import { make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { footer } from "../kit/layout.js";
import { Tabs } from "../kit/tabs.js";
import { say } from "../kit/words.js";
import { walkChooser } from "./chooser.js";
import style from "./latent.css";
import { MorePanel } from "./more.js";
import { Nearest } from "./near.js";
import { PlanePanel } from "./plane.js";
import { Places, Samples } from "./samples.js";
import { Sheet } from "./sheet.js";
import { WalkPanel } from "./walk.js";

/** @typedef {import("./texts.js").Mark} Mark */
/** @typedef {"walk" | "plane" | "more"} View */

const MARKS = /** @type {const} */ (["a", "b", "c", "d"]);
const SHEETS = /** @type {const} */ (["tiles", "walk", "plane", "more", "near"]);
const TAKEN = [...MARKS, "selected", "view", "fresh", "error", ...SHEETS]; // of which more than a picture changes
export const TRAITS = [...TAKEN, "position", "strength"];
/** What a pick may become. @type {Record<View, readonly Mark[]>} */
const PLACES = { walk: ["a", "b"], plane: MARKS, more: [] };
const PATIENCE = 2500; // ms without an answer until the view says so

export class LatentExplorer extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store
   * @param {import("./chooser.js").Walk[]} [walks] that were made, where there is no kernel */
  constructor(element, store, walks = []) {
    super(element, store, "latent", "name", style);
    /** The place that the next pick becomes. @type {Mark} */
    this.place = "a";
    /** @type {unknown[]} */
    this.taken = [];
    /** The size that the pictures have: none, where it has to be read. */
    this.size = "";
    /** The samples when a neighbour was to be kept: until others come, it is not done. @type {unknown} */
    this.kept = null;
    this.late = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.subtitle = make("p", { class: "subtitle" });
    this.alert = make("p", { class: "alert", role: "alert", hidden: "" });
    this.twins = make("p", { class: "twins", role: "status" });
    const sheet = () => new Sheet(() => this.decoded());
    /** @type {Record<(typeof SHEETS)[number], Sheet>} */
    this.sheets = { tiles: sheet(), walk: sheet(), plane: sheet(), more: sheet(), near: sheet() };
    this.samples = new Samples(this.sheets.tiles, store.live, (k, mark) => this.pick(k, mark));
    this.places = new Places((place) => this.next(place));
    this.near = new Nearest(this.sheets, store);
    this.panels = {
      walk: new WalkPanel(this.sheets.walk, store),
      plane: new PlanePanel(this.sheets.plane, store, () => this.draw()),
      more: new MorePanel(this.sheets, store, (k) => this.keep(k)),
    };
    this.tabs = this.tabsOf(this.panels);
    this.chooser = walkChooser(store, walks);
    this.begin();
  }
  /** @param {Record<View, {nodes: Node[]}>} panels */
  tabsOf({ walk, plane, more }) {
    const views = {
      walk: { words: say("tabWalk"), nodes: walk.nodes },
      plane: { words: say("tabPlane"), nodes: plane.nodes },
      more: { words: say("tabMore"), nodes: more.nodes },
    };
    return new Tabs(say("tabs"), views, (view) => this.store.set({ view }));
  }
  build() {
    const { live } = this.store;
    const titles = make("div", { class: "titles" }, make("h3", {}, say("title")), this.subtitle);
    const samples = make("div", { class: "samples" }, live ? this.places.node : this.chooser.node, this.samples.node);
    const doing = make("div", { class: "doing" }, this.tabs.row, this.twins, ...this.tabs.panels);
    this.root.append(
      make("header", {}, titles),
      this.alert,
      make("div", { class: "explorer" }, samples, this.near.node, doing),
      footer(say(live ? "keys" : "recorded"), say("sliderKeys")),
    );
  }
  /** The view that is open. @returns {View} */
  get view() {
    return this.store.get("view");
  }

  /* -------- what was sent */

  load() {
    const now = TAKEN.map((name) => this.store.get(name));
    if (now.some((value, k) => value !== this.taken[k])) this.take();
    this.taken = now;
    this.draw();
  }
  /** Takes over what the kernel sent and what was picked. */
  take() {
    const { store } = this;
    const tiles = store.get("tiles");
    this.samples.load(tiles.count, this.host.shadowRoot?.activeElement ?? null);
    this.root.style.setProperty("--shape", `${tiles.frame_width} / ${tiles.frame_height}`);
    put(this.subtitle, say("subtitle", { count: tiles.count, dim: tiles.dim }));
    for (const name of SHEETS) this.sheets[name].load(store.get(name));
    this.panels.walk.load();
    if (!PLACES[this.view].includes(this.place)) this.place = "a";
    this.size = "";
    this.showState();
  }
  decoded() {
    if (this.gone) return;
    this.showState();
    this.draw();
  }
  showState() {
    const { store, view } = this;
    const places = PLACES[view];
    const error = store.get("error") || SHEETS.map((name) => this.sheets[name].error).find(Boolean) || "";
    if (error) this.kept = null;
    const stale = !error && String(store.get(view).of) !== String(this.wanted(view));
    this.tabs.show(view, store.live && stale);
    this.places.show(places, this.place);
    this.samples.show(store.get("selected"), (k) => this.marksOf(k));
    this.chooser.show();
    this.showTwins(places);
    this.expect(store.live && (stale || store.get("tiles") === this.kept));
    this.warn(error ? say("notDrawn", { error }) : this.late ? say("noAnswer") : "");
  }
  /** The samples that a view is of, as the kernel tells them. @param {View} view @returns {number[]} */
  wanted(view) {
    return (view === "more" ? ["selected", "fresh"] : [...PLACES[view]]).map((name) => this.store.get(name));
  }
  /** The places of the open view that a sample holds. @param {number} k */
  marksOf(k) {
    return PLACES[this.view].filter((mark) => this.store.get(mark) === k);
  }
  /** Tells which places hold the same sample. @param {readonly Mark[]} places */
  showTwins(places) {
    const held = [...new Set(places.map((mark) => this.store.get(mark)))].sort((a, b) => a - b);
    const twins = held.map((k) => this.marksOf(k)).filter((marks) => marks.length > 1);
    const pairs = twins.map((marks) => marks.join(" = ").toUpperCase()).join(say("listComma"));
    const words = say(this.view === "walk" ? "twinsOfWalk" : "twinsOfPlane", { pairs });
    put(this.twins, twins.length ? words : "");
    this.twins.hidden = !twins.length;
  }
  /** @param {string} words */
  warn(words) {
    put(this.alert, words);
    this.alert.hidden = !words;
  }
  /** What was asked for has not come yet, or has: says so where the kernel may be gone. @param {boolean} due */
  expect(due) {
    if (!due) {
      clearTimeout(this.timer);
      [this.timer, this.late] = [undefined, false];
      return;
    }
    this.timer ??= setTimeout(() => {
      this.late = true;
      this.showState();
    }, PATIENCE);
  }

  /* -------- what a learner does */

  /** A sample becomes the place that is next, and the next pick the one after. False: the open view has no such place.
   * @param {number} k @param {Mark} [mark] */
  pick(k, mark) {
    const places = PLACES[this.view];
    if (k < 0 || (mark && !places.includes(mark))) return false;
    this.samples.focused = k;
    const held = mark ?? this.place;
    const marked = places.includes(held);
    if (marked) this.place = places[(places.indexOf(held) + 1) % places.length];
    this.store.set(marked ? { selected: k, [held]: k } : { selected: k });
    const told = marked ? say("pickedAs", { number: k, mark: held.toUpperCase() }) : say("picked", { number: k });
    this.announce(told);
    this.showState();
    this.draw();
  }
  /** @param {Mark} place */
  next(place) {
    this.place = place;
    this.showState();
  }
  /** Keeps a neighbour: it comes with other samples, or an error. @param {number} k */
  keep(k) {
    this.kept = this.store.get("tiles");
    this.showState();
    this.store.ask({ keep: k });
  }

  paint() {
    const size = `${this.root.clientWidth} ${window.devicePixelRatio}`;
    const again = size !== this.size;
    const panel = this.panels[this.view];
    this.size = size;
    if (again) for (const picture of this.pictures()) picture.measure();
    this.samples.paint();
    this.near.paint();
    panel.paint(again);
  }
  pictures() {
    return [this.samples, this.near, ...Object.values(this.panels)].flatMap(({ pictures }) => pictures);
  }
  destroy() {
    super.destroy();
    clearTimeout(this.timer);
    for (const sheet of Object.values(this.sheets)) sheet.close();
  }
}
