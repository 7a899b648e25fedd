/* The message, a column a symbol: what was typed, how it is enciphered, what the generator reads, and how surely. */

import { make, put, set } from "../kit/dom.js";
import { numeral, say } from "../kit/words.js";
import { ALPHABET, sealed, spelled } from "./cipher.js";

/** @typedef {{text: readonly number[], key: readonly number[], stands: readonly number[] | null, sure: readonly number[],
 *   wrong: boolean}} Shown key: none where it is not known; stands: what each cipher symbol stands for, null where
 *   nothing is known; wrong: it is marked */

export class Lines {
  constructor() {
    /** @type {{node: HTMLElement, plain: HTMLElement, hidden: HTMLElement, read: HTMLElement}[]} */
    this.columns = [];
    this.parted = ""; // the text whose words the columns are in
    this.row = make("div", { class: "signs", role: "img" });
    this.wrongKey = make("span", {}, make("b", { class: "read wrong" }, "e"), say("keyWrong"));
    const bar = make("i", { class: "sure", style: "--p: 0.7" });
    const legend = make(
      "p",
      { class: "legend" },
      make("span", {}, make("span", { class: "plain" }, "e"), say("keyPlain")),
      make("span", {}, make("span", { class: "sealed" }, "Q"), say("keyHidden")),
      make("span", {}, make("b", { class: "read" }, "e"), say("keyRead")),
      make("span", {}, bar, say("keySure")),
      this.wrongKey,
    );
    this.node = make("figure", { class: "lines" }, this.row, legend);
  }
  /** @param {Shown} shown */
  show(shown) {
    const { text, key, stands, sure, wrong } = shown;
    while (this.columns.length < text.length) this.add();
    for (const { node } of this.columns.splice(text.length)) node.remove();
    for (const [k, { node, plain, hidden, read }] of this.columns.entries()) {
      const symbol = key[text[k]] ?? -1;
      const found = stands ? stands[symbol] : -1;
      put(plain, ALPHABET[text[k]]);
      put(hidden, symbol < 0 ? "·" : sealed(symbol));
      put(read, stands ? ALPHABET[found] : "·");
      read.classList.toggle("wrong", wrong && stands !== null && found !== text[k]);
      node.style.setProperty("--p", stands ? sure[symbol].toFixed(3) : "0");
    }
    this.part(spelled(text));
    this.wrongKey.hidden = !wrong;
    set(this.row, { "aria-label": textOf(shown) });
  }
  add() {
    const plain = make("span", { class: "plain" });
    const hidden = make("span", { class: "sealed" });
    const read = make("b", { class: "read" });
    const node = make("span", { class: "sign-column" }, plain, hidden, read, make("i", { class: "sure" }));
    this.columns.push({ node, plain, hidden, read });
  }
  /** Puts the columns of a word together, with the space that ends it: a line breaks between words where it can.
   * @param {string} text */
  part(text) {
    if (text === this.parted) return;
    this.parted = text;
    const nodes = this.columns.map(({ node }) => node);
    const words = text.match(/[^ ]+ ?/g) ?? [];
    const parts = words.map((word) =>
      make("span", { class: "sign-word", "aria-hidden": "true" }, ...nodes.splice(0, word.length)),
    );
    this.row.replaceChildren(...parts);
  }
}

/** The same as a sentence. @param {Shown} shown */
function textOf({ text, key, stands, sure, wrong }) {
  if (!key.length) return say("textOwn", { message: spelled(text) });
  const hidden = text.map((symbol) => sealed(key[symbol])).join("");
  const told = { message: spelled(text), hidden };
  if (!stands) return say("textNone", told);
  const read = spelled(text.map((symbol) => stands[key[symbol]]));
  const mean = text.reduce((sum, symbol) => sum + sure[key[symbol]], 0) / text.length;
  const places = text.flatMap((symbol, k) => (stands[key[symbol]] === symbol ? [] : [numeral(k + 1, 0)]));
  const all = say("textIs", { ...told, read, sure: numeral(mean, 2) });
  if (!wrong) return all;
  return `${all} ${places.length ? say("wrongAt", { places: places.join(say("listComma")) }) : say("noneWrong")}`;
}
