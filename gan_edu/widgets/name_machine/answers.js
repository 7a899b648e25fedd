/* The names that Python gave: out of a page, where they are stored, or from a kernel, which is asked one thing at a time;
 * what was asked for since is asked when it has answered. */

/** @typedef {{beginning: string, temperature: number, take: number}} Asked */
/** @typedef {{names: string[][], trouble: string}} Answer names: of each network */
/** @typedef {{labels: string[], temperatures: number[], beginnings: string[], letters: string, most: number}} Board */

const PATIENCE = 2500; // ms without an answer until the view says so
const KEPT = 200; // answers

/** @param {Asked} asked */
const keyOf = ({ beginning, temperature, take }) => JSON.stringify([beginning, temperature, take]);

export class Answers {
  /** @param {import("../kit/store.js").Store} store @param {Board} board @param {() => void} onLate */
  constructor(store, board, onLate) {
    this.store = store;
    this.board = board;
    this.onLate = onLate;
    /** @type {Map<string, Answer>} */
    this.known = new Map();
    this.waits = ""; // what it is asked now
    this.late = false;
    this.timer = 0;
  }
  /** Takes in what the kernel has answered. */
  hear() {
    const { to, names, trouble } = this.store.get("answer") ?? {};
    if (!to) return;
    const key = keyOf(to);
    if (this.waits === key) this.rest();
    this.known.set(key, { names, trouble });
    for (const old of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(old);
  }
  /** The answer to what is asked; null while it is not there. @param {Asked} asked @returns {Answer | null} */
  to(asked) {
    if (!this.store.live) return this.storedTo(asked);
    const key = keyOf(asked);
    const found = this.known.get(key);
    if (!found && !this.waits) this.ask(asked, key);
    return found ?? null;
  }
  /** @param {Asked} asked @param {string} key */
  ask(asked, key) {
    this.waits = key;
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.onLate();
    }, PATIENCE);
    this.store.ask({ do: "complete", asked });
  }
  rest() {
    clearTimeout(this.timer);
    [this.waits, this.late] = ["", false];
  }
  /** @param {Asked} asked @returns {Answer | null} */
  storedTo({ beginning, temperature, take }) {
    const { beginnings, temperatures } = this.board;
    const held = this.store.get("stored");
    const names = held[beginnings.indexOf(beginning)]?.[temperatures.indexOf(temperature)]?.[take];
    return names ? { names, trouble: "" } : null;
  }
}
