/* The molecule board: twelve molecules of one λ at one step of training, their numbers, a filter, and the mean QED over all. */

import { make, rich } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { slider } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { clamp, fixed, whole } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { endText, gridOf, plain } from "./board.js";
import { Curves } from "./curves.js";
import { FilterInputs } from "./filter.js";
import look from "./molecule_board.css";
import { Reader } from "./reader.js";
import { SlowPlay } from "./slow_play.js";
import { Tiles } from "./tiles.js";

export const TRAITS = ["board", "share", "step", "tile", "by", "side", "limit"]; // as in widget.py

export class MoleculeBoard extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "molecule_board", "title", look);
    /** @type {import("./board.js").Board} */
    this.board = store.get("board");
    const { shares, steps } = this.board;
    /** @type {number | null} */
    this.over = null; // the tile that a mouse points at
    this.share = slider({
      ...{ label: say("weight"), say: say("lambda"), min: 0, max: shares.length - 1, step: 1 },
      tell: (row) => plain(shares[row]),
      go: (row) => this.go(row, this.column),
    });
    this.step = slider({
      ...{ label: say("step"), min: 0, max: steps.length - 1, step: 1 },
      tell: (column) => whole(steps[column]),
      go: (column) => this.go(this.row, column),
    });
    this.play = new SlowPlay(this, () => steps.length - 1);
    this.tiles = new Tiles(this.board, { go: (tile) => store.set({ tile }), over: (tile) => this.point(tile) });
    this.reader = new Reader(this.board);
    this.filter = new FilterInputs(store, this.board);
    this.curves = new Curves(this.board, (row, column) => this.go(row, column));
    this.told = make("p", { class: "told" });
    this.begin();
  }
  build() {
    const ends = make("div", { class: "ends", "aria-hidden": "true" });
    const { shares, seed, draws } = this.board;
    if (shares[0] === 0) ends.append(make("span", { class: "first" }, say("objectiveAlone")));
    if (shares[shares.length - 1] === 1) ends.append(make("span", { class: "last" }, say("dAlone")));
    const moves = make("div", { class: "moves" }, make("div", {}, this.share.node, ends));
    moves.append(make("div", { class: "steps" }, this.play.node, this.step.node));
    const right = make("div", { class: "right" }, this.reader.node, this.told, this.curves.plot.node);
    this.root.append(
      header(say("title"), say("subtitle")),
      moves,
      this.filter.node,
      make("div", { class: "both" }, this.tiles.node, right),
      footer(say("keys"), say("hint", { seed, draws })),
    );
    const by = (/** @type {number} */ down, /** @type {number} */ right) => (/** @type {KeyboardEvent} */ event) =>
      this.by(down, right, event);
    onKeys(this.root, { ArrowLeft: by(0, -1), ArrowRight: by(0, 1), ArrowUp: by(1, 0), ArrowDown: by(-1, 0) });
  }
  get row() {
    return Math.max(0, this.board.shares.indexOf(this.store.get("share")));
  }
  get column() {
    return Math.max(0, this.board.steps.indexOf(this.store.get("step")));
  }

  /* -------- what a learner does */

  /** @param {number} row of λ @param {number} column of steps */
  go(row, column) {
    this.play.hold(column);
    this.put(row, column);
  }
  /** @param {number} row @param {number} column */
  put(row, column) {
    const { shares, steps } = this.board;
    const [share, step] = [shares[clamp(row, 0, shares.length - 1)], steps[clamp(column, 0, steps.length - 1)]];
    this.store.set({ share, step });
  }
  /** The arrow keys go over λ and steps, unless what has the focus has its own use for them.
   * @param {number} up @param {number} right @param {KeyboardEvent} event */
  by(up, right, event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || ["input", "select", ".tiles"].some((each) => target.closest(each))) return false;
    this.go(this.row + up, this.column + right);
    return true;
  }
  /** @param {number | null} tile that a mouse points at */
  point(tile) {
    if (tile === this.over) return;
    this.over = tile;
    this.draw();
  }

  /* -------- what it shows */

  paint() {
    this.play.follow(
      (shown) => this.put(this.row, shown),
      () => this.column,
    );
    const { row, column, board } = this;
    const molecules = gridOf(board, row, column);
    const tile = this.store.get("tile");
    this.curves.plot.measure(); // before anything is drawn
    this.share.show(row, endText(board.shares[row]));
    this.step.show(column);
    this.play.show();
    this.tiles.show(molecules, tile, this.filter.filter);
    this.reader.show(molecules[this.over ?? tile], this.over ?? tile);
    this.filter.show(molecules);
    this.tell(row, column);
  }
  /** @param {number} row @param {number} column */
  tell(row, column) {
    const { points, draws, data, shares, steps } = this.board;
    const { qed, unique, valid } = points[row][column];
    const numbers = { qed: fixed(qed), unique: fixed(unique), valid: fixed(valid), data: fixed(data), draws };
    const words = say("pointIs", numbers);
    if (this.told.textContent !== words.replaceAll("*", "")) this.told.replaceChildren(...rich(words));
    const at = { share: plain(shares[row]) + endText(shares[row]), step: steps[column] };
    this.curves.show(row, column, say("curvesAlt", { ...numbers, ...at }));
  }
}
