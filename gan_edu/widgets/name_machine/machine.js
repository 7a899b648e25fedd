/* The machine: a temperature, the beginning of a name, and beside each other what each network makes of them. */

import { make, put, set, sign } from "../kit/dom.js";
import { button, buttonRow, slider } from "../kit/inputs.js";
import { brief } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Answers } from "./answers.js";
import { read } from "./typed.js";

export class Machine {
  /** @param {import("../kit/store.js").Store} store @param {() => void} draw */
  constructor(store, draw) {
    this.store = store;
    /** @type {import("./answers.js").Board} */
    this.board = store.get("board");
    this.answers = new Answers(store, this.board, draw);
    this.draw = draw;
    this.read = read(store.get("beginning"), this.board); // what stands in the field
    const { temperatures, labels, beginnings } = this.board;
    this.temperature = slider({
      ...{ label: say("temperature"), min: 0, max: temperatures.length - 1, step: 1 },
      tell: (k) => brief(temperatures[k]),
      go: (k) => store.set({ temperature: temperatures[k] }),
    });
    this.field = make("input", {
      ...{ type: "text", class: "typed", dir: "auto", spellcheck: "false", autocomplete: "off", autocapitalize: "off" },
      ...{ "aria-label": say("beginning"), placeholder: say("anyBeginning") },
    });
    this.field.value = this.read.beginning;
    this.field.addEventListener("input", () => this.type());
    const words = beginnings.map((each) => /** @type {const} */ ([each, each || say("anyBeginning")]));
    this.choice = buttonRow(say("beginning"), words, (beginning) => store.set({ beginning }));
    this.lists = labels.map((label) => make("ol", { class: "names", "aria-label": say("madeBy", { label }) }));
    this.note = make("p", { class: "words note", role: "status" });
    this.nodes = [this.inputs(), this.note, this.columns()];
  }
  inputs() {
    const label = make("span", { "aria-hidden": "true" }, say("beginning"));
    const begins = this.store.live ? make("label", { class: "begins" }, label, this.field) : this.choice.node;
    if (!this.store.live) begins.prepend(label);
    return make(
      "div",
      { class: "moves" },
      begins,
      this.temperature.node,
      button(say("again"), () => this.again()),
    );
  }
  columns() {
    const columns = this.board.labels.map((label, k) =>
      make("section", {}, make("h4", { title: label }, sign("fake"), make("bdi", {}, label)), this.lists[k]),
    );
    return make("div", { class: "columns" }, ...columns);
  }
  again() {
    const [take, held] = [this.store.get("take") + 1, this.store.get("stored")];
    this.store.set({ take: held ? take % held[0][0].length : take });
  }
  /** What is typed is asked for as soon as it can be. */
  type() {
    this.read = read(this.field.value, this.board);
    if (!this.wrong) this.store.set({ beginning: this.read.beginning });
    this.draw();
  }
  get wrong() {
    return this.read.odd.length > 0 || this.read.long > 0;
  }
  show() {
    const [beginning, temperature, take] = ["beginning", "temperature", "take"].map(this.store.get);
    if (!this.wrong && this.read.beginning !== beginning) {
      this.field.value = beginning; // set elsewhere
      this.read = read(beginning, this.board);
    }
    this.answers.hear();
    const answer = this.answers.to({ beginning, temperature, take });
    const fresh = answer && !answer.trouble ? answer.names : null;
    const listed = new Set(answer?.listed);
    for (const [k, list] of this.lists.entries()) {
      if (fresh) list.replaceChildren(...fresh[k].map((name) => itemOf(name, beginning, listed.has(name))));
      list.classList.toggle("stale", !fresh || this.wrong);
      set(list, { "aria-busy": answer ? null : "true" });
    }
    this.temperature.show(Math.max(0, this.board.temperatures.indexOf(temperature)));
    this.choice.show(beginning);
    set(this.field, { "aria-invalid": this.wrong ? "true" : null });
    put(this.note, this.noteOf(answer, beginning));
  }
  /** @param {import("./answers.js").Answer | null} answer @param {string} beginning */
  noteOf(answer, beginning) {
    const { odd, long } = this.read;
    const still = beginning ? say("stillBegun", { beginning: `\u2068${beginning}\u2069` }) : say("still");
    if (odd.length) return `${say("odd", { letters: odd.slice(0, 3).join(say("listComma")) })} ${still}`;
    if (long) return `${say("tooLong", { long, most: this.board.most })} ${still}`;
    if (answer?.trouble) return say("trouble", { trouble: answer.trouble });
    if (!answer) return say(this.answers.wait.late ? "noAnswer" : "computing");
    return this.store.live ? "" : say("kernelAdds");
  }
}

/** A name, its beginning set apart. @param {string} name @param {string} beginning @param {boolean} listed */
function itemOf(name, beginning, listed) {
  if (!name) return make("li", { class: "nothing" }, say("noLetter"));
  const given = name.startsWith(beginning) ? beginning : "";
  const about = listed ? say("listed", { name }) : null;
  return make(
    "li",
    { class: listed ? "listed" : null, "aria-description": about },
    make("bdi", { title: about ?? name }, ...(given ? [make("b", {}, given)] : []), name.slice(given.length)),
  );
}
