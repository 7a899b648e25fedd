/* Other rounds: a kernel deals them when it is asked to; a page without one begins anew with those that it has. */

import { say } from "../kit/words.js";
import { Wait } from "./wait.js";

export class Deal {
  /** @param {import("../kit/store.js").Store} store @param {() => void} draw */
  constructor(store, draw) {
    this.store = store;
    this.asked = -1; // the number of the deal that was the last when it was asked; −1: it is not
    this.wait = new Wait(draw);
  }
  /** @returns {{number: number, trouble: string}} */
  get last() {
    return this.store.get("dealt");
  }
  get waits() {
    return this.asked === this.last.number;
  }
  ask() {
    if (!this.store.live) return this.store.set({ guesses: [] });
    if (this.waits) return;
    this.asked = this.last.number;
    this.wait.begin();
    this.store.ask({ do: "deal" });
  }
  hear() {
    if (this.asked >= 0 && !this.waits) this.rest();
  }
  rest() {
    this.asked = -1;
    this.wait.end();
  }
  /** What there is to say of it. */
  get words() {
    if (this.waits) return say(this.wait.late ? "noAnswer" : "computing");
    return this.last.trouble ? say("noDeal", { trouble: this.last.trouble }) : "";
  }
}
