/* A cell of the reader's own table. */

import { make, put, set } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { kindOf, signOf, spoken, verdict } from "./lane.js";

/** @typedef {{mark: string, checked: boolean, right: boolean, answer: string}} Shown answer: "" where it is not told */

export class Field {
  /** @param {{name: string, title: string}} corruption @param {string} score @param {() => void} go */
  constructor(corruption, score, go) {
    this.corruption = corruption.name;
    this.title = corruption.title;
    this.score = score;
    this.node = button("", go, { kind: "field" });
    this.node.tabIndex = -1;
  }
  /** Its value in a table of marks. @param {Record<string, Record<string, string>>} table */
  of(table) {
    return table[this.corruption]?.[this.score] ?? "";
  }
  /** @param {Shown} shown */
  show({ mark, checked, right, answer }) {
    const told = checked ? (right ? "right" : "wrong") : "";
    this.node.className = `field ${kindOf(answer || mark)} ${told} ${answer && "answered"}`;
    if (mark || answer) this.node.replaceChildren(...this.content(mark, told, answer));
    else put(this.node, "·");
    const aloud = [
      spoken(mark),
      told && say(told === "right" ? "isRight" : "wrong"),
      answer && say("answerIs", { answer: spoken(answer) }),
    ];
    const words = aloud.filter(Boolean).join(", ");
    set(this.node, { "aria-label": say("cellIs", { score: this.score, corruption: this.title, words }) });
  }
  /** A mark, and whether it was right in its corner; where the answer is told, that, behind the mark struck out.
   * @param {string} mark @param {string} told @param {string} answer @returns {(Node | string)[]} */
  content(mark, told, answer) {
    if (answer) return [...(mark ? [make("s", {}, signOf(mark)), " "] : []), ...verdict(answer)];
    const sign = { right: "✓", wrong: "✗" }[told];
    return [...verdict(mark), ...(sign ? [make("b", { "aria-hidden": "true" }, sign)] : [])];
  }
}
