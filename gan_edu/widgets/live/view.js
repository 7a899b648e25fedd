/* The live view: the replay of a run that is still growing, with the controls of its training above it. */

import { button } from "../kit/inputs.js";
import { pageStore } from "../kit/store.js";
import { say } from "../kit/words.js";
import { Replay } from "../replay/view.js";
import style from "./live.css";
import { turnOf } from "./status.js";
import { Trainer } from "./trainer.js";

export { Film } from "./film.js";
export { Twice } from "./twice.js";

const PATIENCE = 2500; // ms without an answer until the view says so

export class LiveView {
  /** @param {HTMLElement} element @param {import("./film.js").Film} film */
  constructor(element, film) {
    this.film = film;
    this.number = film.number; // of the film on show
    this.phase = film.status.phase;
    this.token = ""; // of the click that was not answered yet
    this.timer = 0;
    this.late = false;
    this.pausing = false; // is said until it has
    const { meta, atlas } = film.recording();
    const shown = { metas: [meta], atlases: [atlas], frame: atlas.length - 1, speed: 1, playing: false };
    this.store = pageStore({ words: film.model.get("words"), verdict: false, numbers: true, loop: false, ...shown });
    const space = () => this.toggle(); // what stands still or moves here is the training
    this.replay = new Replay(element, this.store, { kind: "living", style, space });
    this.trainer = new Trainer(this);
    const { controls, head } = this.replay;
    const newest = { kind: "newest", title: say("followNewest"), label: say("newestFrame") };
    this.newest = button(say("nowButton"), () => this.replay.go(this.replay.last), newest);
    head.after(this.trainer.node);
    controls.more.before(this.newest);
    this.off = this.store.on(() => queueMicrotask(() => this.follow())); // after the replay has taken what is new
    film.views.add(this);
    this.show();
    this.follow();
  }

  /* -------- what a learner does */

  /** @param {string} what @param {object} [more] */
  ask(what, more = {}) {
    this.token = `${Math.random()}`;
    this.pausing = what === "pause";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.show();
    }, PATIENCE);
    this.film.model.send({ do: what, token: this.token, ...more });
    this.show();
  }
  /** @param {string} token */
  heard(token) {
    if (!this.token || token !== this.token) return;
    clearTimeout(this.timer);
    [this.token, this.late] = ["", false];
    this.show();
  }
  toggle() {
    const { phase, inline } = this.film.status;
    if (!inline) this.ask(phase === "training" ? "pause" : "start");
  }

  /* -------- what it shows */

  /** The film has grown, or is another one: then its newest frame is shown. */
  update() {
    const { film } = this;
    const { meta, atlas } = film.recording();
    const place = film.number === this.number ? {} : { frame: atlas.length - 1 };
    this.number = film.number;
    this.store.set({ metas: [meta], atlases: [atlas], ...place });
    this.show();
  }
  follow() {
    const { replay } = this;
    this.newest.setAttribute("aria-pressed", String(replay.frame === replay.last));
  }
  show() {
    const { replay, film } = this;
    const { status, meta } = film;
    const training = status.phase === "training";
    this.pausing = this.pausing && training;
    const { spaceKey, spaceDoes } = replay.controls;
    spaceDoes.textContent = say(training ? "spacePauses" : "spaceStarts");
    spaceKey.hidden = spaceDoes.hidden = status.inline;
    this.trainer.show(status, meta.log ?? [], this);
    if (status.phase !== this.phase) replay.announce(turnOf(status));
    this.phase = status.phase;
  }
  destroy() {
    clearTimeout(this.timer);
    this.trainer.reset.forget();
    this.off();
    this.film.views.delete(this);
    this.replay.destroy();
  }
}
