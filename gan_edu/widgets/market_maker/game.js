/* The game: a path and the same days in another order, without labels. Which is shuffled? */

import { make, put, rich, set } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { fixed } from "../kit/numbers.js";
import { BARE, NO_TICKS, Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { guessing } from "../name_machine/luck.js";
import { ask, scoreOf } from "./luck.js";
import { reachOf, sizes } from "./math.js";
import { rounds } from "./shuffle.js";
import { numbered, strokes } from "./strokes.js";

/** @typedef {import("./luck.js").Asked} Asked */
/** @typedef {import("./luck.js").Market} Market */

const PARTS = 10; // of a series, whose sizes are told to who does not see them
const DEALS = 1001; // after the last comes the first

export class Game {
  /** @param {import("../kit/store.js").Store} store @param {() => void} draw */
  constructor(store, draw) {
    this.store = store;
    this.draw = draw;
    /** @type {Market} */
    this.market = store.get("market");
    this.deal = -1; // whose rounds are there
    /** @type {import("./shuffle.js").Round[]} */
    this.rounds = [];
    /** @type {Map<number, Asked>} */
    this.asked = new Map();
    this.told = false; // whether the last round played is still on show, with its answer
    this.head = make("h4");
    this.cards = [0, 1].map((place) => this.card(place));
    this.result = make("p", { class: "result", role: "status" });
    this.next = button(say("next"), () => this.goOn(), { kind: "main" });
    this.again = button(say("again"), () => this.begin());
    this.score = make("p", { class: "words score" });
    const cards = make("div", { class: "cards" }, ...this.cards.map(({ node }) => node));
    const foot = make("div", { class: "acts" }, this.next, this.again, this.score);
    this.node = make("div", { class: "game", role: "group", tabindex: -1 }, this.head, cards, this.result, foot);
    const choose = (/** @type {number} */ place) => () => this.choose(place);
    const enter = () => (this.answered && !this.over ? this.goOn() : false);
    onKeys(this.node, { 1: choose(0), 2: choose(1), Enter: enter });
  }
  /** @param {number} place */
  card(place) {
    const plot = new Plot("series", { margin: BARE });
    const press = button(say(place ? "second" : "first"), () => this.choose(place));
    const verdict = make("span", { class: "words verdict" });
    const node = make("div", { class: "card" }, plot.box, make("div", { class: "acts" }, press, verdict));
    plot.box.addEventListener("click", () => this.choose(place));
    return { node, plot, press, verdict };
  }
  /** @returns {number[]} */
  get guesses() {
    return this.store.get("guesses");
  }
  /** The number of the round on show, from 0. */
  get at() {
    const played = this.guesses.length;
    return this.told || played === this.rounds.length ? played - 1 : played;
  }
  get answered() {
    return this.at < this.guesses.length;
  }
  get over() {
    return this.guesses.length === this.rounds.length;
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
    this.node.focus({ preventScroll: true });
    this.draw();
  }
  /** Other rounds. */
  begin() {
    this.store.set({ guesses: [], deal: (this.store.get("deal") + 1) % DEALS });
    this.goOn();
  }
  /** What a round asks, worked out once. @param {number} round */
  of(round) {
    const found = this.asked.get(round) ?? ask(this.market, this.rounds[round]);
    this.asked.set(round, found);
    return found;
  }
  load() {
    const deal = this.store.get("deal");
    if (deal !== this.deal) {
      const { models } = this.market;
      this.rounds = rounds(models.length, models[0].paths.length, deal);
      this.asked.clear();
      this.deal = deal;
    }
    if (!this.guesses.length) this.told = false;
  }
  measure() {
    for (const { plot } of this.cards) plot.measure();
  }
  show() {
    this.load();
    const { at, answered, over } = this;
    const asked = this.of(at);
    const head = say("whichIs", { round: at + 1, rounds: this.rounds.length });
    put(this.head, head);
    set(this.node, { "aria-label": head });
    for (const place of [0, 1]) this.showCard(place, asked, answered);
    put(this.result, answered ? this.resultOf(asked) : say("choose"));
    [this.next.hidden, this.again.hidden] = [!answered || over, !over];
    const words = this.scoreText();
    if (this.score.textContent !== words.replaceAll("*", "")) this.score.replaceChildren(...rich(words));
  }
  /** @param {number} place @param {Asked} asked @param {boolean} answered */
  showCard(place, { two, judged, said }, answered) {
    const { node, plot, press, verdict } = this.cards[place];
    const returns = two[place];
    const most = 1.06 * reachOf(returns);
    plot.clear([0, returns.length + 1], [-most, most], NO_TICKS, NO_TICKS);
    strokes(plot, "day", numbered(returns, 1));
    const told = sizes(returns, PARTS).map((size) => fixed(100 * size, 1));
    const label = say("seriesIs", { place: place + 1, days: returns.length, sizes: told.join(say("listComma")) });
    set(plot.svg, { "aria-label": label });
    const { shuffled } = this.rounds[this.at];
    const mine = answered && this.guesses[this.at] === place;
    node.className = `card${answered && place === shuffled ? " is-shuffled" : ""}${mine ? " mine" : ""}`;
    set(press, { "aria-disabled": answered ? "true" : null, "aria-pressed": answered ? String(mine) : null });
    const numbers = [
      say(place === shuffled ? "wasShuffled" : "wasInOrder"),
      say("judgeSees", { memory: near(judged[place]) }),
    ];
    if (said) numbers.push(say("dSees", { value: fixed(said[place]) }));
    put(verdict, answered ? numbers.join(say("listComma")) : "");
  }
  /** @param {Asked} asked */
  resultOf({ judge, d }) {
    const { model, path, shuffled } = this.rounds[this.at];
    const told = [
      say(this.guesses[this.at] === shuffled ? "youRight" : "youWrong"),
      say(judge === shuffled ? "judgeRight" : "judgeWrong"),
    ];
    if (d !== null) told.push(say(d === shuffled ? "dRight" : "dWrong"));
    return [say("wasOf", { model: this.market.models[model].label, path: path + 1 }), ...told].join(" ");
  }
  scoreText() {
    const score = scoreOf(this.rounds, this.guesses, (round) => this.of(round));
    if (!score.count) return say("judgeIs");
    const [low, high] = guessing(score.count);
    const told = [say("scoreIs", { ...score, low, high })];
    if (score.known) told.push(say("scoreOfD", { d: score.d, count: score.known }));
    return told.join(" ");
  }
}

/** A number near 0 without a sign. @param {number} value */
export const near = (value) => fixed(Math.abs(value) < 0.005 ? 0 : value);
