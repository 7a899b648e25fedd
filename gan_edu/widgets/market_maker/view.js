/* The market maker: simulated prices as a fan, one path's returns, what their sizes remember, and a shuffle of its days. */

import { make, rich, set } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button, buttonRow, slider } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { clamp, fixed, whole } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Game, near } from "./game.js";
import look from "./market_maker.css";
import { clustering, fan, prices } from "./math.js";
import { DaysPlot, FanPlot, MemoryPlot, SpreadPlot } from "./plots.js";
import { reordered } from "./shuffle.js";

/** @typedef {import("./luck.js").Model} Model */

export const TRAITS = ["market", "model", "path", "shuffle", "guesses", "deal"]; // as in widget.py
const SHUFFLES = 1000;

export class MarketMaker extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "market_maker", "title", look);
    /** @type {Model[]} */
    this.models = store.get("market").models;
    /** @type {Map<string, number[][]>} */
    this.fans = new Map();
    this.fan = new FanPlot();
    this.days = new DaysPlot();
    this.memory = new MemoryPlot();
    this.spread = new SpreadPlot();
    const names = this.models.map(({ key, label }) => /** @type {const} */ ([key, label]));
    this.model = buttonRow(say("model"), names, (model) => store.set({ model }));
    const last = this.models[0].paths.length - 1;
    this.path = slider({
      ...{ label: say("path"), min: 0, max: last, step: 1 },
      tell: (at) => say("ofAll", { path: whole(at + 1), count: whole(last + 1) }),
      go: (path) => store.set({ path }),
    });
    this.shuffle = button(say("shuffle"), () => this.mix(), { kind: "main" });
    this.back = button(say("inOrder"), () => store.set({ shuffle: 0 }));
    this.told = make("p", { class: "told", role: "status" });
    this.game = new Game(store, () => this.draw());
    this.begin();
  }
  build() {
    const acts = make("div", { class: "acts" }, this.model.node, this.path.node, this.shuffle, this.back);
    const left = make("div", {}, this.fan.node, this.days.node);
    const right = make("div", {}, this.memory.node, this.spread.node);
    this.root.append(
      header(say("title"), say("subtitle"), make("p", { class: "no-forecast" }, say("noForecast"))),
      acts,
      make("div", { class: "both" }, left, right),
      this.told,
      this.game.node,
      footer(say("keys"), say("hint")),
    );
    const by = (/** @type {number} */ path, /** @type {number} */ model) => (/** @type {KeyboardEvent} */ event) =>
      this.by(path, model, event);
    const acting = (/** @type {() => void} */ act) => (/** @type {KeyboardEvent} */ event) => {
      if (/** @type {HTMLElement} */ (event.target).closest(".game")) return false;
      act();
    };
    const [mix, back] = [acting(() => this.mix()), acting(() => this.store.set({ shuffle: 0 }))];
    const ways = { ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), ArrowUp: by(0, -1), ArrowDown: by(0, 1) };
    onKeys(this.root, { ...ways, s: mix, S: mix, o: back, O: back });
  }
  /** @returns {Model} */
  get shown() {
    return this.models.find(({ key }) => key === this.store.get("model")) ?? this.models[0];
  }

  /* -------- what a learner does */

  /** Another order of the days. */
  mix() {
    this.store.set({ shuffle: (this.store.get("shuffle") % SHUFFLES) + 1 });
  }
  /** The arrow keys go over paths and models, unless what has the focus has its own use for them.
   * @param {number} path @param {number} model @param {KeyboardEvent} event */
  by(path, model, event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || ["input", ".game"].some((each) => target.closest(each))) return false;
    const at = this.models.indexOf(this.shown);
    const { key } = this.models[clamp(at + model, 0, this.models.length - 1)];
    this.store.set({ path: clamp(this.store.get("path") + path, 0, this.shown.paths.length - 1), model: key });
  }

  /* -------- what it shows */

  paint() {
    const { shown, game } = this;
    const [path, shuffle] = this.read("path", "shuffle");
    for (const plot of [this.fan, this.days, this.memory, this.spread, game]) plot.measure(); // before any draws
    const before = shown.paths[path];
    const sigma = shown.sigma && reordered(shown.sigma[path], shuffle);
    const state = { before, now: reordered(before, shuffle), sigma, shuffled: shuffle > 0 };
    this.model.show(shown.key);
    this.path.show(path);
    set(this.back, { "aria-disabled": shuffle ? null : "true" });
    const words = this.tell(state, shuffle);
    this.fan.show(this.fanOf(shown), state, say("fanAlt", words));
    this.days.show(state, say(sigma ? "daysAltSigma" : "daysAlt", words));
    this.memory.show(state, say("memoryAlt", words));
    this.spread.show(state, say("spreadAlt", words));
    game.show();
  }
  /** @param {Model} model */
  fanOf({ key, paths }) {
    const found = this.fans.get(key) ?? fan(paths);
    this.fans.set(key, found);
    return found;
  }
  /** Says what sizes remember, and returns what the plots' words are of.
   * @param {import("./plots.js").Shown} shown @param {number} shuffle its number */
  tell({ before, now, shuffled }, shuffle) {
    const numbers = { was: near(clustering(before)), is: near(clustering(now)), shuffle };
    const { label, paths } = this.shown;
    const end = fixed(prices(now)[now.length]);
    const words = say(shuffled ? "toldShuffled" : "toldInOrder", { ...numbers, end });
    if (this.told.textContent !== words.replaceAll("*", "")) this.told.replaceChildren(...rich(words));
    const at = { model: label, path: this.store.get("path") + 1, count: paths.length, days: now.length };
    const order = say(shuffled ? "altShuffled" : "altInOrder");
    return { ...numbers, ...at, end, state: order };
  }
}
