/* The table's head: headings that sort, and the axis of the column on show. */

import { make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { brief, decimals } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";
import { across } from "./line.js";
import { roomyTicks } from "./scores_axis.js";

/** @typedef {{node: HTMLElement, arrow: HTMLElement, words: string}} Heading */

const APART = 36; // pixels between two ticks

export class Head {
  /** @param {import("./order.js").Sheet} sheet @param {(sort: string) => void} go */
  constructor({ columns, facts }, go) {
    this.go = go;
    /** @type {Map<string, Heading>} */
    this.headings = new Map();
    this.axis = make("div", { class: "lane", "aria-hidden": "true" });
    this.about = make("span");
    const cells = [
      this.heading("title", say("rowTitle"), "title"),
      make("div", { role: "columnheader", class: "strip" }, this.about, this.axis),
      ...columns.map(({ key, title }) => this.heading(key, title, "score")),
      ...facts.map((fact) => this.heading(fact, fact, "fact")),
      this.heading("seeds", say("seeds"), "seeds"),
    ];
    this.count = cells.length - 2; // of the numbers
    this.node = make("div", { role: "row", class: "line", "data-label": say("sortBy") }, ...cells);
  }
  /** @param {string} sort @param {string} words @param {string} kind */
  heading(sort, words, kind) {
    const arrow = make("i", { "aria-hidden": "true" });
    const press = button("", () => this.go(sort));
    press.append(make("span", {}, words), arrow);
    const node = make("div", { role: "columnheader", class: kind, "data-sort": sort }, press);
    this.headings.set(sort, { node, arrow, words });
    return node;
  }
  /** The words of a heading. @param {string} sort */
  words(sort) {
    return this.headings.get(sort)?.words ?? "";
  }
  /** @param {string} sort @param {boolean} descending @param {string} chosen the column on show */
  show(sort, descending, chosen) {
    for (const [each, { node, arrow }] of this.headings) {
      node.classList.toggle("chosen", each === chosen);
      node.removeAttribute("aria-sort");
      arrow.textContent = "";
      if (each !== sort) continue;
      node.setAttribute("aria-sort", descending ? "descending" : "ascending");
      arrow.textContent = descending ? "▼" : "▲";
    }
  }
  /** @param {import("./scores_axis.js").Axis} axis @param {import("./order.js").Column} column */
  showAxis(axis, { title, unit, log, better }) {
    const shown = roomyTicks(axis, APART / (this.axis.clientWidth || 200));
    this.axis.replaceChildren(...shown.map((t) => across(make("span", {}, tickText(t)), axis.place(t))));
    const about = [unit, log ? say("logarithmic") : ""].filter(Boolean).join(say("listComma"));
    const way = make("span", { class: "way" }, say(better === "lower" ? "betterLeft" : "betterRight"));
    this.about.replaceChildren(make("b", {}, title), ` ${about} · `, way);
  }
}

/** @param {number} t */
const tickText = (t) => (t !== 0 && Math.abs(t) < 1e-4 ? brief(t) : numeral(t, decimals(t, 7), true));
