/* What Python made of a picture: out of a page, where all is stored, or from a kernel, which is asked one thing at a time;
 * what was asked for since is asked when it has answered. */

import { bytesOf } from "../kit/dom.js";
import { PIXELS } from "./holes.js";

/** @typedef {{which: number, own: string, tab: number, strength: number, hole: string, weight: number}} Asked */
/** @typedef {{seen: Uint8Array | null, restored: Uint8Array, trouble: string}} Answer seen: what is left, but of a hole */
/** @typedef {{tabs: {name: string, strengths: string[]}[], weights: string[], presets: import("./holes.js").Preset[],
 *   count: number}} Board */

const PATIENCE = 2500; // ms without an answer until the view says so
const KEPT = 400; // answers

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
    const stored = store.get("stored");
    this.seen = new Uint8Array(bytesOf(stored?.seen ?? ""));
    this.made = new Uint8Array(bytesOf(stored?.restored ?? ""));
  }
  /** What depends on nothing that is asked is left out. @param {Asked} asked */
  keyOf({ which, own, tab, strength, hole, weight }) {
    return [which < this.board.count ? which : own, tab, tab ? strength : hole, weight].join(" ");
  }
  /** Takes in what the kernel has answered. */
  hear() {
    const { to, pixels, trouble } = this.store.get("answer") ?? {};
    if (!to) return;
    const key = this.keyOf(to);
    if (this.waits === key) this.rest();
    const bytes = pixels ? new Uint8Array(bytesOf(pixels)) : new Uint8Array(2 * PIXELS);
    this.known.set(key, { seen: bytes.subarray(0, PIXELS), restored: bytes.subarray(PIXELS), trouble });
    for (const old of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(old);
  }
  /** The answer to what is asked; null while it is not there. @param {Asked} asked @returns {Answer | null} */
  to(asked) {
    if (!this.store.live) return this.storedTo(asked);
    const key = this.keyOf(asked);
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
    this.store.ask({ do: "restore", asked });
  }
  rest() {
    clearTimeout(this.timer);
    [this.waits, this.late] = ["", false];
  }
  /** @param {Asked} asked @returns {Answer | null} */
  storedTo({ which, tab, strength, hole, weight }) {
    const { presets, tabs, weights } = this.board;
    const levels = tabs.map(({ strengths }) => strengths.length);
    const all = levels.reduce((sum, count) => sum + count, 0);
    const level = levels.slice(0, Math.max(0, tab - 1)).reduce((sum, count) => sum + count, strength);
    const place = tab ? presets.length + level : presets.findIndex(({ name }) => name === hole);
    const at = ((which * (presets.length + all) + place) * weights.length + weight) * PIXELS;
    if (place < 0 || at + PIXELS > this.made.length) return null;
    const from = (which * all + level) * PIXELS;
    const seen = tab ? this.seen.subarray(from, from + PIXELS) : null;
    return { seen, restored: this.made.subarray(at, at + PIXELS), trouble: "" };
  }
}
