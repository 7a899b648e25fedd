/* The game: of two names one is real. The reader's score beside D's, and beside what guessing gives. */

import { make, put, set, sign } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { fixed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Deal } from "./deal.js";
import { choiceOf, guessing, scoreOf } from "./luck.js";
import { Score } from "./score.js";

/** @typedef {import("./luck.js").Pair} Pair */

export class Game {
  /** @param {import("../kit/store.js").Store} store @param {() => void} draw */
  constructor(store, draw) {
    this.store = store;
    this.draw = draw;
    this.deal = new Deal(store, draw);
    this.told = false; // whether the last round played is still on show, with its answer
    this.cards = [0, 1].map((place) => this.card(place));
    this.next = button(say("next"), () => this.goOn(), { kind: "main" });
    this.restart = button(say(store.live ? "restart" : "restartSame"), () => this.begin());
    this.head = make("p", { class: "round" });
    this.result = make("p", { class: "result", role: "status" });
    this.fault = make("p", { class: "words fault", role: "status" });
    this.verdict = make("p", { class: "words verdict" });
    const acts = make("div", { class: "acts" }, this.next, this.restart);
    const cards = make("div", { class: "cards" }, ...this.cards.map(({ node }) => node));
    this.round = make(
      "div",
      { class: "asked", role: "group", tabindex: -1 },
      this.head,
      cards,
      this.result,
      acts,
      this.fault,
    );
    this.score = new Score(this.pairs, store.get("board").labels);
    const playing = make("div", { class: "playing" }, this.round, make("div", {}, this.score.node, this.verdict));
    const choose = (/** @type {number} */ place) => () => this.choose(place);
    const enter = () => (this.answered && !this.over ? this.goOn() : false);
    onKeys(playing, { Enter: enter, 1: choose(0), 2: choose(1), ArrowLeft: choose(0), ArrowRight: choose(1) });
    const none = make("p", { class: "note" }, say("noRounds"));
    this.nodes = this.pairs.length ? [playing] : [none];
  }
  /** @param {number} place */
  card(place) {
    const [name, origin] = [make("bdi"), make("span", { class: "origin" })];
    const key = make("kbd", { "aria-hidden": "true" }, String(place + 1));
    const node = make("button", { type: "button", class: "card" }, key, name, origin);
    node.addEventListener("click", () => this.choose(place));
    return { node, name, origin };
  }
  /** @returns {Pair[]} */
  get pairs() {
    return this.store.get("pairs");
  }
  /** @returns {number[]} */
  get guesses() {
    return this.store.get("guesses");
  }
  /** The number of the round on show, from 0. */
  get at() {
    const played = this.guesses.length;
    return this.told || played === this.pairs.length ? played - 1 : played;
  }
  get answered() {
    return this.at < this.guesses.length;
  }
  /** @param {number} place */
  choose(place) {
    if (this.answered) return;
    this.told = true;
    this.store.set({ guesses: [...this.guesses, place] });
    this.draw();
  }
  goOn() {
    this.told = false;
    this.round.focus({ preventScroll: true });
    this.draw();
  }
  begin() {
    this.deal.ask();
    if (this.guesses.length) this.draw();
    else this.goOn();
  }
  get over() {
    return this.guesses.length === this.pairs.length;
  }
  show() {
    if (!this.pairs.length) return;
    this.deal.hear();
    if (!this.guesses.length) this.told = false;
    const { at, answered, over } = this;
    if (!over && this.restart.matches(":focus")) this.round.focus({ preventScroll: true }); // before it is hidden
    const pair = this.pairs[at];
    const head = say("round", { round: at + 1, rounds: this.pairs.length });
    put(this.head, head);
    set(this.round, { "aria-label": head });
    for (const [place, card] of this.cards.entries()) this.showCard(place, card, pair, answered);
    put(this.result, answered ? this.resultOf(pair) : "");
    [this.next.hidden, this.restart.hidden] = [!answered || over, !over];
    set(this.restart, { "aria-disabled": this.deal.waits ? "true" : null });
    put(this.fault, over ? this.deal.words : "");
    this.score.show(this.pairs, this.guesses);
    put(this.verdict, over ? `${this.verdictOf()} ${say("over")}` : this.verdictOf());
  }
  /** @param {number} place @param {{node: HTMLElement, name: HTMLElement, origin: HTMLElement}} card
   * @param {Pair} pair @param {boolean} answered */
  showCard(place, { node, name, origin }, { names, real, by, judged }, answered) {
    put(name, names[place]);
    const mine = answered && this.guesses[this.at] === place;
    const kind = !answered ? "" : place === real ? "is-real" : "is-made";
    node.className = `card ${kind}${mine ? " mine" : ""}`;
    set(node, { "aria-disabled": answered ? "true" : null, "aria-pressed": answered ? String(mine) : null });
    if (!answered) return origin.replaceChildren();
    const told = [place === real ? say("isReal") : say("isMade", { label: by })];
    if (judged) told.push(say("judged", { p: fixed(judged[place], 2) }));
    origin.replaceChildren(sign(place === real ? "real" : "fake"), told.join(say("listComma")));
  }
  /** @param {Pair} pair */
  resultOf({ names, real, by, judged }) {
    const [name, made] = [names[real], names[1 - real]].map((each) => `\u2068${each}\u2069`);
    const told = say(this.guesses[this.at] === real ? "right" : "wrong", { name, made, label: by });
    if (!judged) return told;
    const d = judged[0] === judged[1] ? "dEven" : choiceOf(judged) === real ? "dRight" : "dWrong";
    return `${told} ${say(d)}`;
  }
  /** What the reader's score is worth. */
  verdictOf() {
    const { count, you } = scoreOf(this.pairs, this.guesses);
    const [low, high] = guessing(count);
    if (!count) return say("choose");
    if (low === 0) return say("tooFew");
    const told = say(you > high ? "above" : you < low ? "below" : "within");
    return `${say("youHave", { you, count, low, high })} ${told}`;
  }
}
