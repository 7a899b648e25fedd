/* Plays: says which frame is due, so many a second, until it is stopped. */

const FRAMES_PER_SECOND = 8; // at speed 1

export class Player {
  /** @param {{frame: number, speed: number, advance(next: number): void}} view */
  constructor(view) {
    this.view = view;
    this.running = false;
    /** @type {{since: number, from: number} | null} the time from which it counts, and the frame then */
    this.clock = null;
    this.waiting = 0;
  }
  start() {
    if (this.running) return;
    this.running = true;
    this.again();
    this.wait();
  }
  stop() {
    this.running = false;
    cancelAnimationFrame(this.waiting);
  }
  /** It goes on from the frame on show. */
  again() {
    this.clock = null;
  }
  wait() {
    this.waiting = requestAnimationFrame((now) => {
      this.clock ??= { since: now, from: this.view.frame };
      const { since, from } = this.clock;
      const next = from + Math.floor(((now - since) / 1000) * FRAMES_PER_SECOND * this.view.speed);
      if (next > this.view.frame) this.view.advance(next);
      if (this.running) this.wait();
    });
  }
}
