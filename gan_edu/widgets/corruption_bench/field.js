/* A cell of the reader's own table. */

import { make, put, set } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { kindOf, spoken, verdict } from "./lane.js";

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
    this.node.className = `field ${kindOf(mark)} ${told}`;
    if (mark || answer) this.node.replaceChildren(...verdict(mark), ...this.after(told, answer));
    else put(this.node, "·");
    const aloud = [
      spoken(mark),
      told && say(told === "right" ? "isRight" : "wrong"),
      answer && say("answerIs", { answer: spoken(answer) }),
    ];
    const words = aloud.filter(Boolean).join(", ");
    set(this.node, { "aria-label": say("cellIs", { score: this.score, corruption: this.title, words }) });
  }
  /** What stands behind a mark that was checked. @param {string} told @param {string} answer @returns {Node[]} */
  after(told, answer) {
    const sign = { right: "✓", wrong: "✗" }[told];
    const checked = sign ? [make("b", { "aria-hidden": "true" }, ` ${sign}`)] : [];
    return answer ? [...checked, make("small", {}, ...verdict(answer))] : checked;
  }
}
