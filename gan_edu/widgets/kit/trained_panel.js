/* A panel with a D that the browser trains on samples, a few steps a screen refresh; it rests when nothing moves.
 *
 * It follows the texts of the replay, panel.js and density_math.js in one module. Who extends it gives `game`, what
 * SmallNet.learn takes, and the trait "training"; it sets `since` to 0 where the game changes.
 */

import { icon, make, Panel, whole } from "./before.js";
import { SmallNet } from "./density_math.js";

const STEPS_A_FRAME = 4,
  REST_AFTER = 1200; // D rests so many steps after the game last changed

export class TrainedPanel extends Panel {
  /** The buttons; atOnce: the steps of the one that takes several. */
  buildTraining(atOnce) {
    const button = (words, title, go) => {
      const node = make("button", { type: "button", title }, words);
      node.addEventListener("click", go);
      return node;
    };
    this.net = new SmallNet();
    this.since = 0; // steps of D since the game last changed
    this.train = button("Train D", "train D on samples", () => this.ask(!this.store.get("training")));
    this.train.classList.add("main");
    this.some = button(`${atOnce} steps`, `${atOnce} steps of D, at once`, () => {
      this.store.set({ training: false });
      this.learn(atOnce);
    });
    this.forget = button("Forget", "give D new random weights", () => {
      this.net = new SmallNet();
      this.since = 0;
      this.draw();
    });
    this.state = make("span", { class: "words state" });
    return make("div", { class: "acts" }, this.train, this.some, this.forget, this.state);
  }
  /** What learners are told of the network; more: what it is measured by. */
  explained(more) {
    return make(
      "details",
      { class: "what" },
      make("summary", {}, "What is the trained D?"),
      make(
        "p",
        { class: "words" },
        "A network with two hidden layers of 16 tanh units, trained in your browser. Each step draws 64 real and 64 fake numbers and takes one step of Adam (rate 0.01) " +
          `${more} After ${whole(REST_AFTER)} steps without a change it rests.`,
      ),
    );
  }
  /** A move wakes D, unless it was paused by hand or motion is unwanted. */
  woken() {
    if (!this.paused && !this.calm.matches && !this.store.get("training")) this.store.set({ training: true });
  }
  ask(training) {
    this.paused = !training;
    this.since = 0;
    this.store.set({ training });
    this.load();
  }
  follow() {
    if (this.store.get("training") && !this.running) this.run();
    this.draw();
  }
  run() {
    this.running = true;
    const turn = () => {
      if (this.gone || !this.store.get("training") || this.since >= REST_AFTER) {
        this.running = false;
        if (!this.gone && this.since >= REST_AFTER) this.store.set({ training: false });
        return this.draw();
      }
      for (let k = 0; k < STEPS_A_FRAME; k++) this.net.learn(...this.game);
      this.since += STEPS_A_FRAME;
      this.paint();
      requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }
  learn(count) {
    for (let k = 0; k < count; k++) this.net.learn(...this.game);
    this.draw();
  }
  showTraining() {
    const training = Boolean(this.store.get("training")),
      words = training ? "Pause" : "Train D";
    if (this.train.dataset.words !== words) this.train.replaceChildren(icon(training ? "pause" : "play"), words);
    this.train.dataset.words = words;
    this.state.textContent = `D has taken ${whole(this.net.steps)} steps${training ? "" : this.since >= REST_AFTER ? "; it rests until something moves" : ""}`;
  }
}
