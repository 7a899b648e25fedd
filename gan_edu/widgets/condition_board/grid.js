/* The board: a row a style, a column a class. One points at a picture, and drags to the class to go to. */

import { sharp } from "../kit/canvas.js";
import { make, put, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { onKeys } from "../kit/keys.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { frameOf, readAs } from "./frames.js";
import { told } from "./texts.js";

/** @typedef {import("./frames.js").At} At */
/** @typedef {import("./frames.js").Board} Board */
/** @typedef {{at: At, onShow: number[], point(style: number, a: number): void, aim(b: number): void}} Pointed
 *   what is pointed at now, the styles on show, and what points elsewhere */
/** @typedef {{node: HTMLElement, canvas: HTMLCanvasElement, mark: HTMLElement}} Cell */

export class Grid {
  /** @param {Board} board @param {Pointed} pointed */
  constructor(board, pointed) {
    this.board = board;
    this.pointed = pointed;
    this.heads = board.classes.map((name) => make("div", { role: "columnheader", title: name }, name));
    this.rows = Array.from({ length: board.shown }, () => rowOf(board.classes.length));
    const corner = make("div", { role: "columnheader", class: "corner" }, say("style"));
    const head = make("div", { role: "row", class: "line" }, corner, ...this.heads);
    this.node = make("div", { role: "grid", class: "grid", "aria-label": say("board") }, head);
    this.node.append(...this.rows.map(({ node }) => node));
    this.node.style.setProperty("--classes", String(board.classes.length));
    this.listen();
  }
  listen() {
    const start = (/** @type {PointerEvent} */ event) => {
      const [row, column] = this.under(event);
      this.pointed.point(this.pointed.onShow[row], column);
      this.rows[row].cells[column].node.focus({ preventScroll: true });
    };
    const move = (/** @type {PointerEvent} */ event) => {
      const [, column] = this.under(event);
      if (column !== this.pointed.at.a) this.pointed.aim(column);
    };
    dragged(this.node, { start, move });
    const go = (/** @type {number} */ right, /** @type {number} */ down) => (/** @type {KeyboardEvent} */ event) =>
      this.go(right, down, event.shiftKey);
    const last = this.board.classes.length;
    onKeys(this.node, {
      ...{ ArrowLeft: go(-1, 0), ArrowRight: go(1, 0), ArrowUp: go(0, -1), ArrowDown: go(0, 1) },
      ...{ Home: go(-last, 0), End: go(last, 0) },
    });
  }
  /** Which cell a pointer is over, or nearest to. @param {PointerEvent} event */
  under({ clientX, clientY }) {
    const [columns, rows] = [this.board.classes.length, this.pointed.onShow.length];
    const first = this.rows[0].cells[0].node.getBoundingClientRect();
    const last = this.rows[rows - 1].cells[columns - 1].node.getBoundingClientRect();
    const share = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ to) =>
      (at - from) / (to - from);
    const row = Math.floor(share(clientY, first.top, last.bottom) * rows);
    const column = Math.floor(share(clientX, first.left, last.right) * columns);
    return [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
  }
  /** The arrow keys lead over the board; with Shift they choose the class to go to.
   * @param {number} right @param {number} down @param {boolean} aims */
  go(right, down, aims) {
    const { style, a, b } = this.pointed.at;
    const last = this.board.classes.length - 1;
    if (aims) {
      const next = clamp(b + right, 0, last);
      const over = next === a ? next + Math.sign(right) : next; // not to where it starts
      if (over >= 0 && over <= last) this.pointed.aim(over);
      return;
    }
    const styles = this.pointed.onShow;
    const row = clamp(styles.indexOf(style) + down, 0, styles.length - 1);
    const column = clamp(a + right, 0, last);
    this.pointed.point(styles[row], column);
    this.rows[row].cells[column].node.focus();
  }
  /** @param {import("../kit/atlas.js").Atlas} atlas */
  show(atlas) {
    const { at, onShow: styles } = this.pointed;
    for (const [k, head] of this.heads.entries()) mark(head, k === at.a, k === at.b);
    for (const [r, row] of this.rows.entries()) {
      row.node.hidden = r >= styles.length;
      if (row.node.hidden) continue;
      put(row.head, String(styles[r] + 1));
      for (const [c, cell] of row.cells.entries()) {
        const own = { style: styles[r], a: c, b: c, step: 0 };
        this.showCell(cell, own, at);
        const paper = sharp(cell.canvas);
        if (paper) atlas.draw(paper.context, frameOf(this.board, own));
      }
    }
  }
  /** @param {Cell} cell @param {At} own @param {At} at what is pointed at */
  showCell({ node, mark: sign }, own, at) {
    const read = readAs(this.board, own);
    const other = read !== null && read !== own.a;
    const here = own.style === at.style && own.a === at.a;
    sign.hidden = !other;
    put(sign, other ? (this.board.classes[read] ?? "?") : "");
    mark(node, here, own.style === at.style && own.a === at.b);
    set(node, { tabindex: here ? 0 : -1, "aria-selected": String(here), "aria-label": told(this.board, own) });
  }
}

/** @param {Element} node @param {boolean} from @param {boolean} to */
function mark(node, from, to) {
  node.classList.toggle("from", from);
  node.classList.toggle("to", to && !from);
}

/** @param {number} columns */
function rowOf(columns) {
  const head = make("div", { role: "rowheader" });
  const cells = Array.from({ length: columns }, () => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const mark = make("b", { class: "other" });
    return { canvas, mark, node: make("div", { role: "gridcell", class: "cell" }, canvas, mark) };
  });
  const node = make("div", { role: "row", class: "line" }, head, ...cells.map((cell) => cell.node));
  return { node, head, cells };
}
