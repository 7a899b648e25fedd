/* The cures as switches in one row, and in a sentence what the one that was switched last does. */

import { make, put } from "../kit/dom.js";
import { toggle } from "../kit/inputs.js";
import { say } from "../kit/words.js";

/** @typedef {import("./film.js").Cure} Cure */

export class Cures {
  /** @param {Record<string, Cure>} cures @param {(name: string, on: boolean) => void} go */
  constructor(cures, go) {
    this.cures = cures;
    /** @type {Set<string>} */
    this.on = new Set();
    this.last = ""; // switched last
    this.switches = Object.entries(cures).map(([name, { title, does }]) => {
      const { node, show } = toggle(title, () => this.press(name, go), does);
      return { name, node, show };
    });
    this.row = make("div", { class: "cures", role: "group", "aria-label": say("cureGroup") });
    this.row.append(...this.switches.map(({ node }) => node));
    this.does = make("p", { class: "does" });
    this.trouble = make("p", { class: "trouble", role: "alert", hidden: "" });
    this.node = make("div", { class: "switchboard" }, this.row, this.does, this.trouble);
  }
  /** @param {string} name @param {(name: string, on: boolean) => void} go */
  press(name, go) {
    this.last = name;
    go(name, !this.on.has(name));
  }
  /** @param {readonly string[]} on @param {string} trouble what was refused
   * @param {readonly string[]} [offered] those that are there */
  show(on, trouble, offered) {
    this.on = new Set(on);
    for (const { name, node, show } of this.switches) {
      show(this.on.has(name));
      node.hidden = offered !== undefined && !offered.includes(name);
    }
    const told = this.on.has(this.last) ? this.last : (on[on.length - 1] ?? "");
    put(this.does, this.cures[told]?.does ?? say("noCureDoes"));
    if (this.trouble.textContent !== trouble) this.trouble.textContent = trouble;
    this.trouble.hidden = !trouble;
  }
}
