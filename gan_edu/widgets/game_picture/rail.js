/* The eight phases as a row to press: whose turn it is, and which phase is on show. */

import { make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { PHASES } from "./phases.js";

const TURNS = /** @type {const} */ ([
  ["samples", [1, 2]],
  ["turnOfD", [3, 4, 5]],
  ["turnOfG", [6, 7, 8]],
]);

export class Rail {
  /** @param {(phase: number) => void} go */
  constructor(go) {
    this.buttons = PHASES.map(({ short }, phase) => {
      const words = say(short);
      const node = button("", () => go(phase), { label: say("phaseLabel", { phase: String(phase), words }) });
      node.append(make("b", {}, String(phase)), make("span", {}, words));
      return node;
    });
    const turns = TURNS.map(([turn, phases]) =>
      make(
        "div",
        { class: `turn ${turn}` },
        make("span", { class: "whose" }, say(turn)),
        make("div", {}, ...phases.map((k) => this.buttons[k])),
      ),
    );
    this.node = make("div", { class: "rail", role: "group", "aria-label": say("phases") }, ...turns);
  }
  /** @param {number} phase */
  show(phase) {
    for (const [k, node] of this.buttons.entries()) {
      node.classList.toggle("done", k < phase);
      if (k === phase) node.setAttribute("aria-current", "step");
      else node.removeAttribute("aria-current");
    }
  }
}
