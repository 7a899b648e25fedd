/* A question with its answers: each is a button, and shows its reason once it was pressed. */

import { make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { say } from "../kit/words.js";
import { pressed } from "./given.js";
import { nodes } from "./texts.js";

/** @typedef {import("./given.js").Question} Question */

const LETTERS = "ABCDEFGH";

export class Card {
  /** @param {Question} question @param {number} place its own, from 0
   * @param {(place: number) => void} press an answer */
  constructor(question, place, press) {
    this.question = question;
    const id = `asked-${place}`;
    this.answers = question.answers.map((answer, k) => new Answer(answer, k, k === question.right, () => press(k)));
    this.more = make("p", { class: "note" });
    const number = make("span", { class: "number" }, String(place + 1));
    const asked = make("h4", { id, tabindex: -1 }, number, make("span", {}, ...nodes(question.asks)));
    const list = make("ul", { class: "answers" }, ...this.answers.map(({ node }) => node));
    onKeys(list, { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1) });
    this.asked = asked;
    this.node = make("section", { class: "card", role: "group", "aria-labelledby": id }, asked, list, this.more);
  }
  /** The keys go to the next answer, and press nothing. @param {number} by */
  step(by) {
    const buttons = this.answers.map(({ press }) => press);
    const at = buttons.findIndex((each) => each.matches(":focus"));
    if (at < 0) return false;
    buttons[(at + by + buttons.length) % buttons.length].focus();
  }
  /** @param {import("./given.js").Given} given */
  show(given) {
    const places = pressed(given, this.question.key);
    for (const [k, answer] of this.answers.entries()) answer.show(places.includes(k));
    const open = places.length > 0 && places.length < this.answers.length;
    put(this.more, open ? say(places.includes(this.question.right) ? "readOthers" : "tryOthers") : "");
  }
  /** What screen readers are told of an answer. @param {number} place */
  told(place) {
    return this.answers[place].told;
  }
}

class Answer {
  /** @param {{says: string, why: string}} answer @param {number} place @param {boolean} right @param {() => void} go */
  constructor({ says, why }, place, right, go) {
    this.right = right;
    this.press = button("", go);
    this.press.append(make("span", { class: "letter", "aria-hidden": "true" }, LETTERS[place]));
    this.press.append(make("span", { class: "says" }, ...nodes(says)));
    this.verdict = make("b", {});
    const sign = make("span", { "aria-hidden": "true" }, right ? "✓ " : "✗ ");
    this.why = make("p", { class: "why" }, sign, this.verdict, " ", ...nodes(why));
    this.node = make("li", {}, this.press, this.why);
  }
  /** @param {boolean} open whether it was pressed */
  show(open) {
    this.node.className = open ? (this.right ? "right" : "wrong") : "";
    this.press.setAttribute("aria-expanded", String(open));
    put(this.verdict, say(this.right ? "right" : "wrong"));
    this.why.hidden = !open;
  }
  get told() {
    return spoken(this.why);
  }
}

/** A node's text with its formulas as they are read out. @param {Node} node @returns {string} */
function spoken(node) {
  if (node instanceof Element && node.getAttribute("aria-hidden")) return "";
  if (node instanceof Element && node.getAttribute("role") === "math") return node.getAttribute("aria-label") ?? "";
  return node.nodeType === Node.TEXT_NODE ? (node.textContent ?? "") : [...node.childNodes].map(spoken).join("");
}
