/* The table of the loss explorer: a loss has its value, its slope and where the steps lead; so has its textbook
 * form. */

import { draw, lowered, make, put } from "../kit/dom.js";
import { brief, fixed, isNumber } from "../kit/numbers.js";
import { dashOf, LETTERS } from "../kit/runs.js";
import { say } from "../kit/words.js";

/** @typedef {import("./table.js").Pair} Pair */

export class LossRows {
  /** @param {number} last beyond this logit nothing is known */
  constructor(last) {
    this.last = last;
    /** @type {{own: HTMLElement[], form: HTMLElement[]}[]} */
    this.cells = [];
    this.body = make("tbody");
    this.head = make("th", { scope: "col" });
    const names = ["", say("loss"), say("slope")].map((words) => make("th", { scope: "col" }, words));
    const head = make("thead", {}, make("tr", {}, ...names, this.head));
    this.node = make("div", { class: "scroll" }, make("table", {}, head, this.body));
  }
  /** Rows of other losses. @param {import("./table.js").Curve[]} curves */
  load(curves) {
    this.cells = curves.map(({ textbook }) => ({ own: threeCells(), form: textbook ? threeCells() : [] }));
    this.body.replaceChildren(
      ...curves.flatMap(({ k, name, formula, textbook }, i) => {
        const { own, form } = this.cells[i];
        const row = make("tr", {}, heading(k, LETTERS[k], name, formula), ...own);
        const under = () => make("tr", { class: "form" }, heading(k, "", say("textbookForm")), ...form);
        return textbook ? [row, under()] : [row];
      }),
    );
  }
  /** @param {import("./table.js").State[]} states of those losses @param {number} steps */
  show(states, steps) {
    put(this.head, say("stepsOn", { count: steps }));
    for (const [i, { point, way, form }] of states.entries()) {
      this.fill(this.cells[i].own, point, way[way.length - 1][0]);
      if (form) this.fill(this.cells[i].form, form.point, form.end);
    }
  }
  /** @param {HTMLElement[]} cells @param {Pair} point @param {number} end the logit after the steps */
  fill(cells, [value, slope], end) {
    for (const [i, x] of [value, slope, end].entries()) {
      cells[i].textContent = i < 2 || !isNumber(x) ? brief(x) : this.logit(x);
      cells[i].classList.toggle("fails", !isNumber(x));
    }
  }
  /** @param {number} l */
  logit(l) {
    if (Math.abs(l) <= this.last) return fixed(l, 3);
    return say("beyond", { logit: brief(Math.sign(l) * this.last) });
  }
}

const threeCells = () => [make("td"), make("td"), make("td")];

/** @param {number} k @param {string} letter none for a textbook's form @param {string} words @param {string} [formula] */
function heading(k, letter, words, formula = "") {
  const badge = make("i", { class: `badge${letter ? "" : " none"}` }, letter);
  const path = letter
    ? draw("path", { d: "M0 5h26", class: "line", "stroke-dasharray": dashOf(k) })
    : draw("path", { d: "M0 5h26", class: "line textbook" });
  const line = draw("svg", { viewBox: "0 0 26 10", class: "sign wide", "aria-hidden": "true" }, path);
  const told = make("span", { class: "formula" }, ...lowered(formula));
  return make("th", { scope: "row" }, make("span", { class: `run${k}` }, badge, line), words, told);
}
