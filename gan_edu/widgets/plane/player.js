/* Plays a recording: so many frames a second until it is stopped. */

const RATE = 8; // frames a second, at speed 1

export class Player {
  /** @param {() => void} tick @param {() => void} changed called when it begins and ends */
  constructor(tick, changed) {
    this.tick = tick;
    this.changed = changed;
    this.clock = 0;
    this.speed = 1;
  }
  get on() {
    return this.clock > 0;
  }
  begin() {
    this.clock = window.setInterval(this.tick, 1000 / RATE / this.speed);
    this.changed();
  }
  end() {
    clearInterval(this.clock);
    this.clock = 0;
    this.changed();
  }
  /** @param {number} speed */
  faster(speed) {
    const { on } = this;
    this.speed = speed;
    if (!on) return;
    this.end();
    this.begin();
  }
}
