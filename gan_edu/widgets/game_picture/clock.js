/* Time: how far the phase on show has come, and when the next is due. */

const MOVES = 1500; // ms in which what flows arrives
const RESTS = 1300; // ms to read, before the next phase

export class Clock {
  /** @param {{calm(): boolean, next(): boolean, changed(): void}} tells calm: whether nothing may move; next: goes on,
   *   and says whether there is more to come */
  constructor(tells) {
    this.tells = tells;
    this.share = 1; // of what flows in this phase
    this.running = false;
    this.since = 0; // when the phase began; 0: with the next refresh
    this.waiting = 0;
  }
  /** The phase begins anew. @param {boolean} moving whether it is seen to come about */
  begin(moving) {
    this.since = 0;
    this.share = moving && !this.tells.calm() ? 0 : 1;
    this.wait();
  }
  run() {
    this.running = true;
    this.since = 0;
    this.wait();
  }
  stop() {
    this.running = false;
  }
  end() {
    this.stop();
    cancelAnimationFrame(this.waiting);
  }
  wait() {
    if (this.share < 1 || this.running) this.waiting ||= requestAnimationFrame((now) => this.tick(now));
  }
  /** @param {number} now */
  tick(now) {
    this.waiting = 0;
    this.since ||= now - this.share * MOVES;
    const age = now - this.since;
    if (this.share < 1) {
      this.share = Math.min(1, age / MOVES);
      this.tells.changed();
    }
    if (this.running && age > MOVES + RESTS && !this.tells.next()) this.stop();
    this.wait();
  }
}
