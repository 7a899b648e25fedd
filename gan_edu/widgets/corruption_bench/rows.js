/* All scores at one setting: a lane each, its number, its verdict. */

import { make, put } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { counted, MARKS } from "./cells.js";
import { ends, kindOf, Lane, named, short, verdict } from "./lane.js";

/** @typedef {import("./cells.js").Stand} Stand */
/** @typedef {import("./cells.js").Table} Table */

export class Rows {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this.headline = make("p", { class: "headline", role: "status" });
    this.rows = table.scores.map((score) => row(table, score));
    const words = [say("score"), axis(), say("value"), say("verdictHead")];
    const head = make("div", { role: "row", class: "line head" }, ...words.map(headCell));
    this.list = make("div", { role: "table", class: "rows", "aria-label": say("scores") });
    const nodes = this.rows.map(({ node }) => node);
    const own = nodes.filter((node) => node.classList.contains("own"));
    this.list.append(head, ...own, ...nodes.filter((node) => !own.includes(node)));
    this.node = make("div", { class: "told" }, this.headline, this.list);
  }
  /** @param {Stand[]} stands @param {number} level @param {boolean} waits whether the verdicts wait for the reader's */
  show(stands, level, waits) {
    put(this.headline, waits ? say("markFirst") : this.summary(stands, level));
    for (const [s, stand] of stands.entries()) {
      const { lane, value, told } = this.rows[s];
      const mark = level && stand.mark !== null && !waits ? MARKS[stand.mark] : "";
      lane.show(stand, kindOf(mark));
      put(value, stand.now ? short(stand.now[0]) : "–");
      value.title = stand.now ? ends(stand.now) : "";
      told.className = `verdict ${kindOf(mark)}`;
      if (mark) told.replaceChildren(...verdict(mark));
      else put(told, stand.now ? (waits ? "?" : "–") : this.missing(s));
    }
  }
  /** @param {Stand[]} stands @param {number} level */
  summary(stands, level) {
    if (!level) return say("nothingDone");
    const { sees, blind, fooled, known } = counted(stands);
    return say("seeIt", { count: sees, of: known, blind, fooled });
  }
  /** Why a score has no number. @param {number} s */
  missing(s) {
    const own = this.table.own.names.includes(this.table.scores[s].name);
    return own ? say("onlyAt", { count: this.table.own.count }) : say("needsMore");
  }
}

/** @param {Table} table @param {{name: string, better: string, about: string}} score */
function row(table, score) {
  const lane = new Lane(table, score.name);
  const [value, told] = ["value", "verdict"].map((kind) => make("div", { role: "cell", class: kind }));
  const own = table.own.names.includes(score.name);
  const node = make("div", { role: "row", class: `line${own ? " own" : ""}`, "data-score": score.name });
  const name = named(score);
  if (own) name.append(make("small", {}, say("yours")));
  node.append(name, lane.node, value, told);
  return { node, lane, value, told };
}

/** @param {string | Node} words */
export const headCell = (words) => make("div", { role: "columnheader" }, words);

/** What lies left and right in a lane. */
export const axis = () =>
  make("span", { class: "axis" }, make("span", {}, say("looksBetter")), make("span", {}, say("worse")));
