/* What stands below the table: what its marks mean, and the picked row against the baseline. */

import { make } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { MARKS } from "./marks.js";

/** @typedef {import("./order.js").Sheet} Sheet */
/** @typedef {import("./order.js").Row} Row */
/** @typedef {import("./order.js").Column} Column */

export class Verdict {
  constructor() {
    this.mark = make("i", { "aria-hidden": "true" });
    this.word = make("b");
    this.why = make("span");
    this.node = make("div", { class: "verdict" }, this.mark, make("div", {}, this.word, this.why));
    this.more = make("dl");
  }
  /** @param {Sheet} sheet @param {Column} column @param {Row} base @param {Row | undefined} row none is picked */
  show(sheet, column, base, row) {
    if (row) this.showRow(column, base, row);
    else this.showNone(column, base);
    const facts = row ? others(sheet, column, base, row) : [];
    const terms = facts.map(([words, told]) => make("div", {}, make("dt", {}, words), make("dd", {}, told)));
    this.more.replaceChildren(...terms);
    this.more.hidden = !facts.length;
  }
  /** @param {Column} column @param {Row} base */
  showNone({ key, title }, base) {
    this.mark.className = "none";
    this.mark.textContent = "?";
    this.word.textContent = say("pickRow");
    this.why.textContent = say("baselineIs", { title: base.title, column: title, median: base.cells[key].text });
  }
  /** @param {Column} column @param {Row} base @param {Row} row */
  showRow({ key, title }, base, row) {
    const { kind, text, range, n, words } = row.cells[key];
    this.mark.className = kind;
    this.mark.textContent = MARKS[kind] || "•";
    this.word.textContent = say("verdict", { row: row.title, column: title, told: words });
    this.why.textContent = row.baseline
      ? say("medianOfSeeds", { median: text, range, n })
      : say("againstOfSeeds", { told: against(row, base, key), n: row.n, base: base.n });
  }
  /** What screen readers are told. */
  get told() {
    const [verdict, why] = [this.word, this.why].map((each) => each.textContent ?? "");
    return say("verdictAloud", { verdict, why });
  }
}

/** The other columns and the facts of a row, [name, words] each.
 * @param {Sheet} sheet @param {Column} column @param {Row} base @param {Row} row */
function others(sheet, column, base, row) {
  const told = (/** @type {string} */ key) => {
    const { kind, text, range, words } = row.cells[key];
    if (row.baseline) return say("medianIs", { median: text, range });
    return say("otherVerdict", { mark: MARKS[kind], told: words, against: against(row, base, key) });
  };
  const scores = sheet.columns.filter((each) => each !== column).map(({ key, title }) => [title, told(key)]);
  return [...scores, ...sheet.facts.map((fact) => [fact, row.fact_texts[fact]])];
}

/** Medians and ranges of a row and the baseline. @param {Row} row @param {Row} base @param {string} key */
function against(row, base, key) {
  const [own, other] = [row.cells[key], base.cells[key]];
  return say("against", { median: own.text, range: own.range, baseMedian: other.text, baseRange: other.range });
}

/** What the marks mean. @param {Column} column @param {Row} base */
export function legend({ key, floor, floor_text }, base) {
  const entry = (/** @type {string} */ kind, /** @type {string} */ words) =>
    make("span", {}, make("i", { class: `sample ${kind}`, "aria-hidden": "true" }), words);
  const entries = [
    entry("dot", say("oneSeed")),
    entry("middle", say("median")),
    entry("range", say("range")),
    entry("base", say("baselinesMedianIs", { median: base.cells[key].text })),
  ];
  return floor === null ? entries : [...entries, entry("floor", say("floorOfReal", { floor: floor_text }))];
}
