/* Plays a recording: so many frames a second until it is stopped. */

const RATE = 8; // frames a second

export class Player {
  /** @param {() => void} tick @param {() => void} changed called when it begins and ends */
  constructor(tick, changed) {
    this.tick = tick;
    this.changed = changed;
    this.clock = 0;
  }
  get on() {
    return this.clock > 0;
  }
  begin() {
    this.clock = window.setInterval(this.tick, 1000 / RATE);
    this.changed();
  }
  end() {
    clearInterval(this.clock);
    this.clock = 0;
    this.changed();
  }
}
