/* The samples as a grid of buttons, and the places of which the next pick becomes one. */

import { make } from "../kit/dom.js";
import { onKeys, onRow } from "../kit/keys.js";
import { say } from "../kit/words.js";
import { picturesOf } from "./sheet.js";
import { badge } from "./texts.js";

/** @typedef {import("./texts.js").Mark} Mark */
/** @typedef {import("./sheet.js").Sheet} Sheet */

const MOST_COLUMNS = 8;

export class Samples {
  /** @param {Sheet} sheet @param {boolean} live
   * @param {(k: number, mark?: Mark) => unknown} pick false: it is no such place */
  constructor(sheet, live, pick) {
    this.sheet = sheet;
    this.live = live;
    this.pick = pick;
    this.node = make("div", { class: "tiles", role: "group", "aria-label": say("samples") });
    this.columns = 1;
    /** Which one keys were on last; null: the selected one. @type {number | null} */
    this.focused = null;
    this.pictures = picturesOf(sheet, 0);
    /** @type {{button: HTMLButtonElement, marks: HTMLElement}[]} */
    this.tiles = [];
    onKeys(this.node, this.keys());
  }
  keys() {
    const to = (/** @type {(at: number) => number} */ next) => (/** @type {KeyboardEvent} */ event) => {
      const at = this.at(event.target);
      return at < 0 ? false : this.focus(next(at));
    };
    const marks = /** @type {Mark[]} */ (["a", "b", "c", "d"]).flatMap((mark) => {
      const act = (/** @type {KeyboardEvent} */ event) => this.pick(this.at(event.target), mark);
      return [mark, mark.toUpperCase()].map((key) => /** @type {const} */ ([key, act]));
    });
    return {
      ArrowLeft: to((at) => at - 1),
      ArrowRight: to((at) => at + 1),
      ArrowUp: to((at) => at - this.columns),
      ArrowDown: to((at) => at + this.columns),
      Home: to(() => 0),
      End: to(() => this.tiles.length - 1),
      ...Object.fromEntries(marks),
    };
  }
  /** @param {EventTarget | null} node */
  at(node) {
    return this.tiles.findIndex(({ button }) => button === node);
  }
  /** Leads the keys to a sample, if it is there. @param {number} next */
  focus(next) {
    if (!this.tiles[next]) return;
    this.focused = next;
    this.rove(next);
    this.tiles[next].button.focus();
  }
  /** One of them is reached by Tab. @param {number} k */
  rove(k) {
    for (const [i, { button }] of this.tiles.entries()) button.tabIndex = i === k ? 0 : -1;
  }
  /** Takes over how many there are. @param {number} count @param {Element | null} active what has the focus */
  load(count, active) {
    if (this.tiles.length === count) return;
    const focused = this.at(active);
    this.columns = Math.min(MOST_COLUMNS, Math.ceil(count / Math.max(1, Math.round(Math.sqrt(count / 1.5)))));
    this.node.style.setProperty("--columns", String(this.columns));
    this.pictures = picturesOf(this.sheet, count);
    this.tiles = this.pictures.map(({ canvas }, k) => {
      const marks = make("span", { class: "marks" });
      const button = make("button", { type: "button" }, canvas, marks);
      button.addEventListener("click", () => this.pick(k));
      button.disabled = !this.live;
      return { button, marks };
    });
    this.node.replaceChildren(...this.tiles.map(({ button }) => button));
    this.tiles[focused]?.button.focus();
  }
  /** @param {number} selected @param {(k: number) => Mark[]} marksOf the places that a sample holds */
  show(selected, marksOf) {
    for (const [k, { button, marks }] of this.tiles.entries()) {
      const held = marksOf(k);
      const names = held.map((mark) => mark.toUpperCase());
      const words = [say("sampleNumber", { number: k }), ...names, ...(k === selected ? [say("selected")] : [])];
      marks.replaceChildren(...held.map(badge));
      button.classList.toggle("picked", k === selected);
      button.setAttribute("aria-label", words.join(say("listComma")));
    }
    this.rove(this.focused ?? selected);
  }
  paint() {
    for (const [k, picture] of this.pictures.entries()) picture.draw(k);
  }
}

/** The places that a pick may become, of which one is next. */
export class Places {
  /** @param {(place: Mark) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = make("div", { class: "places", role: "radiogroup", "aria-label": say("nextPick") });
    /** Which are there. @type {string | null} */
    this.of = null;
    /** @type {Map<Mark, HTMLButtonElement>} */
    this.buttons = new Map();
    onRow(this.node);
  }
  /** @param {readonly Mark[]} places @param {Mark} next */
  show(places, next) {
    if (this.of !== places.join()) this.build(places);
    for (const [place, node] of this.buttons) {
      node.setAttribute("aria-checked", String(place === next));
      node.tabIndex = place === next ? 0 : -1;
    }
  }
  /** @param {readonly Mark[]} places */
  build(places) {
    this.of = places.join();
    this.buttons = new Map(places.map((place) => [place, this.button(place)]));
    const words = make("span", {}, say(places.length ? "nextPick" : "pickStart"));
    this.node.replaceChildren(words, ...this.buttons.values());
  }
  /** @param {Mark} place */
  button(place) {
    const name = place.toUpperCase();
    const node = make("button", { type: "button", role: "radio", "aria-label": name }, name);
    node.addEventListener("click", () => this.choose(place));
    return node;
  }
}
