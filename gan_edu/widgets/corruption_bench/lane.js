/* A score's row: its name, and a lane with where it stands and where it stood untouched. */

import { make, set } from "../kit/dom.js";
import { brief, decimals } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";
import { MARKS, place } from "./cells.js";

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Stand} Stand */
/** @typedef {import("./cells.js").Table} Table */

const SIGNS = ["→", "≈", "←"]; // which way it moved
const WORDS = () => [say("sees"), say("blind"), say("fooled")];

/** A verdict with its sign; nothing for none. @param {string} mark */
export function verdict(mark) {
  const at = MARKS.indexOf(mark);
  return at < 0
    ? []
    : [make("i", { "aria-hidden": "true" }, SIGNS[at]), " ", make("span", { class: "word" }, WORDS()[at])];
}

/** Its sign alone. @param {string} mark */
export const signOf = (mark) => SIGNS[MARKS.indexOf(mark)] ?? "";

/** The same for screen readers. @param {string} mark */
export const spoken = (mark) => WORDS()[MARKS.indexOf(mark)] ?? say("empty");

/** The class of a verdict. @param {string} mark */
export const kindOf = (mark) => ["sees", "blind", "fooled"][MARKS.indexOf(mark)] ?? "none";

/** A score's name, with an arrow to what is better. @param {{name: string, better: string, about: string}} score */
export function named({ name, better, about }) {
  const [arrow, words] = better === "lower" ? ["↓", say("lowerIsBetter")] : ["↑", say("higherIsBetter")];
  const sign = make("span", { class: "better", role: "img", "aria-label": words, title: words }, arrow);
  return make("div", { role: "rowheader", class: "score" }, make("span", { title: about || name }, name), sign);
}

export class Lane {
  /** @param {Table} table @param {string} name its score's */
  constructor(table, name) {
    this.table = table;
    this.name = name;
    this.parts = {
      band: part("band"), // what chance does to untouched samples
      was: part("was"),
      range: part("range"),
      dot: part("dot"),
    };
    const zero = part("zero");
    zero.style.left = share(table.untouched);
    this.pane = make("div", { class: "pane" }, zero, ...Object.values(this.parts));
    this.node = make("div", { role: "cell", class: "lane" }, this.pane);
  }
  /** @param {Stand} stand @param {string} kind the class of its colour */
  show({ scale, before, now }, kind) {
    this.pane.dataset.kind = kind;
    const { band, was, range, dot } = this.parts;
    for (const each of [band, was]) each.hidden = !scale || !before;
    for (const each of [range, dot]) each.hidden = !scale || !now;
    const told = this.told(before, now);
    set(this.pane, { role: "img", "aria-label": told, title: told });
    if (!scale) return;
    if (before) this.put(scale, before, was, band);
    if (now) this.put(scale, now, dot, range);
  }
  /** @param {import("./cells.js").Scale} scale @param {Cell} cell @param {HTMLElement} middle @param {HTMLElement} ends */
  put(scale, cell, middle, ends) {
    const [mean, a, b] = cell.map((value) => place(this.table, scale, value));
    middle.style.left = share(mean);
    ends.style.left = share(Math.min(a, b));
    ends.style.width = share(Math.abs(b - a));
  }
  /** @param {Cell | null} before @param {Cell | null} now */
  told(before, now) {
    if (!now || !before) return say("noneHere", { score: this.name });
    return say("laneIs", { score: this.name, now: ends(now), before: ends(before) });
  }
}

/** A number of three digits that count, thousands set apart. @param {number} x */
export function short(x) {
  const size = Math.abs(x);
  return size >= 1e-3 && size < 1e6 ? numeral(+x.toPrecision(3), decimals(x, 3), true) : brief(x);
}

/** A number with the ends of its interval. @param {Cell} cell */
export const ends = ([mean, least, largest]) =>
  say("interval", { mean: short(mean), least: short(least), largest: short(largest) });

/** @param {string} kind */
const part = (kind) => make("i", { class: kind });

/** @param {number} x */
const share = (x) => `${(100 * x).toFixed(2)}%`;
