/* A question, its guess, and the answer that waits for it. */

import { toBlob } from "../kit/atlas.js";
import { make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button } from "../kit/inputs.js";
import { kept } from "../kit/kept.js";
import { header } from "../kit/layout.js";
import { say } from "../kit/words.js";
import { both } from "./both.js";
import { ChoiceAsked } from "./choice.js";
import { COLUMNS } from "./compare.js";
import { CurveAsked } from "./curve.js";
import style from "./guess.css";
import { NumberAsked } from "./number.js";
import { sentence } from "./sentence.js";

const SPEC = ["key", "question", "kind", "options", "low", "high", "step", "log", "unit", "near", "across", "labels"];
export const TRAITS = [...SPEC, "truth", "shown", "guess", "skipped", "held"]; // as in widget.py
const KINDS = { number: NumberAsked, choice: ChoiceAsked, curve: CurveAsked };

/** @typedef {{png?: string | ArrayBufferView<ArrayBuffer>, alt?: string, drawn?: boolean, text?: string}} Shown what
 * waits; drawn: on light ground, to follow a dark theme */

export class Guess extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "guess", "name", style);
    const kind = /** @type {keyof typeof KINDS} */ (store.get("kind"));
    this.asked = new KINDS[kind](store, (/** @type {any} */ guess) => this.make({ guess, skipped: false }));
    this.skip = button(say("skip"), () => this.make({ guess: null, skipped: true }), { kind: "quiet" });
    this.again = button(say("again"), () => this.make({ guess: null, skipped: false }), { kind: "quiet" });
    this.hint = make("span");
    this.waits = make("p", { class: "waits" });
    this.told = make("p", { class: "told" });
    this.sides = make("div");
    this.shown = make("div", { class: "shown" });
    this.answer = make("div", { class: "answer", role: "group", tabindex: -1, "aria-label": say("answer") });
    /** @type {{paint(): void} | null} */
    this.drawn = null; // guess and answer
    /** @type {unknown} */
    this.holds = null; // what `shown` was made of
    this.kept = kept({ key: store.get("key"), question: store.get("question") }, (made) => this.remember(made));
    this.begin();
  }
  build() {
    this.answer.append(this.told, this.sides, this.shown);
    this.root.append(
      header(this.store.get("question"), this.hint, this.skip, this.again),
      this.asked.node,
      this.waits,
      this.answer,
    );
  }
  /** A guess is made, skipped, or taken back. @param {import("../kit/kept.js").Made} made */
  make(made) {
    this.store.set({ ...made });
    this.kept.keep(made);
    this.load();
    const open = made.guess !== null || made.skipped;
    if (open) this.answer.focus({ preventScroll: true });
    else this.skip.focus({ preventScroll: true });
    this.announce(open ? this.told.textContent : say("waits"));
  }
  /** What the browser has kept, where nothing else is known. @param {import("../kit/kept.js").Made} made */
  remember({ guess, skipped }) {
    const known = this.store.get("guess") !== null || this.store.get("skipped");
    const back = guess === null && !skipped;
    if ((back || !known) && (guess === null || this.fits(guess))) this.store.set({ guess, skipped });
  }
  /** Whether a guess that was kept is one of this question. @param {unknown} guess */
  fits(guess) {
    const [kind, options, low, high] = ["kind", "options", "low", "high"].map(this.store.get);
    const inside = (/** @type {unknown} */ y) => typeof y === "number" && y >= low && y <= high;
    if (kind === "choice") return options.includes(guess);
    return kind === "curve" ? Array.isArray(guess) && guess.length === COLUMNS && guess.every(inside) : inside(guess);
  }
  load() {
    const [guess, skipped, held, truth, kind] = ["guess", "skipped", "held", "truth", "kind"].map(this.store.get);
    const made = guess !== null || skipped;
    const open = (made || !held) && truth !== null;
    this.asked.node.hidden = made || !held;
    this.skip.hidden = made || !held;
    this.again.hidden = !made;
    this.answer.hidden = !open;
    this.waits.hidden = open;
    const hint = kind === "number" ? say("numberHint") : kind === "choice" ? say("choiceHint") : say("curveHint");
    put(this.hint, made || !held ? "" : hint);
    put(this.waits, truth === null ? say(made ? "keptUntil" : "notYet") : say("waits"));
    if (open) this.open(guess, truth);
    this.draw();
  }
  /** @param {unknown} guess @param {unknown} truth */
  open(guess, truth) {
    const names = [...SPEC, "guess", "truth"];
    const asked = /** @type {any} */ (Object.fromEntries(names.map((name) => [name, this.store.get(name)])));
    put(this.told, guess === null ? say(this.store.get("skipped") ? "skipped" : "notHeld") : sentence(asked));
    const made = both(this.store, { ...asked, guess, truth });
    this.sides.replaceChildren(made.node);
    this.drawn = made;
    const shown = this.store.get("shown");
    if (shown === this.holds) return;
    this.holds = shown;
    this.shown.replaceChildren(...shown.map((/** @type {Shown} */ each) => content(each)));
  }
  paint() {
    if (!this.asked.node.hidden) this.asked.paint();
    if (!this.answer.hidden) this.drawn?.paint();
  }
  destroy() {
    this.kept.end();
    super.destroy();
  }
}

/** A picture or a text that waited. @param {Shown} shown */
function content({ png, alt, drawn, text }) {
  if (png === undefined) return make("pre", {}, text ?? "");
  const canvas = make("canvas", { role: "img", "aria-label": alt, class: drawn ? "drawn" : "" });
  createImageBitmap(toBlob(png)).then((bitmap) => {
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  });
  return canvas;
}
