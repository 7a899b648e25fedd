/* How a control is laid out: a title above, figures with captions, a table of numbers, hints below. */

import { make, put, rich } from "./dom.js";

/** The head of a control.
 * @param {string} title @param {string | Node} subtitle @param {...Node} acts what stands to the right of it */
export const header = (title, subtitle, ...acts) =>
  make(
    "header",
    {},
    make("div", { class: "titles" }, make("h3", {}, title), make("p", { class: "subtitle" }, subtitle)),
    ...acts,
  );

/** The foot: hints, each with *strong* parts.
 * @param {...string} hints */
export const footer = (...hints) => make("footer", {}, ...hints.map((hint) => make("span", {}, ...rich(hint))));

/** @param {...(string | Node)} words the first at the left, the others to the right */
export const caption = (...words) => {
  const [first, ...rest] = words;
  return make(
    "figcaption",
    {},
    first,
    ...rest.map((each) => (typeof each === "string" ? make("span", {}, each) : each)),
  );
};

/** A table of named numbers: `show({name: text})` puts them.
 * @param {Record<string, string>} rows name → label */
export function numbersTable(rows) {
  const cells = Object.fromEntries(Object.keys(rows).map((name) => [name, make("td")]));
  const lines = Object.entries(rows).map(([name, label]) =>
    make("tr", {}, make("th", { scope: "row" }, label), cells[name]),
  );
  return { node: make("table", {}, ...lines), show: shows(cells) };
}

/** @typedef {readonly (Node | string)[]} Label */
/** @typedef {readonly [head: Label, rows: Record<string, Label>]} Group rows: name → label */

/** A table of named numbers in groups, each under its head: `show({name: text})` puts them.
 * @param {readonly Group[]} groups */
export function groupedTable(groups) {
  const names = groups.flatMap(([, rows]) => Object.keys(rows));
  const cells = Object.fromEntries(names.map((name) => [name, make("td")]));
  const lines = groups.flatMap(([head, rows]) => [
    make("tr", { class: "head part" }, make("th", { colspan: 2, scope: "colgroup" }, ...head)),
    ...Object.entries(rows).map(([name, label]) => make("tr", {}, make("th", { scope: "row" }, ...label), cells[name])),
  ]);
  return { node: make("table", {}, ...lines), show: shows(cells) };
}

/** @param {Record<string, Element>} cells */
const shows = (cells) => (/** @type {Record<string, string>} */ texts) => {
  for (const [name, cell] of Object.entries(cells)) if (name in texts) put(cell, texts[name]);
};
