/* The numbers beside a grid: measured now, and at the theoretical optimum. */

import { make, put, sign } from "../kit/dom.js";
import { fidText, fixed, isNumber, optimumText } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Balance } from "./balance.js";
import { CURVES } from "./run.js";

/** @typedef {import("./run.js").Run} Run */

const noSign = () => make("i", { class: "sign" });

export class Numbers {
  /** @param {boolean} compared there is no room for the optimum */
  constructor(compared) {
    this.compared = compared;
    /** @type {Run | null} */
    this.run = null;
    this.shape = ""; // what its rows depend on
    /** @type {Record<string, HTMLElement>} */
    this.cells = {};
    this.note = make("div", { class: "note" });
    /** @type {Balance | null} */
    this.balance = null;
    this.node = make("div", { class: "numbers" });
  }
  /** @param {Run} run */
  load(run) {
    this.run = run;
    const names = [...CURVES.map(([name]) => name).filter((name) => run.has(name)), ...run.others()];
    const shape = JSON.stringify([names, run.optimum, run.meta.scoring, run.fid.length > 0, run.scored.length > 0]);
    if (shape === this.shape) return; // a growing run: the same rows with other numbers
    this.shape = shape;
    this.build(run, names);
  }
  /** @param {Run} run @param {string[]} names of its curves */
  build(run, names) {
    const wide = !this.compared && names.some((name) => isNumber(run.optimum[name]));
    this.cells = {};
    const rows = names.map((name) => this.row(name, headOf(name), wide ? optimumText(run.optimum[name]) : null));
    const floor = run.meta.scoring?.fid_floor;
    const floorText = isNumber(floor) && !this.compared ? say("floor", { fid: fidText(floor) }) : null;
    if (run.fid.length) rows.push(this.row("fid", [noSign(), "FID"], floorText ?? (wide ? "" : null)));
    if (run.scored.length) {
      const words = make("span", { title: say("confidenceIs") }, say("confidence"));
      rows.push(this.row("confidence", [noSign(), words], wide ? "" : null));
    }
    const head = make("tr", { class: "head" }, make("td"), make("td", {}, say("now")), make("td", {}, say("optimum")));
    const table = make("table", {}, ...(wide ? [head] : []), ...rows);
    this.note.hidden = !run.scored.length;
    const classes = run.scored.map((frame) => run.scoresOf(frame).histogram?.length ?? 0).find(Boolean);
    this.balance = classes ? new Balance(classes) : null;
    const scores = make("div", { class: "scores" }, ...(this.balance ? [this.balance.node] : []), this.note);
    this.node.replaceChildren(...(rows.length ? [table] : []), ...(run.scored.length ? [scores] : []));
  }
  /** @param {string} name @param {(Node | string)[]} label
   * @param {string | null} ideal beside the number; null: no cell for it */
  row(name, label, ideal) {
    this.cells[name] = make("td");
    const last = ideal === null ? [] : [make("td", { class: "ideal" }, ideal)];
    return make(
      "tr",
      { class: name === "fid" ? "fid" : null },
      make("th", { scope: "row" }, ...label),
      this.cells[name],
      ...last,
    );
  }
  /** @param {number} frame −1: it has not begun */
  draw(frame) {
    const { run } = this;
    if (!run) return;
    const scored = run.scoredAt(frame);
    const scores = scored < 0 ? {} : run.scoresOf(scored);
    const texts = { fid: fidText(scores.fid), confidence: fixed(scores.confidence) };
    for (const [name, cell] of Object.entries(this.cells)) {
      const measured = frame < 0 ? undefined : run.curve(name, run.steps[frame]);
      put(cell, name === "fid" || name === "confidence" ? texts[name] : fixed(measured));
    }
    this.note.textContent = scored < 0 ? say("notScored") : scoredWords(run, scored);
    this.balance?.draw(scores.histogram ?? []);
  }
}

/** @param {string} name of a curve */
function headOf(name) {
  const known = CURVES.find(([each]) => each === name);
  return known ? [sign(known[1]), say(known[2])] : [noSign(), name];
}

/** @param {Run} run @param {number} frame one that was scored */
function scoredWords(run, frame) {
  const count = run.meta.scoring?.samples;
  const step = run.steps[frame];
  return count ? say("samplesAt", { count, step }) : say("scoredAt", { step });
}
