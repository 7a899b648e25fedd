/* The names that Python gave: out of a page, where they are stored, or from a kernel, which is asked one thing at a time;
 * what was asked for since is asked when it has answered. */

import { Wait } from "./wait.js";

/** @typedef {{beginning: string, temperature: number, take: number}} Asked */
/** @typedef {{names: string[][], listed: string[], trouble: string}} Answer names: of each network; listed: those that
 *   are real */
/** @typedef {{labels: string[], temperatures: number[], beginnings: string[], letters: string, most: number}} Board */

const KEPT = 200; // answers

/** @param {Asked} asked */
const keyOf = ({ beginning, temperature, take }) => JSON.stringify([beginning, temperature, take]);

export class Answers {
  /** @param {import("../kit/store.js").Store} store @param {Board} board @param {() => void} onLate */
  constructor(store, board, onLate) {
    this.store = store;
    this.board = board;
    /** @type {Map<string, Answer>} */
    this.known = new Map();
    this.waits = ""; // what it is asked now
    this.wait = new Wait(onLate);
  }
  /** Takes in what the kernel has answered. */
  hear() {
    const { to, names, listed, trouble } = this.store.get("answer") ?? {};
    if (!to) return;
    const key = keyOf(to);
    if (this.waits === key) this.rest();
    this.known.set(key, { names, listed, trouble });
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
    this.wait.begin();
    this.store.ask({ do: "complete", asked });
  }
  rest() {
    this.waits = "";
    this.wait.end();
  }
  /** @param {Asked} asked @returns {Answer | null} */
  storedTo({ beginning, temperature, take }) {
    const { beginnings, temperatures } = this.board;
    const held = this.store.get("stored");
    const names = held[beginnings.indexOf(beginning)]?.[temperatures.indexOf(temperature)]?.[take];
    return names ? { names, listed: this.store.get("listed"), trouble: "" } : null;
  }
}
