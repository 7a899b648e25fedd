/* All guesses of a notebook: what was asked, what was guessed, how far off. */

import { make, placeAt, put } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { kept } from "../kit/kept.js";
import { header } from "../kit/layout.js";
import { brief, clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { reading } from "./compare.js";
import style from "./guess.css";
import { sentence, withUnit } from "./sentence.js";

export const ROWS = ["rows"]; // as in summary.py
const REACH = 3; // times the distance that is near: what is further off stands at the end

/** @typedef {import("./sentence.js").Asked & import("../kit/kept.js").Made & {key: string, question: string}} Row */

export class Summary extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "guess", "howGood", style);
    this.told = make("p", { class: "told", role: "status" });
    this.list = make("ul", { class: "all" });
    /** @type {{end(): void}[]} */
    this.kept = [];
    this.begin();
  }
  build() {
    this.root.append(header(say("howGood"), say("howGoodHint")), this.told, this.list);
    if (this.store.live) return;
    this.kept = this.rows.map((row) => kept(row, (made) => this.store.set({ rows: this.with(row.key, made) })));
  }
  /** @returns {Row[]} */
  get rows() {
    return this.store.get("rows");
  }
  /** The rows with a guess that the browser has kept. @param {string} key @param {import("../kit/kept.js").Made} made */
  with(key, made) {
    return this.rows.map((row) => (row.key === key ? { ...row, ...made } : row));
  }
  load() {
    const made = this.rows.filter(({ guess, truth }) => guess !== null && truth !== null);
    const near = made.filter((row) => reading(row).verdict !== "far").length;
    put(
      this.told,
      made.length ? `${say("nearOf", { count: made.length, near })} ${kindWords(near, made)}` : say("none"),
    );
    this.list.replaceChildren(...this.rows.map(line));
  }
  destroy() {
    for (const each of this.kept) each.end();
    super.destroy();
  }
}

/** @param {number} near @param {readonly Row[]} made */
const kindWords = (near, made) => say(near === made.length ? "allNear" : "someFar");

/** One question. @param {Row} row */
function line(row) {
  const seen = row.guess !== null && row.truth !== null;
  const words = seen
    ? sentence(row)
    : row.skipped && row.truth !== null
      ? say("lookedAt", { answer: answerText(row) })
      : say("open");
  const parts = [make("b", {}, row.question), make("span", {}, words)];
  return make("li", { class: seen ? "" : "open" }, make("div", {}, ...parts), ...(seen ? [track(row)] : []));
}

/** The answer in a few words. @param {Row} row */
function answerText({ kind, truth, unit }) {
  if (kind === "curve") return say("fromTo", { first: brief(truth[0]), last: brief(truth[truth.length - 1]) });
  return kind === "choice" ? truth : withUnit(truth, unit);
}

/** How far off on a line: at the left on the spot, then near, at the right far. @param {Row} row */
function track(row) {
  const { away, verdict } = reading(row);
  const mark = make("i", { class: "guess-mark" });
  const place = row.kind === "choice" ? away : clamp(away / row.near / REACH, 0, 1);
  placeAt(mark, place, 0.5);
  const label = verdict === "spot" ? say("onTheSpot") : verdict === "near" ? say("near") : say("far");
  const zone = make("span", { class: "zone" });
  zone.style.width = `${100 / REACH}%`;
  return make("div", { class: "off" }, make("div", { class: "track", "aria-hidden": "true" }, zone, mark), label);
}
