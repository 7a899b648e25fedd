/* The rows as a learner goes through them, with keys and with the pointer. */

import { make } from "../kit/dom.js";
import { onKeys } from "../kit/keys.js";
import { clamp } from "../kit/numbers.js";
import { across } from "./line.js";

/** @typedef {import("./line.js").Line} Line */

export class Body {
  /** @param {(name: string) => void} pick */
  constructor(pick) {
    this.pick = pick;
    /** @type {Line[]} */
    this.lines = [];
    this.node = make("div", { role: "rowgroup", class: "tbody" });
    this.tip = make("span", { class: "tip", "aria-hidden": "true" });
    this.keys();
    const at = (/** @type {Event} */ event) =>
      this.point(/** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".dot")));
    for (const name of ["pointerover", "focusin"]) this.node.addEventListener(name, at);
    for (const name of ["pointerleave", "focusout"]) this.node.addEventListener(name, () => this.point(null));
  }
  /** Up and down from row to row, left and right through the marks of a row, which stand by their value. */
  keys() {
    const row = (/** @type {(at: number, last: number) => number} */ to) => (/** @type {KeyboardEvent} */ event) => {
      const last = this.lines.length - 1;
      this.toRow(event, this.lines[clamp(to(this.at(event), last), 0, last)]);
    };
    const mark = (/** @type {number} */ step) => (/** @type {KeyboardEvent} */ event) => {
      const { stops } = this.lines[this.at(event)];
      const now = stops.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      stops[clamp(now + step, 0, stops.length - 1)].focus();
    };
    onKeys(this.node, {
      ArrowUp: row((at) => at - 1),
      ArrowDown: row((at) => at + 1),
      Home: row(() => 0),
      End: row((_, last) => last),
      ArrowLeft: mark(-1),
      ArrowRight: mark(1),
    });
  }
  /** The line that a key was pressed in. @param {KeyboardEvent} event */
  at(event) {
    return this.lines.findIndex(({ node }) => node.contains(/** @type {Node} */ (event.target)));
  }
  /** To the same seed of another row, or to its name. @param {KeyboardEvent} event @param {Line} line */
  toRow(event, line) {
    const { seed } = /** @type {HTMLElement} */ (event.target).dataset;
    this.pick(line.row.name);
    const same = line.dots.find(({ node }) => seed !== undefined && node.dataset.seed === seed);
    (same?.node ?? line.name).focus();
  }
  /** Puts the lines in this order; what has the focus keeps it. @param {Line[]} lines */
  show(lines) {
    const isSame = lines.length === this.lines.length && lines.every((line, k) => line === this.lines[k]);
    if (isSame) return;
    const root = /** @type {ShadowRoot} */ (this.node.getRootNode());
    const held = /** @type {HTMLElement | null} */ (root.activeElement);
    this.lines = lines;
    this.node.replaceChildren(...lines.map(({ node }) => node));
    if (held && this.node.contains(held)) held.focus({ preventScroll: true });
  }
  /** Tells a mark's seed and value beside it, and shows the same seed in all rows. @param {HTMLElement | null} dot */
  point(dot) {
    this.tip.remove();
    for (const each of this.node.querySelectorAll(".same")) each.classList.remove("same");
    if (!dot) return;
    const { seed, told = "" } = dot.dataset;
    const share = Number.parseFloat(dot.style.left);
    this.tip.textContent = told;
    across(this.tip, share / 100).style.transform = `translateX(${-share}%)`;
    dot.after(this.tip);
    for (const each of this.node.querySelectorAll(`.dot[data-seed="${seed}"]`)) each.classList.add("same");
  }
}
