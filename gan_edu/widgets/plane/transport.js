/* How one moves through a run: training it, playing a recording of it, sliding back, in slow motion. */

import { nearest } from "../kit/numbers.js";
import { Asked } from "./asked.js";
import { Player } from "./player.js";
import { SlowMotion } from "./slow_motion.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./film.js").Shown} Film */

export class Transport {
  /** @param {Film} film @param {MediaQueryList} calm whether nothing may move by itself @param {() => void} changed */
  constructor(film, calm, changed) {
    this.film = film;
    this.calm = calm;
    this.changed = changed;
    this.time = new Timeline(film.told !== null);
    this.asked = new Asked((message) => film.send(message), changed);
    this.player = new Player(() => this.tick(), changed);
    this.slow = new SlowMotion({ calm: () => calm.matches, next: () => this.slowly(), changed });
  }
  /** What the first button does: of a recording, where nothing may move by itself, it is a step. */
  get act() {
    const moves = this.film.told ? this.film.status.phase === "training" : this.player.on;
    if (moves) return "pause";
    return !this.film.told && this.calm.matches ? "on" : "play";
  }
  playOrPause() {
    const { told, status } = this.film;
    if (!told) this.playOrStop();
    else if (!status.inline) this.train(status.phase === "training" ? "pause" : "start");
  }
  /** Of a recording. */
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
  /** Asks for steps, or for none, and follows. @param {string} what */
  train(what) {
    this.slow.leave();
    this.follow();
    this.asked.ask(what);
  }
  slowly() {
    this.follow();
    this.asked.ask("slow");
  }
  /** Steps a second of a run, 0: as fast as it can; of a recording, times its own speed. @param {number} speed */
  pace(speed) {
    if (this.film.told) this.asked.ask("pace", { value: speed });
    else this.player.faster(speed);
    this.changed();
  }
  get speed() {
    return this.film.told ? (this.film.status.pace ?? 0) : this.player.speed;
  }
  /** @param {"reset" | "defaults" | "preset"} what @param {object} [more] */
  anew(what, more = {}) {
    this.slow.leave();
    this.follow();
    this.asked.ask(what, more);
  }
  /** Whether beginning anew would lose something: what was trained, or settings that were chosen.
   * @param {"reset" | "defaults"} what */
  loses(what) {
    const { status, told } = this.film;
    const defaults = Object.entries(told?.defaults ?? {});
    const chosen = defaults.some(([name, value]) => String(value) !== String(status.settings[name]));
    return status.step > 0 || (what === "defaults" && chosen);
  }
  follow() {
    this.time.following = true;
    this.changed();
  }
  /** @param {number} place of a step, or behind the last: now */
  go(place) {
    this.time.go(place);
    this.changed();
  }
  /** @param {number} step */
  goToStep(step) {
    this.slow.leave();
    this.go(nearest(this.time.steps, step));
  }
  end() {
    this.player.end();
    this.asked.end();
    this.slow.leave();
  }
}
