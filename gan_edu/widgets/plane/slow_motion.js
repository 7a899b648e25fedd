/* Slow motion: the stills of one step, a sub-step each, which go on by themselves until they are held. */

const EVERY = 1400; // ms a sub-step

/** @typedef {import("./moments.js").Still} Still */
/** @typedef {import("./frames.js").Bytes} Bytes */

export class SlowMotion {
  /** @param {{calm(): boolean, next(): void, changed(): void}} tells calm: whether nothing may move by itself; next:
   *   another step is wanted */
  constructor(tells) {
    this.tells = tells;
    /** @type {Still[]} */
    this.stills = [];
    /** @type {readonly Bytes[]} */
    this.frames = [];
    this.at = 0;
    this.clock = 0;
  }
  get on() {
    return this.stills.length > 0;
  }
  /** The still on show. @returns {Still | null} */
  get still() {
    return this.stills[this.at] ?? null;
  }
  /** @param {Still[]} stills @param {readonly Bytes[]} frames */
  take(stills, frames) {
    const goesOn = !this.on || this.clock > 0; // held: the next step's first sub-step waits, too
    [this.stills, this.frames, this.at] = [stills, frames, 0];
    if (goesOn) this.begin();
    this.tells.changed();
  }
  leave() {
    this.stills = [];
    this.end();
  }
  /** @param {number} at */
  to(at) {
    if (at >= this.stills.length) {
      this.tells.next();
      return;
    }
    this.at = Math.max(0, at);
    this.tells.changed();
  }
  /** Stands still, so many sub-steps further. @param {number} by */
  hold(by) {
    this.end();
    this.to(this.at + by);
  }
  begin() {
    this.end();
    if (!this.tells.calm()) this.clock = window.setInterval(() => this.to(this.at + 1), EVERY);
    this.tells.changed();
  }
  end() {
    clearInterval(this.clock);
    this.clock = 0;
    this.tells.changed();
  }
  beginOrHold() {
    if (this.clock) this.end();
    else this.begin();
  }
}
