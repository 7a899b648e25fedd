/* A control with a D that the browser trains on samples, a few steps a screen refresh; it rests when nothing moves. */

import { icon, make } from "./dom.js";
import { Host } from "./host.js";
import { button } from "./inputs.js";
import { SmallNet } from "./small_net.js";
import { say } from "./words.js";

/** @typedef {import("./density.js").Density} Density */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {[p: Density, q: Density, real?: number, fake?: number]} Game what SmallNet.learn takes */

const STEPS_A_FRAME = 4;
const REST_AFTER = 1200; // steps of D, or rounds of both players, since the game was last changed by hand

/** @typedef {object} Look
 * @property {string} classes of its root
 * @property {string} style
 * @property {(store: Store) => Game} gameOf the game that a store says
 * @property {number} atOnce steps of the button that takes several
 */

/** Who extends it gives `changed()`, called where this.game is another. The trait `training`: whether D is trained. */
export class TrainedPanel extends Host {
  /** @param {HTMLElement} element @param {Store} store @param {Look} look */
  constructor(element, store, { classes, style, gameOf, atOnce }) {
    super(element, store, classes, "name", style);
    this.net = new SmallNet();
    this.since = 0; // steps, or rounds, since the game was last changed by hand
    this.paused = false; // by hand: then no move wakes D
    this.running = false;
    this.gameOf = gameOf;
    this.game = gameOf(store);
    this.key = ""; // of the game
    this.train = button("", () => this.ask(!store.get("training")), { title: say("trainHint"), kind: "main" });
    this.state = make("span", { class: "words state" });
    this.some = button(say("someSteps", { count: atOnce }), () => this.takeSome(atOnce), {
      title: say("someStepsHint", { count: atOnce }),
    });
    const forget = button(say("forget"), () => this.forget(), { title: say("forgetHint") });
    this.training = make("div", { class: "acts" }, this.train, this.some, forget, this.state);
  }
  changed() {}
  /** @param {number} count of steps at once */
  takeSome(count) {
    this.store.set({ training: false });
    this.several(count);
    this.draw();
  }
  /** D begins anew. */
  forget() {
    this.net = new SmallNet();
    this.since = 0;
    this.draw();
  }
  /** What learners are told of the network. */
  explained() {
    const words = make("p", { class: "words" }, say("trainedIs", { count: REST_AFTER }));
    return make("details", { class: "what" }, make("summary", {}, say("whatIsTrained")), words);
  }
  /** A move: it wakes D, unless that was paused by hand or motion is unwanted.
   * @param {Record<string, unknown>} changes of the store */
  change(changes) {
    const same = Object.entries(changes).every(([name, value]) => this.store.get(name) === value);
    if (same) this.draw();
    else this.store.set(this.paused || this.calm.matches ? changes : { ...changes, training: true });
  }
  /** @param {boolean} training */
  ask(training) {
    this.paused = !training;
    this.since = 0;
    this.store.set({ training });
  }
  load() {
    if (this.took()) this.since = 0;
    if (this.store.get("training") && !this.running) this.run();
    this.draw();
  }
  /** Takes over the game that the store says; whether it is another. */
  took() {
    const game = this.gameOf(this.store);
    const key = JSON.stringify(game);
    if (key === this.key) return false;
    this.key = key;
    this.game = game;
    this.changed();
    return true;
  }
  run() {
    this.running = true;
    const turn = () => {
      if (this.gone) return;
      if (this.since >= REST_AFTER) this.store.set({ training: false });
      if (!this.store.get("training")) {
        this.running = false;
        this.draw();
        return;
      }
      this.since += this.turn();
      this.paint();
      requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }
  /** What is learnt with one screen refresh. Returns how much nearer it brings to the rest. */
  turn() {
    this.learn(STEPS_A_FRAME);
    return STEPS_A_FRAME;
  }
  /** What the button that takes several steps does. @param {number} count */
  several(count) {
    this.learn(count);
  }
  /** @param {number} count */
  learn(count) {
    for (let k = 0; k < count; k++) this.net.learn(...this.game);
  }
  /** Whether it waits for a move. */
  get resting() {
    return !this.store.get("training") && this.since >= REST_AFTER;
  }
  showTraining() {
    const training = Boolean(this.store.get("training"));
    const words = say(training ? "pause" : "train");
    if (this.train.textContent !== words) this.train.replaceChildren(icon(training ? "pause" : "play"), words);
    this.state.textContent = say(this.resting ? "stepsTakenRests" : "stepsTaken", { count: this.net.steps });
  }
}
