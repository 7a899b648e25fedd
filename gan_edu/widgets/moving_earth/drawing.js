/* Piles drawn by hand: two pens lie over them, one over the earth, one over the holes; what is drawn can be taken back,
 * later too. */

import { make, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { button } from "../kit/inputs.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { clamp, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { GROUND, SHAFT } from "./line.js";
import { BINS, GRAINS, middle, WIDTH } from "./worlds.js";

/** @typedef {"fake" | "data"} Pile */
/** @typedef {{data: number[], fake: number[]}} Piles */
/** @typedef {{piles: () => Piles, set: (piles: Piles) => void, end: () => void, stays: () => void}} Tells piles: as they
 *   stand; stays: told where the last bar of one cannot be wiped out */

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
const PENS = { fake: "penOfEarth", data: "penOfHoles" };

export class Drawing {
  /** @param {import("../kit/plot.js").Plot} plot @param {Tells} tells */
  constructor(plot, tells) {
    this.plot = plot;
    this.tells = tells;
    this.on = false;
    /** @type {Piles[]} */
    this.past = []; // what stood before each stroke
    this.stays = false; // the last bar of a pile, which was to be wiped out
    this.column = { fake: BINS / 2, data: BINS / 2 }; // where each pen is
    this.pens = { fake: this.pen("fake"), data: this.pen("data") };
    this.undo = button(say("undo", { key: MAC ? "⌘Z" : "Ctrl+Z" }), () => this.back());
    set(this.undo, { "aria-keyshortcuts": "Control+Z Meta+Z" });
    plot.box.append(this.pens.fake, this.pens.data);
    this.turn(false);
  }
  /** @param {Pile} pile */
  pen(pile) {
    const about = { "aria-valuemin": 0, "aria-valuemax": GRAINS, "aria-label": say(PENS[pile]) };
    const node = make("div", { class: `pen ${pile}`, role: "slider", tabindex: 0, ...about });
    let last = { column: 0, grains: 0 };
    dragged(node, {
      start: (event) => {
        this.keep();
        last = this.under(event, pile);
        this.stroke(pile, last, last);
      },
      move: (event) => {
        const now = this.under(event, pile);
        this.stroke(pile, last, now);
        last = now;
      },
      end: () => this.settle(),
    });
    onArrows(node, { fine: 1, coarse: 5, go: (right, up) => this.key(pile, right, pile === "fake" ? up : -up) });
    onKeys(node, { Escape: () => this.turn(false) });
    return node;
  }
  /** @param {PointerEvent} event @param {Pile} pile */
  under(event, pile) {
    const [x, y] = this.plot.at(event);
    const share = pile === "fake" ? (y - GROUND) / (1 - GROUND) : (SHAFT - y) / SHAFT;
    return { column: clamp(Math.floor(x / WIDTH), 0, BINS - 1), grains: Math.round(clamp(share, 0, 1) * GRAINS) };
  }
  /** Grains from one place to another, a straight line between them; the last ones of a pile stay.
   * @param {Pile} pile @param {{column: number, grains: number}} from @param {{column: number, grains: number}} to */
  stroke(pile, from, to) {
    const piles = this.tells.piles();
    const grains = [...piles[pile]];
    const steps = Math.max(1, Math.abs(to.column - from.column));
    for (let k = 0; k <= steps; k++) {
      const at = from.column + Math.round((k / steps) * (to.column - from.column));
      grains[at] = Math.round(from.grains + (k / steps) * (to.grains - from.grains));
    }
    const wiped = !grains.some((each) => each > 0);
    if (wiped) {
      const last = nearest(piles[pile], to.column);
      grains[last] = piles[pile][last];
    }
    if (wiped && !this.stays) this.tells.stays(); // said once a stroke
    this.stays ||= wiped;
    this.column[pile] = to.column;
    this.tells.set({ ...piles, [pile]: grains });
  }
  /** @param {Pile} pile @param {number} right @param {number} more */
  key(pile, right, more) {
    const column = clamp(this.column[pile] + right, 0, BINS - 1);
    this.column[pile] = column;
    if (more) {
      this.keep();
      const grains = clamp(this.tells.piles()[pile][column] + more, 0, GRAINS);
      this.stroke(pile, { column, grains }, { column, grains });
    }
    this.settle();
  }
  keep() {
    this.stays = false;
    this.past.push(this.tells.piles());
  }
  /** The end of a stroke; one that changed nothing need not be taken back. */
  settle() {
    const before = this.past[this.past.length - 1];
    if (before && String(Object.values(before)) === String(Object.values(this.tells.piles()))) this.past.pop();
    this.tells.end();
  }
  back() {
    const before = this.past.pop();
    this.stays = false;
    if (before) this.tells.set(before);
  }
  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    this.stays = false;
    this.tells.end();
    this.show();
    if (on) this.pens.fake.focus({ preventScroll: true });
  }
  show() {
    this.undo.setAttribute("aria-disabled", String(!this.past.length));
    this.plot.box.classList.toggle("drawing", this.on);
    for (const [pile, node] of Object.entries(this.pens)) {
      node.hidden = !this.on;
      if (!this.on) continue;
      const column = this.column[/** @type {Pile} */ (pile)];
      const grains = this.tells.piles()[/** @type {Pile} */ (pile)][column];
      set(node, { "aria-valuenow": grains, "aria-valuetext": say("penAt", { x: signed(middle(column), 2), grains }) });
      node.style.setProperty("--at", `${this.plot.x(middle(column)).toFixed(1)}px`);
    }
  }
}

/** Of the bars of a pile the one nearest to a column. @param {readonly number[]} grains @param {number} column */
const nearest = (grains, column) =>
  grains.reduce(
    (best, each, k) => (each > 0 && (best < 0 || Math.abs(k - column) < Math.abs(best - column)) ? k : best),
    -1,
  );

/** Whether keys ask for what was done last to be taken back. @param {KeyboardEvent} event */
export const isUndo = (event) =>
  (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "z";
