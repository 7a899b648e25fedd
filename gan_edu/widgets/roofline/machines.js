/* Which machine and which precision are shown, and how long the same step takes on the other machines. */

import { make, put, set } from "../kit/dom.js";
import { presses } from "../kit/fields.js";
import { choice, offer } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { partsOf, total, workOf } from "./math.js";
import { bounds, named, timeOn } from "./texts.js";

/** @typedef {import("./math.js").Machine} Machine */
/** @typedef {import("./math.js").Step} Step */

export const PRECISIONS = /** @type {const} */ (["float32", "bfloat16"]);

export class Machines {
  /** @param {import("../kit/store.js").Store} store */
  constructor(store) {
    this.select = choice(say("machine"), [], (chosen) => store.set({ chosen }));
    const options = PRECISIONS.map((each) => /** @type {const} */ ([each, each]));
    this.precision = presses(store, "precision", options);
    this.buttons = [...this.precision.node.querySelectorAll("button")];
    this.note = make("p", { class: "words" });
    this.nodes = [make("label", { class: "machine" }, say("machine"), this.select), this.note, this.precision.node];
    this.elsewhere = make("table", { class: "elsewhere" });
    this.offered = "";
  }
  /** @param {readonly Machine[]} machines @param {Machine} chosen @param {Step} step @param {import("./math.js").Cost} cost */
  show(machines, chosen, step, cost) {
    const { precision } = step;
    this.offer(machines, precision);
    this.select.value = chosen.name;
    const lacks = PRECISIONS.filter((each) => !chosen.of[each]);
    const notes = [
      say(bounds(chosen.source) ? "dataSheet" : "measured"),
      ...lacks.map((each) => say("notMeasured", { precision: each })),
    ];
    put(this.note, notes.join(say("gap")));
    for (const [k, button] of this.buttons.entries()) {
      const missing = lacks.includes(PRECISIONS[k]);
      const title = missing ? say("notMeasured", { precision: PRECISIONS[k] }) : null;
      set(button, { "aria-disabled": missing ? "true" : null, title });
      button.setAttribute("aria-pressed", String(PRECISIONS[k] === precision));
    }
    const rows = machines.filter((each) => each !== chosen).map((each) => row(each, step, cost));
    const head = make("tr", { class: "head" }, make("th", { colspan: 2, scope: "colgroup" }, say("elsewhere")));
    this.elsewhere.replaceChildren(...(rows.length ? [head, ...rows] : []));
  }
  /** The machines; those without this precision are not to be chosen, and say why.
   * @param {readonly Machine[]} machines @param {Step["precision"]} precision */
  offer(machines, precision) {
    const words = machines.map((each) => {
      const name = named(each);
      return each.of[precision] ? name : say("nameWithout", { name, precision });
    });
    if (words.join("\n") === this.offered) return; // an open list stays open
    this.offered = words.join("\n");
    offer(
      this.select,
      machines.map(({ name }, k) => /** @type {const} */ ([name, words[k]])),
    );
    for (const [k, { of }] of machines.entries()) this.select.options[k].disabled = !of[precision];
  }
}

/** @param {Machine} machine @param {Step} step @param {import("./math.js").Cost} cost */
function row(machine, step, cost) {
  const numbers = machine.of[step.precision];
  const told = numbers ? timeOn(total(partsOf(workOf(step, cost), numbers)), machine.source) : say("notMeasuredShort");
  return make("tr", {}, make("th", { scope: "row" }, named(machine)), make("td", {}, told));
}
