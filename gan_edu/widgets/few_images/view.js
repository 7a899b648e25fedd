/* Few images: samples of two methods beside each other, each above its nearest training image, and what they are worth. */

import { Atlas } from "../kit/atlas.js";
import { bytesOf, make, rich, sign } from "../kit/dom.js";
import { chooses } from "../kit/fields.js";
import { Host } from "../kit/host.js";
import { slider } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { clamp, whole } from "../kit/numbers.js";
import { letterOf } from "../kit/runs.js";
import { numeral, say } from "../kit/words.js";
import { axisOf, brief, floorOf, holds, scoreText, shownOf } from "./cells.js";
import { Chart } from "./chart.js";
import look from "./few_images.css";
import { Panel, toldOf } from "./panel.js";

export const TRAITS = ["board", "atlas", "n", "step", "a", "b"]; // as in widget.py
const CHARTS = /** @type {const} */ ([
  ["score", "looks"],
  ["score", "images"],
  ["copied", "looks"],
  ["copied", "images"],
]);

export class FewImages extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "few_images", "title", look);
    /** @type {import("./cells.js").Board} */
    this.board = store.get("board");
    this.atlas = new Atlas(() => this.draw());
    this.images = this.slides("images");
    this.looks = this.slides("looks");
    const names = this.board.methods.map(({ key, label }) => /** @type {const} */ ([key, label]));
    this.lists = [chooses(store, "a", names), chooses(store, "b", [["", say("none")], ...names])];
    /** @type {number | null} */
    this.pointed = null; // the method whose thin line is pointed at
    this.panels = [0, 1].map((k) => new Panel(this.board, k));
    const point = (/** @type {number | null} */ method) => this.point(method);
    this.charts = CHARTS.map(
      ([measure, over]) => new Chart(this.board, measure, over, { go: (at) => this.drag(over, at), point }),
    );
    this.rule = make("span");
    this.both = make("div", { class: "two" }, ...this.panels.map(({ node }) => node));
    this.begin();
  }
  build() {
    this.atlas.load([bytesOf(this.store.get("atlas"))], this.board.tile);
    const by = (/** @type {number} */ up, /** @type {number} */ right) => (/** @type {KeyboardEvent} */ event) =>
      this.by(up, right, event);
    onKeys(this.root, { ArrowLeft: by(0, -1), ArrowRight: by(0, 1), ArrowUp: by(1, 0), ArrowDown: by(-1, 0) });
    this.root.append(
      header(say("title"), say("subtitle")),
      make("div", { class: "moves" }, this.images.node, this.looks.node, ...this.lists.map((list) => list.labelled())),
      make("div", { class: "key" }, sign("fake"), say("sample"), sign("real"), say("nearest"), this.rule),
      this.both,
      make("div", { class: "charts-row" }, ...this.charts.map(({ plot }) => plot.node)),
      footer(say("keys"), this.hints().join(say("listSeparator"))),
    );
  }
  /** What lines and bands are, and what unseen pictures get; dotted only where an axis reaches that. */
  hints() {
    const { seeds, methods, score } = this.board;
    const dotted = CHARTS.some(([measure, over]) => {
      const floor = floorOf(this.board, measure, over, { row: 0, column: 0 });
      return floor.length > 0 && holds(axisOf(this.board, measure), floor);
    });
    const hints = [say("hint", { seeds: seeds.length, seed: String(seeds[0]) })];
    if (methods.length > 1) hints.push(say("hintThin"));
    const unseen = dotted ? [say("dotted")] : [];
    if (score.floor !== null)
      unseen.push(`${score.label} ${scoreText([score.floor, score.floor, score.floor]).median}`);
    if (unseen.length) hints.push(say("hintUnseen", { what: unseen.join(say("listComma")) }));
    return hints;
  }
  /** A slider over the places of a list. @param {import("./cells.js").Over} over */
  slides(over) {
    const values = this.board[over];
    return slider({
      ...{ label: say(over), min: 0, max: values.length - 1, step: 1 },
      tell: (place) => whole(values[place]),
      go: (place) => this.go(over, place),
    });
  }

  /* -------- where one stands */

  /** @returns {import("./cells.js").At} */
  get at() {
    const [n, step] = this.read("n", "step");
    return { row: Math.max(0, this.board.images.indexOf(n)), column: Math.max(0, this.board.looks.indexOf(step)) };
  }
  /** The places of the methods on show, one or two. */
  get methods() {
    const places = this.read("a", "b").map((key) => this.board.methods.findIndex((each) => each.key === key));
    return places.filter((place) => place >= 0);
  }
  /** @param {import("./cells.js").Over} over @param {number} place */
  go(over, place) {
    const values = this.board[over];
    this.store.set({ [over === "looks" ? "step" : "n"]: values[clamp(place, 0, values.length - 1)] });
  }
  /** What a plot does; the focus goes with it, from a slider or a list, so that the keys are those of the plots.
   * @param {import("./cells.js").Over} over @param {number} place */
  drag(over, place) {
    this.root.focus({ preventScroll: true });
    this.go(over, place);
  }
  /** The arrow keys go over images and looks, unless what has the focus has its own use for them.
   * @param {number} up @param {number} right @param {KeyboardEvent} event */
  by(up, right, event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || ["input", "select"].some((each) => target.closest(each))) return false;
    const { row, column } = this.at;
    if (up) this.go("images", row + up);
    else this.go("looks", column + right);
    return true;
  }
  /** @param {number | null} method whose thin line is pointed at */
  point(method) {
    if (method === this.pointed) return;
    this.pointed = method;
    this.draw();
  }

  /* -------- what it shows */

  paint() {
    const { at, methods } = this;
    for (const { plot } of this.charts) plot.measure(); // before anything is drawn
    const told = this.tell(at, methods);
    this.images.show(at.row, say("listComma") + told);
    this.looks.show(at.column, say("listComma") + told);
    for (const list of this.lists) list.show();
    this.both.classList.toggle("alone", methods.length < 2);
    for (const [k, panel] of this.panels.entries()) {
      panel.node.hidden = k >= methods.length;
      if (k < methods.length) panel.show(methods[k], at, this.atlas, methods.indexOf(methods[k]) < k);
    }
    for (const chart of this.charts) chart.show(at, methods, { told, pointed: this.pointed });
  }
  /** Says from where on a sample is a copy, and returns what the methods are worth, in words.
   * @param {import("./cells.js").At} at @param {number[]} methods */
  tell(at, methods) {
    const { copy, score } = this.board;
    const below = numeral(copy.below[at.row], copy.digits);
    const words = say(copy.floor ? "ruleUnseen" : "rule", {
      below,
      label: copy.label,
      count: copy.floor ? brief(100 * (1 - copy.floor[at.row])) : "",
      better: say(score.lower ? "lower" : "higher", { score: score.label }),
    });
    if (this.rule.textContent !== words.replaceAll("*", "")) this.rule.replaceChildren(...rich(words));
    const each = methods.map((method, k) => {
      const name = letterOf(k) + say("listComma") + this.board.methods[method].label;
      return say("methodIs", { method: name, ...toldOf(this.board, shownOf(this.board, method, at)) });
    });
    return each.join(say("listSeparator"));
  }
  destroy() {
    super.destroy();
    this.atlas.close();
  }
}
