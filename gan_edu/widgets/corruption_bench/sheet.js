/* The reader's own table of score × corruption: marked by clicks or keys, compared with what the stored one says. */

import { make, put, rich } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { begun, MARKS, truth } from "./cells.js";
import { Field } from "./field.js";
import { Lane, named } from "./lane.js";
import { axis, headCell } from "./rows.js";

/** @typedef {import("./cells.js").Stand} Stand */
/** @typedef {import("./cells.js").Table} Table */
/** @typedef {import("./cells.js").Filled} Filled */
/**
 * @typedef {{mark(field: Field, mark: string): void, clear(): void, check(): void, choose(corruption: string): void,
 * judged(): void, draw(): void}} View what it asks for
 */

export class Sheet {
  /** @param {Table} table @param {View} view */
  constructor(table, view) {
    this.table = table;
    this.view = view;
    this.truth = truth(table);
    /** @type {Filled} */
    this.filled = {};
    /** What stood there when it was checked. @type {Filled} */
    this.checked = {};
    this.answers = false; // whether they are shown
    this.asked = false; // whether a check was asked for
    const judged = Object.values(this.truth);
    this.scores = table.scores.filter(({ name }) => judged.every((marks) => name in marks));
    this.lanes = this.scores.map(({ name }) => new Lane(table, name));
    this.fields = this.scores.map(({ name }) => table.corruptions.map((each) => this.field(each, name)));
    this.heads = table.corruptions.map(({ name, title }) => button(title, () => view.choose(name)));
    this.result = make("p", { class: "result", role: "status" });
    this.reveal = button(say("answers"), () => this.showAnswers());
    this.node = make("div", { class: "mine" }, this.how(), this.grid(), this.acts());
    this.keys();
  }
  how() {
    const { level, count } = this.table.judged;
    const all = this.table.corruptions[0].levels.length;
    const judged = say("judgedAt", { level: level + 1, all, count });
    const there = button(say("goThere"), () => this.view.judged(), { kind: "there" });
    return make("p", { class: "how" }, ...rich(say("fillIn")), " ", judged, " ", there);
  }
  grid() {
    const heads = [...[say("score"), axis()].map(headCell), ...this.heads.map(headCell)];
    const lines = this.scores.map((score, s) => {
      const cells = this.fields[s].map(({ node }) => make("div", { role: "cell" }, node));
      const about = { role: "row", class: "line", "data-score": score.name };
      return make("div", about, named(score), this.lanes[s].node, ...cells);
    });
    const head = make("div", { role: "row", class: "line head" }, ...heads);
    const about = { role: "table", class: "rows fill", "aria-label": say("myTable") };
    const grid = make("div", about, head, ...lines);
    grid.style.setProperty("--columns", String(this.heads.length));
    return grid;
  }
  acts() {
    const check = button(say("check"), () => this.judge(), { kind: "main" });
    const clear = button(say("clear"), () => this.clear());
    return make("div", { class: "acts" }, check, this.reveal, clear, this.result);
  }
  /** A cell, which a click leads to the next mark.
   * @param {import("./cells.js").Corruption} corruption @param {string} score */
  field(corruption, score) {
    /** @type {Field} */
    const field = new Field(corruption, score, () => {
      const next = MARKS[MARKS.indexOf(field.of(this.filled)) + 1];
      this.view.mark(field, next ?? "");
    });
    return field;
  }
  /** Arrow keys lead from cell to cell; 1, 2 and 3 mark it. */
  keys() {
    /** @param {(row: number, column: number) => unknown} act */
    const at = (act) => (/** @type {Event} */ event) => {
      const row = this.fields.findIndex((line) => line.some(({ node }) => node === event.target));
      if (row < 0) return false;
      return act(
        row,
        this.fields[row].findIndex(({ node }) => node === event.target),
      );
    };
    const last = this.fields.length - 1;
    const go = (/** @type {number} */ down, /** @type {number} */ right) =>
      at((row, column) => {
        const line = this.fields[clamp(row + down, 0, last)];
        line[clamp(column + right, 0, line.length - 1)].node.focus();
      });
    const mark = (/** @type {string} */ told) => at((row, column) => this.view.mark(this.fields[row][column], told));
    const moves = { ArrowUp: go(-1, 0), ArrowDown: go(1, 0), ArrowLeft: go(0, -1), ArrowRight: go(0, 1) };
    const marks = Object.fromEntries(MARKS.map((told, k) => [String(k + 1), mark(told)]));
    const rest = { Home: go(-last, 0), End: go(last, 0), Delete: mark(""), Backspace: mark("") };
    onKeys(this.node, { ...moves, ...marks, ...rest });
    this.node.addEventListener(
      "focusin",
      at((row, column) => this.reach(this.fields[row][column])),
    );
    if (this.fields.length) this.reach(this.fields[0][0]);
  }
  /** The Tab key comes to this cell. @param {Field} reached */
  reach(reached) {
    for (const field of this.fields.flat()) field.node.tabIndex = field === reached ? 0 : -1;
  }
  judge() {
    this.answers = false;
    this.asked = true;
    this.view.check();
    this.view.draw();
  }
  clear() {
    this.answers = false;
    this.asked = false;
    this.view.clear();
  }
  /** What is said of the last check. */
  told() {
    if (!begun(this.checked)) return this.asked ? say("nothingMarked") : "";
    const all = this.fields.flat();
    const marked = all.filter((field) => field.of(this.checked));
    const right = marked.filter((field) => field.of(this.checked) === field.of(this.truth)).length;
    const changed = all.some((field) => field.of(this.checked) !== field.of(this.filled));
    const told = say("right", { count: right, marked: marked.length, left: all.length - marked.length });
    return changed ? `${told} ${say("changedSince")}` : told;
  }
  showAnswers() {
    this.answers = true;
    this.view.draw();
  }
  /** @param {{filled: Filled, checked: Filled}} made @param {Stand[]} stands @param {string} corruption */
  show({ filled, checked }, stands, corruption) {
    this.filled = filled;
    this.checked = checked;
    for (const [k, { name }] of this.table.corruptions.entries())
      this.heads[k].setAttribute("aria-pressed", String(name === corruption));
    for (const [s, score] of this.scores.entries())
      this.lanes[s].show(stands[this.table.scores.indexOf(score)], "none");
    for (const field of this.fields.flat()) field.show(this.shown(field));
    this.reveal.setAttribute("aria-disabled", String(!begun(checked)));
    put(this.result, this.told());
  }
  /** What a cell shows. @param {Field} field @returns {import("./field.js").Shown} */
  shown(field) {
    const [mark, answer] = [field.of(this.filled), field.of(this.truth)];
    const right = mark === answer;
    const checked = mark !== "" && mark === field.of(this.checked);
    return { mark, checked, right, answer: this.answers && begun(this.checked) && !right ? answer : "" };
  }
}
