/* A chapter's questions, one at a time or all of them; what was answered is kept by the browser. */

import { make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button, buttonRow } from "../kit/inputs.js";
import { kept } from "../kit/kept.js";
import { onRow } from "../kit/keys.js";
import { header } from "../kit/layout.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Card } from "./card.js";
import { after, count, fits, pressed, state } from "./given.js";
import style from "./quiz.css";

export const TRAITS = ["chapter", "heading", "questions", "given", "at", "whole"]; // as in widget.py
const SIGNS = { open: "", right: " ✓", wrong: " ✗" };
const SAID = { open: "isOpen", right: "isRight", wrong: "isWrong" };

/** @typedef {import("./given.js").Question} Question */

export class Quiz extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "quiz", "name", style);
    /** @type {Question[]} */
    this.questions = store.get("questions");
    this.cards = this.questions.map((question, k) => new Card(question, k, (place) => this.press(k, place)));
    const ways = /** @type {[string, string][]} */ ([
      ["one", say("oneByOne")],
      ["all", say("allAtOnce")],
    ]);
    this.ways = buttonRow(say("ways"), ways, (way) => this.store.set({ whole: way === "all" }));
    this.numbers = this.questions.map((_, k) => button("", () => this.go(k)));
    this.row = make("div", { class: "numbers", role: "group", "aria-label": say("numbers") }, ...this.numbers);
    this.back = button(say("back"), () => this.turn(-1));
    this.next = button(say("next"), () => this.turn(1));
    this.again = button(say("again"), () => this.restart(), { kind: "quiet" });
    this.told = make("p", { class: "told", role: "status" });
    this.kept = this.questions.map(({ key, asks }) =>
      kept(this.asked(key, asks), (made, news) => this.remember(key, made, news)),
    );
    this.begin();
  }
  build() {
    onRow(this.row);
    this.turns = make("div", { class: "turns" }, this.back, this.next);
    this.root.append(
      header(this.store.get("heading"), say("hint"), this.ways.node),
      this.row,
      ...this.cards.map(({ node }) => node),
      make("div", { class: "end" }, this.turns, this.told, this.again),
    );
  }
  /** The name that a browser keeps an answer by. @param {string} key @param {string} asks */
  asked(key, asks) {
    return { key: `quiz/${this.store.get("chapter")}/${key}`, question: asks };
  }
  /** @param {number} k a question @param {number} place of its answers */
  press(k, place) {
    const { key } = this.questions[k];
    this.give(k, after(this.store.get("given"), key, place)[key]);
    this.announce(this.cards[k].told(place));
  }
  /** @param {number} k a question @param {number[]} places that were pressed */
  give(k, places) {
    this.store.set({ given: { ...this.store.get("given"), [this.questions[k].key]: places } });
    this.kept[k].keep(/** @type {any} */ ({ places }));
    this.show();
  }
  /** What the browser has kept, where nothing else is known.
   * @param {string} key @param {any} made @param {boolean} news whether another frame has just done it */
  remember(key, made, news) {
    const question = this.questions.find((each) => each.key === key);
    const given = this.store.get("given");
    if (question && fits(made?.places, question) && (news || !pressed(given, key).length))
      this.store.set({ given: { ...given, [key]: made.places } });
  }
  restart() {
    for (const k of this.questions.keys()) this.give(k, []);
    this.go(0);
    this.announce(say("begunAgain"));
  }
  /** @param {number} by */
  turn(by) {
    this.go(clamp(this.store.get("at") + by, 0, this.questions.length - 1));
    this.cards[this.store.get("at")].asked.focus({ preventScroll: true });
  }
  /** @param {number} at */
  go(at) {
    this.store.set({ at });
    this.show();
  }
  load() {
    this.show();
  }
  show() {
    const [given, at, whole] = this.read("given", "at", "whole");
    this.ways.show(whole ? "all" : "one");
    for (const [k, card] of this.cards.entries()) {
      card.node.hidden = !whole && k !== at;
      card.show(given);
    }
    for (const [k, number] of this.numbers.entries()) this.mark(number, k, state(given, this.questions[k]), k === at);
    this.row.hidden = whole;
    if (this.turns) this.turns.hidden = whole;
    this.back.setAttribute("aria-disabled", String(at === 0));
    this.next.setAttribute("aria-disabled", String(at === this.questions.length - 1));
    const { done, right } = count(given, this.questions);
    put(this.told, say(done ? "done" : "noneDone", { count: this.questions.length, done, right }));
    this.again.hidden = done === 0;
  }
  /** @param {HTMLElement} number @param {number} k @param {keyof typeof SIGNS} how @param {boolean} here */
  mark(number, k, how, here) {
    put(number, `${k + 1}${SIGNS[how]}`);
    number.setAttribute("aria-label", say(SAID[how], { number: k + 1 }));
    number.setAttribute("aria-pressed", String(here));
  }
  destroy() {
    for (const each of this.kept) each.end();
    super.destroy();
  }
}
