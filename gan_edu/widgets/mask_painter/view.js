/* The mask painter: a picture, a hole that one paints in it, what a network fills it with, and the error of that. */

import { bytesOf, make, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button, buttonRow, slider, toggle } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { signed } from "../kit/numbers.js";
import { colourOf } from "../kit/palette.js";
import { say } from "../kit/words.js";
import { Answers } from "./answers.js";
import { Chooser } from "./chooser.js";
import { between, cut, dab, decibels, holeOf, inked, leftOf, nearestPreset, PIXELS, packed, textOf } from "./holes.js";
import look from "./mask_painter.css";
import { errorMap, scaleOf } from "./scale.js";
import { Tile } from "./tile.js";

export const TRAITS = ["board", "pictures", "own", "which", "tab", "strength", "hole", "weight", "answer"]; // as in widget.py

const WIDTHS = [1, 1.5, 2, 3, 4]; // radii of the brush, in pixels

export class MaskPainter extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "mask_painter", "title", look);
    /** @type {import("./answers.js").Board} */
    this.board = store.get("board");
    this.answers = new Answers(store, this.board, () => this.draw());
    this.radius = 2; // its place among the widths
    this.stroke = new Uint8Array(PIXELS); // what was painted since the pointer came down
    this.tiles = {
      real: new Tile(say("real"), "real"),
      left: new Tile(say("left"), "left"),
      restored: new Tile(say("restored"), "restored"),
      error: new Tile(say("error"), "error"),
    };
    this.chooser = new Chooser(this.board.count, (which) => store.set({ which }));
    const tabs = [say("hole"), ...this.board.tabs.map(({ name }) => name)].map((name, k) => [k, name]);
    this.tab = buttonRow(say("spoiledBy"), /** @type {[number, string][]} */ (tabs), (tab) => store.set({ tab }));
    this.tab.node.prepend(make("span", { "aria-hidden": "true" }, say("spoiledBy")));
    this.holes = buttonRow(
      say("holes"),
      this.board.presets.map(({ name }) => /** @type {[string, string]} */ ([name, this.named(name)])),
      (hole) => store.set({ hole }),
    );
    this.wide = this.slides(
      "brush",
      WIDTHS.length,
      (k) => signed(2 * WIDTHS[k], 0),
      (k) => this.widen(k),
    );
    this.strength = this.slides(
      "strength",
      1,
      (k) => this.levels[k] ?? "",
      (strength) => store.set({ strength }),
    );
    const weights = this.board.weights;
    this.weight = this.slides(
      "weight",
      weights.length,
      (k) => weights[k],
      (weight) => store.set({ weight }),
    );
    this.erases = false;
    this.erase = toggle(say("erase"), () => this.turn());
    this.clear = button(say("clear"), () => this.wipe());
    this.tools = make("div", { class: "acts" }, this.wide.node, this.erase.node, this.clear);
    this.note = make("p", { class: "words note", role: "status" });
    this.scale = scaleOf();
    this.begin();
  }
  /** @param {string} name of a preset */
  named(name) {
    const names = { centre: say("centre"), upper: say("upper"), lower: say("lower") };
    const wide = { right: say("right"), bottom: say("bottom"), stripes: say("stripes") };
    return { ...names, ...wide }[name] ?? name;
  }
  /** @param {string} name @param {number} count @param {(k: number) => string} tell @param {(k: number) => void} go */
  slides(name, count, tell, go) {
    return slider({ label: say(name), min: 0, max: count - 1, step: 1, tell, go });
  }
  build() {
    const { real, left, restored, error } = this.tiles;
    error.node.append(this.scale.node);
    real.paints(this.brush("own"));
    left.paints(this.brush("hole"));
    this.weight.node.hidden = this.board.weights.length < 2;
    this.root.append(
      header(say("title"), say("subtitle")),
      make("div", { class: "above" }, this.chooser.node, this.tab.node),
      make("div", { class: "below" }, this.holes.node, this.tools, this.strength.node),
      make("div", { class: "four" }, real.node, left.node, restored.node, error.node),
      make("div", { class: "weights" }, this.weight.node),
      this.note,
      footer(say("keys"), say(this.store.live ? "hint" : "hintPage")),
    );
  }
  load() {
    this.answers.hear();
    super.load();
  }

  /* -------- what is asked */

  /** The strengths of the chosen damage. @returns {string[]} */
  get levels() {
    return this.board.tabs[this.store.get("tab") - 1]?.strengths ?? [];
  }
  get asked() {
    const [which, own, tab, strength, hole, weight] = this.read("which", "own", "tab", "strength", "hole", "weight");
    return { which, own, tab, strength: Math.min(strength, Math.max(0, this.levels.length - 1)), hole, weight };
  }
  get isOwn() {
    return this.store.get("which") === this.board.count;
  }
  /** @param {number} which */
  realOf(which) {
    if (which < this.board.count)
      return new Uint8Array(bytesOf(this.store.get("pictures"))).subarray(which * PIXELS, (which + 1) * PIXELS);
    return this.store.get("own") ? new Uint8Array(bytesOf(this.store.get("own"))) : new Uint8Array(PIXELS);
  }
  get hole() {
    const hole = this.store.get("hole");
    return holeOf(this.board.presets.find(({ name }) => name === hole)?.bits ?? hole);
  }

  /* -------- what a learner does */

  /** @param {"own" | "hole"} what it paints @returns {import("./tile.js").Brush} */
  brush(what) {
    const go = what === "own" ? this.ink.bind(this) : this.cut.bind(this);
    return {
      start: () => this.stroke.fill(0),
      go: (from, to, off) => {
        for (const at of between(from, to)) go(dab(at, WIDTHS[this.radius]), off || this.erases);
      },
      end: () => this.announce(what === "hole" ? this.wordsOfHole() : ""),
      wide: () => WIDTHS[this.radius],
    };
  }
  /** Cuts a hole; without a kernel the stored one that is nearest to the stroke.
   * @param {ReturnType<typeof dab>} places @param {boolean} off */
  cut(places, off) {
    if (this.store.live) return this.store.set({ hole: textOf(cut(this.hole, places, off)) });
    this.stroke = cut(this.stroke, places, false);
    this.store.set({ hole: nearestPreset(this.board.presets, this.stroke) });
  }
  /** Draws a picture of one's own. @param {ReturnType<typeof dab>} places @param {boolean} off */
  ink(places, off) {
    this.store.set({ own: packed(inked(this.realOf(this.board.count), places, off)) });
  }
  /** @param {number} k */
  widen(k) {
    this.radius = k;
    this.draw();
  }
  turn() {
    this.erases = !this.erases;
    this.draw();
  }
  wipe() {
    this.store.set(this.isOwn && this.store.get("tab") ? { own: "" } : { hole: textOf(new Uint8Array(PIXELS)) });
  }

  /* -------- what it shows */

  paint() {
    const { asked, hole } = this;
    const real = this.realOf(asked.which);
    const lacks = asked.tab ? null : hole;
    const empty = lacks !== null && !lacks.some(Boolean);
    const answer = empty ? null : this.answers.to(asked);
    const fine = answer && !answer.trouble ? answer : null;
    this.showReal(real);
    this.showLeft(real, lacks, lacks ? leftOf(real, lacks) : (fine?.seen ?? null));
    this.showRestored(real, lacks, fine?.restored ?? null, empty);
    this.showInputs(asked);
    put(this.note, this.noteOf(answer, empty));
  }
  /** @param {Uint8Array} real */
  showReal(real) {
    const { which } = this.asked;
    const drawn = this.isOwn && this.store.live;
    this.tiles.real.open(drawn, WIDTHS[this.radius]);
    const words = say(this.isOwn ? "ownAlt" : "realAlt", { number: which + 1 });
    this.tiles.real.show((k) => grey(real[k]), words, drawn ? say("drawHere") : "");
  }
  /** @param {Uint8Array} real @param {Uint8Array | null} hole @param {Uint8Array | null} left */
  showLeft(real, hole, left) {
    const missing = rgb(colourOf("generator", this.dark));
    this.tiles.left.open(Boolean(hole), WIDTHS[this.radius]);
    const words = hole ? this.wordsOfHole() : say("leftAlt", { name: this.board.tabs[this.asked.tab - 1].name });
    const colour = (/** @type {number} */ k) => (hole?.[k] ? missing : grey(left?.[k] ?? 0));
    this.tiles.left.show(left && colour, words, left ? scoreText(real, left, hole) : say("computing"));
  }
  /** @param {Uint8Array} real @param {Uint8Array | null} hole @param {Uint8Array | null} made @param {boolean} empty */
  showRestored(real, hole, made, empty) {
    const waits = empty || !this.answers.waits ? "" : say("computing");
    const label = this.board.weights[this.asked.weight];
    const score = made ? scoreText(real, made, hole) : waits;
    this.tiles.restored.show(made && ((k) => grey(made[k])), say("restoredAlt", { weight: label, score }), score);
    const map = errorMap(this.dark);
    this.scale.show(map);
    const colour = made && ((/** @type {number} */ k) => map((made[k] - real[k]) / 255));
    this.tiles.error.show(colour, say("errorAlt", { score }), made ? say("errorIs") : waits);
  }
  /** @param {import("./answers.js").Asked} asked */
  showInputs({ which, tab, strength, hole, weight }) {
    const { live } = this.store;
    this.tab.show(tab);
    this.holes.show(hole);
    this.chooser.show(which, live || Boolean(this.store.get("own")), (k) => this.realOf(k));
    [this.holes.node.hidden, this.strength.node.hidden] = [tab > 0, this.levels.length < 2];
    this.strength.input.max = String(Math.max(0, this.levels.length - 1));
    this.strength.show(strength);
    this.weight.show(weight);
    this.wide.show(this.radius);
    this.erase.show(this.erases);
    this.erase.node.hidden = this.clear.hidden = !live;
    this.tools.hidden = tab > 0 && !(this.isOwn && live);
    put(this.clear, say(this.isOwn && tab ? "clearOwn" : "clear"));
  }
  wordsOfHole() {
    const count = this.hole.reduce((sum, bit) => sum + bit, 0);
    return say("holeAlt", { count });
  }
  /** @param {import("./answers.js").Answer | null} answer @param {boolean} empty */
  noteOf(answer, empty) {
    if (answer?.trouble) return say("trouble", { trouble: answer.trouble });
    if (empty) return say("paintHere");
    if (!answer && this.answers.late) return say("noAnswer");
    if (!this.store.live && !this.asked.tab) return say("snaps", { count: this.board.presets.length });
    return "";
  }
  destroy() {
    this.answers.rest();
    super.destroy();
  }
}

/** @param {number} pixel */
const grey = (pixel) => [pixel, pixel, pixel];

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((k) => Number.parseInt(hex.slice(k, k + 2), 16));

/** @param {Uint8Array} real @param {Uint8Array} other @param {Uint8Array | null} hole */
function scoreText(real, other, hole) {
  const value = decibels(real, other, hole);
  if (Number.isNaN(value)) return "";
  return say(hole ? "psnrHole" : "psnr", { db: signed(value, 1) });
}
