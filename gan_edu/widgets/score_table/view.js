/* The score table: a row an arm, every seed a mark, and the comparison with the baseline; one sorts, filters and picks.
 *
 * All numbers and comparisons come from score_rows.py.
 */

import { make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { buttonRow } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { isNumber } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Body } from "./body.js";
import { Filters } from "./filters.js";
import { Head } from "./head.js";
import { Line } from "./line.js";
import { arranged, carriedOver, isBestHigh } from "./order.js";
import style from "./score_table.css";
import { axisOf } from "./scores_axis.js";
import { legend, Verdict } from "./verdict.js";

/** @typedef {import("./order.js").Row} Row */

export const TRAITS = ["tables", "table", "column", "sort", "descending", "query", "hidden", "selected"];

export class ScoreTable extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "scores", "name", style);
    const names = Object.keys(store.get("tables"));
    this.note = make("span");
    this.tabs = buttonRow(
      say("table"),
      names.map((name) => [name, name]),
      (name) => this.turnTo(name),
      "acts",
    );
    this.tabs.node.hidden = names.length < 2;
    this.filters = new Filters(
      store,
      (column) => this.showColumn(column),
      (sort) => this.sortBy(sort),
    );
    /** @type {import("./order.js").Sheet | null} */
    this.loaded = null; // the table that head and filters are of
    this.shown = ""; // the column that the lines are of
    this.head = new Head(this.sheet, (sort) => this.sortBy(sort));
    this.heads = make("div", { role: "rowgroup", class: "thead" });
    this.body = new Body((name) => this.pick(name));
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    this.table = make("div", { role: "table", class: "sheet" }, this.heads, this.body.node);
    this.empty = make("p", { class: "words empty" }, say("noRow"));
    this.legend = make("p", { class: "words key" });
    this.verdict = new Verdict();
    this.begin();
  }
  build() {
    const rule = make("p", { class: "words" }, say("rule"));
    this.root.append(
      header(say("title"), this.note, this.tabs.node),
      this.filters.node,
      this.verdict.node,
      make("div", { class: "scroll" }, this.table),
      this.empty,
      this.legend,
      this.verdict.more,
      make("details", {}, make("summary", {}, say("how")), rule),
      footer(say("keys"), say("sorting")),
    );
  }
  /** @returns {import("./order.js").Sheet} the table on show */
  get sheet() {
    return this.store.get("tables")[this.store.get("table")];
  }
  get column() {
    const { columns } = this.sheet;
    return columns.find(({ key }) => key === this.store.get("column")) ?? columns[0];
  }
  get base() {
    const { rows } = this.sheet;
    return rows.find((row) => row.baseline) ?? rows[0];
  }

  /* -------- what a learner does */

  /** @param {string} table */
  turnTo(table) {
    const { get, set } = this.store;
    const now = { column: get("column"), sort: get("sort"), selected: get("selected") };
    set({ table, ...carriedOver(get("tables")[table], now) });
  }
  /** @param {string} sort */
  sortBy(sort) {
    const { get, set } = this.store;
    const descending = get("sort") === sort ? !get("descending") : isBestHigh(this.sheet, sort);
    set({ sort, descending });
    const way = descending ? "sortedDown" : "sortedUp";
    this.announce(sort ? say(way, { heading: this.head.words(sort) }) : say("asListed"));
  }
  /** The order follows where it was that of the old column. @param {string} column */
  showColumn(column) {
    const { get, set } = this.store;
    const old = get("column");
    const follows = get("sort") === old && get("descending") === isBestHigh(this.sheet, old);
    set(follows ? { column, sort: column, descending: isBestHigh(this.sheet, column) } : { column });
  }
  /** @param {string} name none: "" */
  pick(name) {
    this.store.set({ selected: name });
    this.paint();
    this.announce(this.verdict.told);
  }

  /* -------- what there is to see */

  load() {
    this.draw();
  }
  paint() {
    const { store, sheet, column, base } = this;
    this.rebuild();
    const [sort, descending, query, hidden, selected] = ["sort", "descending", "query", "hidden", "selected"].map(
      store.get,
    );
    const rows = arranged(sheet, { sort, descending, query, hidden });
    this.body.show(rows.flatMap(({ name }) => this.lines.get(name) ?? []));
    this.tabs.show(store.get("table"));
    this.filters.show(rows.length, sheet.rows.length);
    this.head.show(sort, descending, column.key);
    this.empty.hidden = rows.length > 0;
    const count = say("rowCount", { count: rows.length });
    this.table.setAttribute("aria-label", say("tableLabel", { table: store.get("table"), rows: count }));
    this.paintAxis(rows);
    const picked = sheet.rows.find(({ name }) => name === selected);
    const stop = picked && rows.includes(picked) ? picked : rows[0];
    for (const line of this.lines.values()) line.mark(line.row === picked, line.row === stop);
    this.verdict.show(sheet, column, base, picked);
  }
  /** Makes anew what hangs on the table, and on the column. */
  rebuild() {
    const { store, sheet, column } = this;
    const shown = JSON.stringify([store.get("table"), column.key]);
    if (this.loaded === sheet && this.shown === shown) return;
    if (this.loaded !== sheet) {
      put(this.note, sheet.note);
      this.filters.load(sheet);
      this.head = new Head(sheet, (sort) => this.sortBy(sort));
      this.heads.replaceChildren(this.head.node);
      this.table.style.setProperty("--count", String(this.head.count));
    }
    this.loaded = sheet;
    this.shown = shown;
    const line = (/** @type {Row} */ row) => new Line(sheet, row, column, (one, named) => this.press(one, named));
    this.lines = new Map(sheet.rows.map((row) => [row.name, line(row)]));
  }
  /** A click picks a row; one on the name of the picked row lets it go. @param {Line} line @param {boolean} named */
  press({ row }, named) {
    this.pick(named && this.store.get("selected") === row.name ? "" : row.name);
  }
  /** The axis holds what is shown, the baseline's median and the floor. @param {Row[]} rows */
  paintAxis(rows) {
    const { column, base } = this;
    const middle = base.cells[column.key].median;
    const values = rows.flatMap((row) => row.cells[column.key].values);
    const axis = axisOf([...values, middle, column.floor].filter(isNumber), column.log);
    for (const { name } of rows) this.lines.get(name)?.place(axis, middle);
    this.head.showAxis(axis, column);
    this.legend.replaceChildren(...legend(column, base));
  }
}
