/* The twelve molecules: drawn, each with its QED. One points at them, taps them, or goes over them by keys. */

import { draw, make, put, set } from "../kit/dom.js";
import { onKeys } from "../kit/keys.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { leaves, numberText, told } from "./board.js";

/** @typedef {import("./board.js").Molecule} Molecule */

const UNIT = 0.95; // pixels a unit of a drawing, at most: what is small stays small

/** Built from numbers and letters: no markup comes out of a file. @param {Molecule} molecule @param {number} [unit] */
export function drawn({ box, path, letters }, unit = UNIT) {
  const [x, y, width, height] = box;
  const size = { width: Math.round(width * unit), height: Math.round(height * unit) };
  return draw(
    "svg",
    { viewBox: `${x} ${y} ${width} ${height}`, ...size, class: "drawing", "aria-hidden": "true" },
    draw("path", { d: path }),
    ...letters.map(([left, base, high, letter, colour]) =>
      draw("text", { x: left, y: base, style: `font-size: ${high}px`, class: colour && `atom-${colour}` }, letter),
    ),
  );
}

export class Tiles {
  /** @param {import("./board.js").Board} board @param {{go(tile: number): void, over(tile: number | null): void}} acts
   *   go: one is chosen; over: a mouse moves on one, or none counts any more: it left, or focus or a key came after it */
  constructor(board, { go, over }) {
    this.board = board;
    this.go = go;
    this.at = 0; // the chosen one
    /** @type {(Molecule | null)[]} */
    this.shown = [];
    this.cells = board.grids[0][0].map((_, tile) => this.cell(tile, over));
    const cells = this.cells.map(({ node }) => node);
    this.node = make("div", { class: "tiles", role: "group", "aria-label": say("grid") }, ...cells);
    for (const each of ["pointerleave", "keydown"]) this.node.addEventListener(each, () => over(null));
    this.listen();
  }
  /** @param {number} tile @param {(tile: number | null) => void} over */
  cell(tile, over) {
    const [room, number] = [make("span", { class: "room" }), make("small")];
    const node = make("button", { type: "button", class: "tile" }, room, number);
    const choose = () => {
      this.at = tile; // the next key may come before it is drawn
      over(null);
      this.go(tile);
    };
    node.addEventListener("click", choose);
    node.addEventListener("focus", choose);
    node.addEventListener("pointermove", (event) => event.pointerType === "mouse" && over(tile));
    return { node, room, number };
  }
  listen() {
    const last = this.cells.length - 1;
    const to = (/** @type {number} */ tile) => this.cells[clamp(tile, 0, last)].node.focus();
    const by = (/** @type {number} */ way) => () => to(this.at + way);
    const row = (/** @type {number} */ way) => () => {
      const next = this.at + way * this.columns;
      if (next >= 0 && next <= last) to(next);
    };
    const keys = { ArrowLeft: by(-1), ArrowRight: by(1), ArrowUp: row(-1), ArrowDown: row(1) };
    onKeys(this.node, { ...keys, Home: () => to(0), End: () => to(last) });
  }
  /** How many stand in a row: the page's width says. */
  get columns() {
    const tops = this.cells.map(({ node }) => node.offsetTop);
    return tops.filter((top) => top === tops[0]).length;
  }
  /** @param {(Molecule | null)[]} molecules @param {number} at @param {import("./board.js").Filter} filter */
  show(molecules, at, filter) {
    const { digits } = this.board;
    this.at = at;
    for (const [k, { node, room, number }] of this.cells.entries()) {
      const [molecule, isLeft] = [molecules[k], leaves(filter, molecules[k], digits)];
      if (this.shown[k] !== molecule || !room.firstChild)
        room.replaceChildren(molecule ? drawn(molecule) : make("span", { class: "words" }, say("none")));
      put(number, molecule ? say("qedIs", { qed: numberText(digits, "qed", molecule.qed) }) : "");
      node.classList.toggle("fades", !isLeft);
      const label = say("tileIs", { tile: k + 1, told: told(this.board, molecule, isLeft) });
      set(node, { tabindex: k === at ? 0 : -1, "aria-label": label, "aria-current": k === at ? "true" : null });
    }
    this.shown = molecules;
  }
}
