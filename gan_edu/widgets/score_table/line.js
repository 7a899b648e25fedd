/* A row of the table: its name, a strip with a mark for each seed, its scores and facts. */

import { make } from "../kit/dom.js";
import { isNumber } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { inShort } from "./marks.js";

/** @typedef {import("./order.js").Row} Row */
/** @typedef {import("./order.js").Maybe} Maybe */

export class Line {
  /** @param {import("./order.js").Sheet} sheet @param {Row} row
   * @param {import("./order.js").Column} column the one on show
   * @param {(line: Line, named: boolean) => void} go named: whether its name was pressed */
  constructor(sheet, row, column, go) {
    this.row = row;
    this.column = column;
    this.cell = row.cells[column.key];
    this.name = this.nameButton();
    /** @type {{node: HTMLElement, value: number}[]} */
    this.dots = this.cell.values.flatMap((value, seed) =>
      isNumber(value) ? [{ node: this.dot(sheet, seed), value }] : [],
    );
    this.parts = { floor: part("floor"), base: part("base"), range: part("range"), middle: part("middle") };
    const { floor, base, range, middle } = this.parts;
    const lane = make("div", { class: "lane" }, floor, base, range, ...this.dots.map(({ node }) => node), middle);
    this.node = make(
      "div",
      { role: "row", class: `line${row.baseline ? " baseline" : ""}`, "data-row": row.name },
      make("div", { role: "rowheader", class: "title" }, this.name),
      make("div", { role: "cell", class: "strip" }, lane),
      ...this.numbers(sheet),
    );
    this.node.addEventListener("click", (event) => go(this, event.composedPath().includes(this.name)));
  }
  nameButton() {
    const { title, group } = this.row;
    const told = make("span", { class: this.cell.kind }, inShort(this.cell.kind));
    const under = make("small", {}, ...(group ? [`${group} · `] : []), told);
    return make("button", { type: "button", class: "name", tabindex: -1 }, make("b", {}, title), under);
  }
  /** The mark of a seed, which stands the lower the later.
   * @param {import("./order.js").Sheet} sheet @param {number} seed */
  dot(sheet, seed) {
    const { row, column, cell } = this;
    const told = say("seedIs", { seed: sheet.seeds[seed], value: cell.texts[seed] });
    const node = make("button", {
      ...{ type: "button", class: "dot", tabindex: -1, "data-seed": seed, "data-told": told },
      "aria-label": say("dotLabel", { row: row.title, column: column.title, told }),
    });
    const share = sheet.seeds.length > 1 ? seed / (sheet.seeds.length - 1) : 0.5;
    node.style.top = `${25 + 50 * share}%`;
    return node;
  }
  /** @param {import("./order.js").Sheet} sheet */
  numbers({ columns, facts }) {
    const { row, column } = this;
    const scores = columns.map(({ key }) => {
      const kind = `score${key === column.key ? " chosen" : ""}`;
      const { text, range } = row.cells[key];
      return cell(kind, key, make("b", {}, text), make("small", {}, range));
    });
    const known = facts.map((fact) => cell("fact", fact, row.fact_texts[fact]));
    const seeds = cell("seeds", "seeds", String(row.n));
    seeds.dataset.label = say("seedCount"); // seen where the table is narrow
    return [...scores, ...known, seeds];
  }
  /** Where arrow keys stop, from the left. */
  get stops() {
    const dots = [...this.dots].sort((a, b) => a.value - b.value);
    return [this.name, ...dots.map(({ node }) => node)];
  }
  /** @param {import("./scores_axis.js").Axis} axis @param {Maybe} middle the baseline's median */
  place(axis, middle) {
    const { low, median, high } = this.cell;
    const at = { floor: this.column.floor, base: middle, range: isNumber(high) ? low : null, middle: median };
    for (const [kind, value] of Object.entries(at)) {
      const node = this.parts[/** @type {keyof typeof at} */ (kind)];
      node.hidden = !isNumber(value);
      if (isNumber(value)) across(node, axis.place(value));
    }
    if (isNumber(low) && isNumber(high)) this.parts.range.style.width = percent(axis.place(high) - axis.place(low));
    for (const { node, value } of this.dots) across(node, axis.place(value));
  }
  /** @param {boolean} picked @param {boolean} reached whether the Tab key comes here */
  mark(picked, reached) {
    this.node.classList.toggle("picked", picked);
    this.name.setAttribute("aria-pressed", String(picked));
    this.name.tabIndex = reached ? 0 : -1;
  }
}

/** @param {string} kind */
const part = (kind) => make("i", { class: kind });

/** @param {string} kind @param {string} key @param {...(Node | string)} words */
const cell = (kind, key, ...words) => make("div", { role: "cell", class: kind, "data-key": key }, ...words);

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(3)}%`;

/** Puts a node so far from the left.
 * @template {HTMLElement} N
 * @param {N} node @param {number} share */
export function across(node, share) {
  node.style.left = percent(share);
  return node;
}
