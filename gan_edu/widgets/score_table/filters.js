/* What is shown of a table: its column, the rows that hold some words, and the groups. */

import { make, put } from "../kit/dom.js";
import { button, choice, offer } from "../kit/inputs.js";
import { say } from "../kit/words.js";

export class Filters {
  /** @param {import("../kit/store.js").Store} store @param {(column: string) => void} showColumn
   * @param {(sort: string) => void} sortBy */
  constructor(store, showColumn, sortBy) {
    this.store = store;
    this.sort = choice(say("sortBy"), [], sortBy);
    this.column = choice(say("column"), [], showColumn);
    this.search = make("input", { type: "search", "aria-label": say("filterLabel"), placeholder: say("filterRows") });
    this.search.addEventListener("input", () => store.set({ query: this.search.value }));
    /** @type {HTMLInputElement[]} */
    this.boxes = [];
    this.groups = make("fieldset", { class: "groups" });
    this.count = make("span", { class: "words", role: "status" });
    this.all = button(say("showAll"), () => {
      store.set({ query: "", hidden: [] });
      this.search.focus();
    });
    const shown = make("label", {}, say("shown"), this.column);
    const sorted = make("label", {}, say("sortBy"), this.sort);
    this.node = make("div", { class: "acts filters" }, shown, sorted, this.search, this.groups, this.count, this.all);
  }
  /** What another table has to choose from. @param {import("./order.js").Sheet} sheet */
  load({ columns, facts, groups }) {
    const options = columns.map(({ key, title, better }) => {
      const words = say(better === "lower" ? "lowerIsBetter" : "higherIsBetter", { measure: title });
      return /** @type {const} */ ([key, words]);
    });
    offer(this.column, options);
    offer(this.sort, [
      ["", say("asListed")],
      ["title", say("rowTitle")],
      ...columns.map(({ key, title }) => /** @type {[string, string]} */ ([key, title])),
      ...facts.map((fact) => /** @type {[string, string]} */ ([fact, fact])),
      ["seeds", say("seeds")],
    ]);
    this.boxes = groups.map((group) => this.box(group));
    const labels = this.boxes.map((box) => make("label", {}, box, box.value));
    this.groups.replaceChildren(make("legend", { class: "live" }, say("groups")), ...labels);
    this.groups.hidden = groups.length < 2;
  }
  /** @param {string} group */
  box(group) {
    const box = make("input", { type: "checkbox", value: group });
    box.addEventListener("change", () => {
      const others = this.store.get("hidden").filter((/** @type {string} */ each) => each !== group);
      this.store.set({ hidden: box.checked ? others : [...others, group] });
    });
    return box;
  }
  /** @param {number} count of the rows on show @param {number} all */
  show(count, all) {
    const [column, query, hidden] = ["column", "query", "hidden"].map(this.store.get);
    this.column.value = column;
    this.sort.value = this.store.get("sort");
    if (this.search.value !== query) this.search.value = query; // else the caret would move
    for (const box of this.boxes) box.checked = !hidden.includes(box.value);
    put(this.count, count === all ? say("rowCount", { count }) : say("rowsOf", { shown: count, all }));
    this.all.hidden = count === all;
  }
}
