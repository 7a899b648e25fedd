/* The secret message: a text, enciphered by a key, as a generator reads it at each step of its training. */

import { bytesOf, make, put, set } from "../kit/dom.js";
import { switches } from "../kit/fields.js";
import { Host } from "../kit/host.js";
import { buttonRow, slider } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { clamp, lastAtOrBefore } from "../kit/numbers.js";
import { Play } from "../kit/play.js";
import { apart } from "../kit/signs.js";
import { say } from "../kit/words.js";
import { countRight, letters, readingOf, SYMBOLS, spelled } from "./cipher.js";
import { Heat } from "./heat.js";
import { keyRow } from "./key_row.js";
import { Lines } from "./lines.js";
import { OwnKey } from "./own.js";
import look from "./secret_message.css";
import { read } from "./typed.js";

/** @typedef {{key: number[], steps: number[], frames: any}} Film frames: 729 bytes a step */

const CELLS = SYMBOLS * SYMBOLS;

export const TRAITS = ["board", "own", "message", "source", "step", "wrong"]; // as in widget.py

export class SecretMessage extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "secret_message", "title", look);
    this.board = store.get("board");
    this.typed = read(store.get("message"), this.board.longest); // what stands in the field
    this.field = make("input", {
      ...{ type: "text", class: "typed", dir: "auto", spellcheck: "false", autocomplete: "off", autocapitalize: "off" },
      "aria-label": say("message"),
    });
    this.field.value = store.get("message");
    this.field.addEventListener("input", () => this.type());
    /** @type {[string, string][]} */
    const sources = [
      ["recorded", say("recorded")],
      ["own", say("ownKey")],
    ];
    this.sources = buttonRow(say("key"), sources, (source) => store.set({ source, step: null }));
    this.sources.node.prepend(make("span", { "aria-hidden": "true" }, say("key")));
    this.own = new OwnKey(store, () => this.draw());
    this.play = new Play(this, () => this.film.steps.length);
    this.slider = slider({
      ...{ label: say("training"), min: 0, max: 1, step: 1 },
      tell: (k) => (this.film.steps.length ? say("stepIs", { step: this.film.steps[k] ?? 0 }) : ""),
      go: (k) => this.go(k),
    });
    this.wrong = switches(store, "wrong");
    this.heat = new Heat(() => this.draw());
    this.lines = new Lines();
    this.told = make("p", { class: "told" });
    this.note = make("p", { class: "words note", role: "status" });
    this.state = make("p", { class: "words" });
    this.keyRow = keyRow();
    /** @type {Film} */
    this.film = this.filmNow();
    this.bytes = { of: null, all: new Uint8Array() }; // of the film
    this.begin();
  }
  build() {
    const label = make(
      "label",
      { class: "begins wide" },
      make("span", { "aria-hidden": "true" }, say("message")),
      this.field,
    );
    const keys = make("div", { class: "keys" }, this.sources.node);
    if (this.store.live && this.board.offered) keys.append(this.own.node);
    const side = make("div", { class: "side" }, this.lines.node, this.told);
    this.root.append(
      header(say("title"), say("subtitle"), this.wrong.node),
      label,
      this.note,
      keys,
      this.state,
      this.keyRow.node,
      make("div", { class: "moves" }, this.play.node, this.slider.node),
      make("div", { class: "both" }, this.heat.node, side),
      footer(say("keys"), say("hint")),
    );
  }
  load() {
    const news = this.own.hear();
    if (news) this.announce(news);
    super.load();
  }

  /* -------- what a learner does */

  type() {
    this.typed = read(this.field.value, this.board.longest);
    if (this.typed.text.length) this.store.set({ message: spelled(this.typed.text) });
    this.draw();
  }
  /** @param {number} place of a frame */
  go(place) {
    this.play.hold(place + 1);
    this.store.set({ step: this.stepOf(place) });
  }
  /** The last frame is the newest, however many there will be. @param {number} place */
  stepOf(place) {
    const { steps } = this.film;
    return place >= steps.length - 1 ? null : steps[Math.max(0, place)];
  }

  /* -------- what it shows */

  /** @returns {Film} */
  filmNow() {
    const film = this.store.get("source") === "own" ? this.store.get("own") : this.board;
    return film.key?.length ? film : { key: [], steps: [], frames: "" };
  }
  get place() {
    const { steps } = this.film;
    const step = this.store.get("step");
    return step === null ? steps.length - 1 : clamp(lastAtOrBefore(steps, step), 0, steps.length - 1);
  }
  paint() {
    this.film = this.filmNow();
    this.play.follow(
      (shown) => this.store.set({ step: this.stepOf(shown - 1) }),
      () => this.place + 1,
    );
    const [message, wrong, source] = this.read("message", "wrong", "source");
    if (this.typed.text.length && spelled(this.typed.text) !== message) {
      this.field.value = message; // set elsewhere
      this.typed = read(message, this.board.longest);
    }
    const { key } = this.film;
    const [text, frame] = [letters(message), this.frame()];
    const reading = frame && readingOf(frame);
    this.lines.show({ text, key, stands: reading?.stands ?? null, sure: reading?.sure ?? [], wrong });
    const score = reading ? this.scoreText(text, reading.stands) : this.nothingText();
    put(this.told, score);
    this.keyRow.show(key);
    this.heat.show(frame, wrong ? key : [], say(frame ? "matrixAlt" : "matrixNone", { score }), this.dark);
    this.showInputs(source, score);
  }
  /** @returns {Uint8Array | null} */
  frame() {
    const { frames } = this.film;
    if (this.place < 0) return null;
    if (this.bytes.of !== frames) this.bytes = { of: frames, all: new Uint8Array(bytesOf(frames)) };
    return this.bytes.all.subarray(this.place * CELLS, (this.place + 1) * CELLS);
  }
  /** @param {number[]} text @param {number[]} stands */
  scoreText(text, stands) {
    const { key } = this.film;
    const right = countRight(text, key, stands);
    const all = countRight(
      key.map((_, k) => k),
      key,
      stands,
    );
    const percent = Math.floor((100 * right) / text.length); // 100 % is all
    return say("score", { right, count: text.length, percent, all, symbols: SYMBOLS });
  }
  /** Why nothing is read. */
  nothingText() {
    const { live } = this.store;
    if (this.film.key.length || this.own.begun || (live && this.board.trains && !this.board.offered))
      return say("nothing");
    return say(live && this.board.offered ? "ownNone" : "ownNeeds");
  }
  /** @param {string} source @param {string} score */
  showInputs(source, score) {
    const last = Math.max(0, this.film.steps.length - 1);
    const { own } = this;
    this.sources.show(source);
    this.sources.node.hidden = !(
      this.store.get("own").steps?.length ||
      source === "own" ||
      (this.store.live && this.board.offered)
    );
    own.show();
    this.play.show();
    this.slider.input.max = String(last);
    this.slider.show(Math.max(0, this.place), say("listComma") + score);
    for (const input of [this.play.node, this.slider.input]) set(input, { "aria-disabled": last ? null : "true" });
    this.wrong.show();
    set(this.field, { "aria-invalid": this.typed.text.length ? null : "true" });
    put(this.note, this.noteOf());
    put(this.state, this.stateOf());
  }
  noteOf() {
    const { text, odd, cut, none } = this.typed;
    if (none) return `${say(none)} ${say("still", { message: apart(this.store.get("message")) })}`;
    const signs = odd.slice(0, 3).join(say("listComma")) + (odd.length > 3 ? " …" : "");
    const left = odd.length ? say("leftOut", { signs, message: apart(spelled(text)) }) : "";
    return [cut && say("tooLong", { most: this.board.longest, cut: apart(cut) }), left].filter(Boolean).join(" ");
  }
  stateOf() {
    if (!this.store.live) return say("kernelAdds");
    if (this.board.offered) return this.own.note;
    return this.board.trains ? say("trainsInCell") : "";
  }
  destroy() {
    this.own.rest();
    super.destroy();
  }
}
