/* What a table holds, as score_rows.py makes it, and which of its rows are shown, in which order. */

import { isNumber } from "../kit/numbers.js";

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */
/** @typedef {"better" | "worse" | "spread" | "few" | "baseline"} Kind of a comparison with the baseline */
/** @typedef {{values: (number | null)[], texts: string[], n: number, low: Maybe, median: Maybe, high: Maybe, text:
 *   string,
 *   range: string, kind: Kind, words: string}} Cell a row's values in a column, a seed each */
/** @typedef {{key: string, title: string, unit: string, better: "lower" | "higher", log: boolean, floor: number | null,
 *   floor_text: string}} Column */
/** @typedef {{name: string, title: string, group: string, baseline: boolean, n: number, cells: Record<string, Cell>,
 *   facts: Record<string, Maybe>, fact_texts: Record<string, string>}} Row */
/** @typedef {{note: string, columns: Column[], facts: string[], seeds: string[], baseline: string, groups: string[],
 *   rows: Row[]}} Sheet one table */
/** @typedef {{sort: string, descending: boolean, query: string, hidden: string[]}} Wish
 *   sort: "" as they are listed, "title", "seeds", a fact or a column's key; query: words that title and group hold; hidden: groups left
 * out */

/** What a row is sorted by.
 * @param {Row} row @param {string} sort @returns {string | Maybe} */
function rank(row, sort) {
  if (sort === "title") return row.title.toLowerCase();
  if (sort === "seeds") return row.n;
  return Object.hasOwn(row.cells, sort) ? row.cells[sort].median : row.facts[sort];
}

/** The rows that are shown, in their order, as score_rows.arranged has them: what has no value to sort by comes last.
 * @param {Sheet} sheet @param {Wish} wish */
export function arranged(sheet, { sort, descending, query, hidden }) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (/** @type {Row} */ { title, group }) =>
    words.every((word) => `${title} ${group}`.toLowerCase().includes(word));
  const rows = sheet.rows.filter((row) => !hidden.includes(row.group) && holds(row));
  if (!sort) return rows;
  const ranks = new Map(rows.map((row) => [row, rank(row, sort)]));
  const isKnown = (/** @type {Row} */ row) => typeof ranks.get(row) === "string" || isNumber(ranks.get(row));
  const turn = descending ? -1 : 1;
  const order = (/** @type {Row} */ one, /** @type {Row} */ other) => {
    const [a, b] = [ranks.get(one), ranks.get(other)].map((each) => /** @type {number} */ (each));
    return a < b ? -turn : Number(a > b) * turn;
  };
  return [...rows.filter(isKnown).sort(order), ...rows.filter((row) => !isKnown(row))];
}

/** Whether the best rows come first where this is sorted downwards. @param {Sheet} sheet @param {string} sort */
export const isBestHigh = (sheet, sort) => sheet.columns.some(({ key, better }) => key === sort && better === "higher");

/** What changes with the table: a column, an order and a row that it lacks become its own.
 * @param {Sheet} next @param {{column: string, sort: string, selected: string}} now */
export function carriedOver(next, { column, sort, selected }) {
  const keys = next.columns.map(({ key }) => key);
  const shown = keys.includes(column) ? column : keys[0];
  const isKept = ["", "title", "seeds", ...next.facts, ...keys].includes(sort);
  return {
    column: shown,
    selected: next.rows.some(({ name }) => name === selected) ? selected : "",
    ...(isKept ? {} : { sort: shown, descending: isBestHigh(next, shown) }),
  };
}
