/* The key on show: the letters, and below each the cipher symbol that it becomes. */

import { make, put, set } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { SYMBOLS, sealed, visible } from "./cipher.js";

const LETTERS = Array.from({ length: SYMBOLS }, (_, k) => visible(k)).join("");

export function keyRow() {
  const below = make("span", { class: "sealed" });
  const pair = make("span", { class: "pair", role: "img" }, make("span", { class: "plain" }, LETTERS), below);
  const node = make("div", { class: "key-row" }, make("span", { "aria-hidden": "true" }, say("keyOnShow")), pair);
  /** @param {readonly number[]} key none: nothing is shown */
  const show = (key) => {
    const symbols = key.map(sealed).join("");
    node.hidden = !key.length;
    put(below, symbols);
    set(pair, { "aria-label": say("keyShown", { symbols }) });
  };
  return { node, show };
}
