/* The recipe board: switches for ingredients; samples, curve and score of what is on beside what was before; a map of all
 * recipes; a button that trains the chosen one live, below, where there is a kernel. */

import { make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { fidText } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Curve } from "./curve.js";
import { Order } from "./order.js";
import look from "./recipe_board.css";
import { placeOf, switched } from "./recipes.js";
import { Samples } from "./samples.js";
import { changeText, rangeText, Score, verdictText } from "./score.js";
import { Switches } from "./switches.js";

export const TRAITS = ["recipe", "tiles", "on", "before", "training"]; // as in widget.py

const PATIENCE = 2500; // ms without an answer until the view says so

export class RecipeBoard extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "recipe_board", "title", look);
    /** @type {import("./recipes.js").Stored} */
    this.recipe = store.get("recipe");
    this.switches = new Switches(this.recipe.ingredients, (key) => this.flip(key));
    this.samples = new Samples(this.recipe, () => this.draw());
    this.curve = new Curve(this.recipe);
    this.score = new Score(this.recipe);
    this.order = new Order(this.recipe, (on) => this.choose(on));
    this.train = button(say("train"), () => this.ask(), { kind: "main" });
    this.note = make("p", { class: "words", role: "status" });
    this.asked = -1; // the number of the training that is waited for
    this.timer = 0;
    this.late = false;
    this.begin();
  }
  build() {
    const { recipes, seconds } = this.recipe;
    const seeds = Math.max(...recipes.map(({ runs }) => runs.length));
    const live = make("div", { class: "train" }, this.train, this.note);
    live.hidden = !this.store.get("training").offered;
    this.root.append(
      header(say("title"), say("subtitle", { seconds, count: seeds })),
      this.switches.node,
      make("div", { class: "both" }, this.score.node, this.samples.node),
      make("div", { class: "two" }, this.curve.plot.node, this.order.plot.node),
      live,
      footer(say("keys", { last: this.recipe.ingredients.length })),
    );
    const flips = this.recipe.ingredients.map(({ key }, k) => [String(k + 1), () => this.flip(key)]);
    onKeys(this.root, Object.fromEntries(flips));
    this.samples.load(this.store.get("tiles"));
  }

  /* -------- what a learner does */

  /** @param {string} key */
  flip(key) {
    this.choose(switched(this.recipe, this.store.get("on"), key));
  }
  /** What was chosen becomes what was before. @param {string[]} on */
  choose(on) {
    const before = this.store.get("on");
    if (on.join() === before.join()) return;
    this.store.set({ on, before });
    this.announce(Object.values(this.said(on, before)).join(" ").replaceAll("*", ""));
  }
  ask() {
    this.asked = this.store.get("training").number;
    this.late = false;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.draw();
    }, PATIENCE);
    this.store.ask({ do: "train" });
    this.draw();
  }

  /* -------- what it shows */

  paint() {
    const [on, before] = this.read("on", "before");
    const other = on.join() !== before.join();
    const [place, old] = [placeOf(this.recipe, on), other ? placeOf(this.recipe, before) : -1];
    const [now, then] = [this.recipe.recipes[place], this.recipe.recipes[old]];
    this.curve.plot.measure(); // all plots, before any draws
    this.order.plot.measure();
    this.switches.show(on);
    this.samples.show({ place, name: this.named(on) }, other ? { place: old, name: this.named(before) } : null);
    this.score.show(now, then, this.said(on, before));
    this.curve.show(now, then, this.curveWords(on, now));
    this.order.show(on, this.named(on));
    this.showTraining();
  }
  /** A recipe in words. @param {readonly string[]} on */
  named(on) {
    const labels = this.recipe.ingredients.filter(({ key }) => on.includes(key)).map(({ label }) => label);
    return labels.join(" + ") || say("nothing");
  }
  /** What was changed, and what that was worth, with *strong* parts. @param {string[]} on @param {string[]} before */
  said(on, before) {
    const [now, then] = [on, before].map((each) => this.recipe.recipes[placeOf(this.recipe, each)]);
    const change = changeText(this.recipe, on, before);
    if (!change) return { change, worth: say("switchOne") };
    return { change, worth: now && then ? verdictText(now, then) : say("noComparison") };
  }
  /** @param {string[]} on @param {import("./recipes.js").Recipe | undefined} now */
  curveWords(on, now) {
    const name = this.named(on);
    if (!now) return say("toldNotStored", { name });
    return say("curveAlt", { name, count: now.runs.length, fid: fidText(now.median), range: rangeText(now) });
  }
  showTraining() {
    const { number, on, trouble } = this.store.get("training");
    if (number !== this.asked) [this.asked, this.late] = [-1, false];
    if (this.asked < 0) clearTimeout(this.timer);
    const waits = this.asked >= 0 && !this.late;
    const stands = trouble
      ? say("trainTrouble", { trouble })
      : number
        ? say("trains", { name: this.named(on) })
        : say("trainHint");
    this.train.setAttribute("aria-disabled", String(!this.store.live || waits));
    put(this.note, !this.store.live ? say("trainNeeds") : this.late ? say("noAnswer") : waits ? say("asked") : stands);
  }
  destroy() {
    clearTimeout(this.timer);
    super.destroy();
    this.samples.atlas.close();
  }
}
