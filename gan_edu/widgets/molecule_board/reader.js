/* The numbers of one molecule, and its SMILES, to be copied. */

import { make, put } from "../kit/dom.js";
import { numbersTable } from "../kit/layout.js";
import { say } from "../kit/words.js";
import { numberText, PROPERTIES } from "./board.js";

export class Reader {
  /** @param {import("./board.js").Board} board */
  constructor(board) {
    this.board = board;
    this.head = make("b");
    this.numbers = numbersTable(Object.fromEntries(PROPERTIES.map((each) => [each, say(each)])));
    this.smiles = make("input", { type: "text", class: "smiles", readonly: "", spellcheck: "false", dir: "ltr" });
    this.smiles.setAttribute("aria-label", "SMILES");
    this.smiles.addEventListener("focus", () => this.smiles.select());
    const line = make("label", { class: "line" }, make("span", { "aria-hidden": "true" }, "SMILES"), this.smiles);
    this.node = make("div", { class: "reader" }, make("p", {}, this.head), this.numbers.node, line);
  }
  /** @param {import("./board.js").Molecule | null} molecule @param {number} tile */
  show(molecule, tile) {
    put(this.head, say("numbersOf", { tile: tile + 1 }));
    const text = (/** @type {import("./board.js").Property} */ each) =>
      molecule ? numberText(this.board.digits, each, molecule[each]) : "–";
    this.numbers.show(Object.fromEntries(PROPERTIES.map((each) => [each, text(each)])));
    const smiles = molecule ? molecule.smiles : say("none");
    if (this.smiles.value !== smiles) this.smiles.value = smiles;
  }
}
