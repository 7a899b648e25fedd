/* The score: rounds right, of all and of each network, for the reader, for D, and for one who guesses. */

import { make, put } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { guessing, scoreOf } from "./luck.js";

export class Score {
  /** @param {import("./luck.js").Pair[]} pairs @param {string[]} labels */
  constructor(pairs, labels) {
    this.columns = ["", ...labels]; // "": all
    const players = ["you", ...(pairs.some(({ judged }) => judged) ? ["d"] : []), "luck"];
    const cell = (/** @type {string} */ label) => {
      const rounds = pairs.filter(({ by }) => !label || by === label).length;
      return make("td", { style: `--letters: ${2 * String(rounds).length + 1}` }); // when all is played
    };
    this.rows = new Map(players.map((player) => [player, this.columns.map(cell)]));
    const heads = this.columns.map((label) => make("th", { scope: "col", title: label || null }, label || say("all")));
    const lines = [...this.rows].map(([player, cells]) => {
      const words = { you: say("you"), d: say("d"), luck: say("luck") }[player] ?? player;
      return make("tr", { class: player }, make("th", { scope: "row" }, words), ...cells);
    });
    const head = make("tr", { class: "head" }, make("th", { scope: "col" }, say("rightHead")), ...heads);
    this.track = make("div", { class: "track", "aria-hidden": "true" });
    this.node = make("div", { class: "score" }, make("table", {}, head, ...lines), this.track);
  }
  /** @param {readonly import("./luck.js").Pair[]} pairs @param {readonly number[]} guesses */
  show(pairs, guesses) {
    for (const [k, label] of this.columns.entries()) {
      const score = scoreOf(pairs, guesses, label);
      const [low, high] = guessing(score.count);
      const told = {
        you: ofAll(score.you, score.count),
        d: ofAll(score.d, score.count),
        luck: say("to", { low, high }),
      };
      for (const [player, cells] of this.rows)
        put(cells[k], score.count ? told[/** @type {keyof typeof told} */ (player)] : "–");
    }
    this.draw(scoreOf(pairs, guesses));
  }
  /** From none to all right: what guessing gives, the reader above, D below. @param {ReturnType<typeof scoreOf>} score */
  draw({ count, you, d }) {
    const [low, high] = guessing(count);
    const share = (/** @type {number} */ x) => (100 * x) / Math.max(1, count);
    const marks = { you, ...(this.rows.has("d") ? { d } : {}) };
    this.track.classList.toggle("empty", count === 0);
    this.track.replaceChildren(
      make("small", {}, "0"),
      make("small", {}, String(count)),
      make("i", { class: "band", style: `left: ${share(low)}%; width: ${share(high - low)}%` }),
      ...Object.entries(marks).map(([who, x]) =>
        make("span", { class: `at-${who}`, style: `left: ${share(x)}%;` }, who === "you" ? say("you") : say("d")),
      ),
    );
  }
}

/** @param {number} right @param {number} count */
const ofAll = (right, count) => say("of", { right, count });
