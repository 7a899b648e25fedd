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
const REST_AFTER = 1200; // steps of D since the game last changed

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
    this.since = 0; // steps of D since the game last changed
    this.paused = false; // by hand: then no move wakes D
    this.running = false;
    this.gameOf = gameOf;
    this.game = gameOf(store);
    this.key = ""; // of the game
    this.train = button("", () => this.ask(!store.get("training")), { title: say("trainHint"), kind: "main" });
    this.state = make("span", { class: "words state" });
    this.training = make("div", { class: "acts" }, this.train, ...this.otherButtons(atOnce), this.state);
  }
  changed() {}
  /** @param {number} count */
  otherButtons(count) {
    const some = () => {
      this.store.set({ training: false });
      this.learn(count);
      this.draw();
    };
    const forget = () => {
      this.net = new SmallNet();
      this.since = 0;
      this.draw();
    };
    return [
      button(say("someSteps", { count }), some, { title: say("someStepsHint", { count }) }),
      button(say("forget"), forget, { title: say("forgetHint") }),
    ];
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
    const game = this.gameOf(this.store);
    const key = JSON.stringify(game);
    if (key !== this.key) {
      this.key = key;
      this.game = game;
      this.since = 0;
      this.changed();
    }
    if (this.store.get("training") && !this.running) this.run();
    this.draw();
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
      this.learn(STEPS_A_FRAME);
      this.since += STEPS_A_FRAME;
      this.paint();
      requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }
  /** @param {number} count */
  learn(count) {
    for (let k = 0; k < count; k++) this.net.learn(...this.game);
  }
  showTraining() {
    const training = Boolean(this.store.get("training"));
    const words = say(training ? "pause" : "train");
    if (this.train.textContent !== words) this.train.replaceChildren(icon(training ? "pause" : "play"), words);
    const resting = !training && this.since >= REST_AFTER;
    this.state.textContent = say(resting ? "stepsTakenRests" : "stepsTaken", { count: this.net.steps });
  }
}
