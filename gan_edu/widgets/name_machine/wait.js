/* A question that the kernel has not answered yet: when it has taken too long, the view says so. */

const PATIENCE = 2500; // ms

export class Wait {
  /** @param {() => void} onLate */
  constructor(onLate) {
    this.onLate = onLate;
    this.late = false;
    this.timer = 0;
  }
  begin() {
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.onLate();
    }, PATIENCE);
  }
  end() {
    clearTimeout(this.timer);
    this.late = false;
  }
}
