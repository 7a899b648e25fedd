/* What was asked of the kernel and not yet heard: each wish has a token, and a long silence is told of. */

const PATIENCE = 2500; // ms

export class Asked {
  /** @param {(message: object) => void} send
   * @param {() => void} changed called when it becomes late, and when it is heard */
  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
    this.late = false;
    this.timer = 0;
    /** @type {Map<string, () => void>} */
    this.open = new Map();
  }
  /** @param {string} what @param {object} [more] @param {() => void} [then] */
  ask(what, more = {}, then = () => {}) {
    const token = `${Math.random()}`;
    this.open.set(token, then);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.changed();
    }, PATIENCE);
    this.send({ do: what, token, ...more });
  }
  /** @param {string} token */
  heard(token) {
    const then = this.open.get(token);
    if (!then) return;
    this.open.delete(token);
    this.end();
    this.late = false;
    then();
    this.changed();
  }
  end() {
    clearTimeout(this.timer);
  }
}
