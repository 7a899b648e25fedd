/* The run so far as a program, to be read and copied. */

import { make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";

const COPIED = 2000; // ms for which it is said

export class Program {
  constructor() {
    this.text = make("pre", { class: "program", tabindex: 0, "aria-label": say("asProgram") });
    this.copy = button(say("copy"), () => this.clip(), { title: say("copyTitle"), label: say("copyTitle") });
    const head = make("div", { class: "program-head" }, make("p", { class: "note" }, say("programHint")), this.copy);
    this.node = make("div", { class: "program-box", hidden: "" }, head, this.text);
  }
  /** @param {string} text */
  show(text) {
    this.text.textContent = text;
  }
  async clip() {
    this.copy.textContent = say((await this.isCopied()) ? "copied" : "selected");
    setTimeout(() => {
      this.copy.textContent = say("copy");
    }, COPIED);
  }
  /** Whether the browser lets it copy; else the program is selected, to be copied by hand. */
  async isCopied() {
    try {
      await navigator.clipboard.writeText(this.text.textContent);
      return true;
    } catch {
      getSelection()?.selectAllChildren(this.text);
      return false;
    }
  }
}
