/* One of some texts is chosen; afterwards they show which one was, and which it is. */

import { make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";

export class ChoiceAsked {
  /** @param {import("../kit/store.js").Store} store @param {(guess: string) => void} go */
  constructor(store, go) {
    const buttons = store.get("options").map((/** @type {string} */ text) => button(text, () => go(text)));
    this.node = make("div", { class: "options", role: "group", "aria-label": store.get("question") }, ...buttons);
  }
  paint() {}
}

/** The options with what was guessed and what it is.
 * @param {readonly string[]} options @param {unknown} guess @param {unknown} truth */
export function chosen(options, guess, truth) {
  const lines = options.map((text) => {
    const signs = [];
    if (text === truth) signs.push(make("b", { class: "is-answer" }, say("answer")));
    if (text === guess) signs.push(make("b", { class: "is-guess" }, say("yourGuess")));
    const kind = text === truth ? "right" : text === guess ? "wrong" : "";
    return make("li", { class: kind }, make("span", {}, text), ...signs);
  });
  return make("ul", { class: "chosen" }, ...lines);
}
