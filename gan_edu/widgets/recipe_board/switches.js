/* The ingredients as switches, each with the line of code that it adds while it is on. */

import { make } from "../kit/dom.js";
import { toggle } from "../kit/inputs.js";
import { say } from "../kit/words.js";

export class Switches {
  /** @param {readonly import("./recipes.js").Ingredient[]} ingredients @param {(key: string) => void} go */
  constructor(ingredients, go) {
    this.rows = ingredients.map(({ key, label, code }, k) => {
      const { node, show } = toggle(label, () => go(key), code);
      const line = make("code", {}, code);
      const number = make("small", { "aria-hidden": "true" }, String(k + 1));
      return { key, show, line, node: make("li", {}, number, node, line) };
    });
    this.node = make("ul", { class: "switches", "aria-label": say("ingredients") }, ...this.rows.map((r) => r.node));
  }
  /** @param {readonly string[]} on */
  show(on) {
    for (const { key, show, line } of this.rows) {
      show(on.includes(key));
      line.classList.toggle("off", !on.includes(key));
    }
  }
}
