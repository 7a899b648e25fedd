/* A key of one's own, on which a kernel trains: a word for it, any key, stop, and how it stands. */

import { make, put, set } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { onKeys } from "../kit/keys.js";
import { say } from "../kit/words.js";
import { keywordKey, letters, randomKey } from "./cipher.js";

/** @typedef {{number: number, key: number[], steps: number[], frames: any, phase: string, trouble: string}} Own as
 *   Training.state tells it */

const PATIENCE = 2500; // ms without an answer until the view says so

export class OwnKey {
  /** @param {import("../kit/store.js").Store} store @param {() => void} draw */
  constructor(store, draw) {
    this.store = store;
    this.draw = draw;
    /** @type {Own | null} */
    this.heard = null; // the newest answer
    this.late = false;
    this.timer = 0;
    this.asked = ""; // what the word lacks
    this.begun = false; // whether a training was asked for here
    this.word = make("input", {
      ...{ type: "text", class: "typed word", dir: "auto", spellcheck: "false", autocomplete: "off" },
      ...{ "aria-label": say("keyWord"), maxlength: 60 },
    });
    onKeys(this.word, { Enter: () => this.begin() });
    this.word.addEventListener("input", () => this.tell(""));
    this.go = button(say("trainOnWord"), () => this.begin());
    this.any = button(say("trainOnAny"), () => this.trainAny());
    this.halt = button(say("stop"), () => this.ask({ do: "stop" }));
    const label = make(
      "label",
      { class: "begins" },
      make("span", { "aria-hidden": "true" }, say("keyWord")),
      this.word,
    );
    this.node = make(
      "div",
      { class: "acts", role: "group", "aria-label": say("ownKey") },
      label,
      this.go,
      this.any,
      this.halt,
    );
  }
  /** Trains on the key of the word. */
  begin() {
    const word = letters(this.word.value);
    if (!word.length) return this.tell(say("wordLacks"));
    this.train(keywordKey(word));
  }
  trainAny() {
    this.word.value = ""; // it is not the key that trains
    this.train(randomKey());
  }
  /** @param {number[]} key */
  train(key) {
    this.begun = true;
    this.tell("");
    this.store.set({ source: "own", step: null });
    this.ask({ do: "train", key });
  }
  /** @param {string} asked */
  tell(asked) {
    this.asked = asked;
    this.draw();
  }
  /** @param {object} wish */
  ask(wish) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.late = true;
      this.draw();
    }, PATIENCE);
    this.store.ask(wish);
  }
  /** Takes in what the kernel has told; the words for a change of how it stands, else "". */
  hear() {
    /** @type {Own} */
    const own = this.store.get("own");
    if (own === this.heard) return "";
    const before = this.heard;
    this.heard = own;
    this.rest();
    return before && (before.phase !== own.phase || before.number !== own.number) ? this.phaseText() : "";
  }
  rest() {
    clearTimeout(this.timer);
    this.late = false;
  }
  phaseText() {
    const { phase = "", trouble = "" } = this.heard ?? {};
    const words = { training: say("trains"), done: say("done"), stopped: say("stopped") };
    return phase === "failed" ? say("trouble", { trouble }) : (words[/** @type {"done"} */ (phase)] ?? "");
  }
  show() {
    const training = this.heard?.phase === "training";
    this.halt.hidden = !training;
    set(this.word, { "aria-invalid": this.asked ? "true" : null });
    put(this.go, say("trainOnWord"));
  }
  /** What is to be said of it; how it stands, only where it is on show. */
  get note() {
    if (this.asked) return this.asked;
    if (this.late) return say("noAnswer");
    return this.store.get("source") === "own" ? this.phaseText() : "";
  }
}
