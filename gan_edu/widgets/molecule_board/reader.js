/* One molecule in large, its numbers, and its SMILES, to be copied. */

import { make, put } from "../kit/dom.js";
import { numbersTable } from "../kit/layout.js";
import { say } from "../kit/words.js";
import { numberText, PROPERTIES } from "./board.js";
import { drawn } from "./tiles.js";

const UNIT = 1.3; // pixels a unit of the drawing, at most

export class Reader {
  /** @param {import("./board.js").Board} board */
  constructor(board) {
    this.board = board;
    this.head = make("b");
    this.room = make("div", { class: "room" });
    /** @type {import("./board.js").Molecule | null} */
    this.shown = null;
    this.numbers = numbersTable(Object.fromEntries(PROPERTIES.map((each) => [each, say(each)])));
    this.smiles = make("input", { type: "text", class: "smiles", readonly: "", spellcheck: "false", dir: "ltr" });
    this.smiles.setAttribute("aria-label", "SMILES");
    this.smiles.addEventListener("focus", () => this.smiles.select());
    const line = make("label", { class: "line" }, make("span", { "aria-hidden": "true" }, "SMILES"), this.smiles);
    this.node = make("div", { class: "reader" }, make("p", {}, this.head), this.room, this.numbers.node, line);
  }
  /** @param {import("./board.js").Molecule | null} molecule @param {number} tile */
  show(molecule, tile) {
    put(this.head, say("numbersOf", { tile: tile + 1 }));
    if (this.shown !== molecule) this.room.replaceChildren(...(molecule ? [drawn(molecule, UNIT)] : []));
    this.shown = molecule;
    const text = (/** @type {import("./board.js").Property} */ each) =>
      molecule ? numberText(this.board.digits, each, molecule[each]) : "–";
    this.numbers.show(Object.fromEntries(PROPERTIES.map((each) => [each, text(each)])));
    const smiles = molecule ? molecule.smiles : say("none");
    if (this.smiles.value !== smiles) this.smiles.value = smiles;
  }
}
