/* The share of each class among the samples, as bars. */

import { make, put } from "../kit/dom.js";
import { isNumber, noNumber } from "../kit/numbers.js";
import { numeral, say } from "../kit/words.js";

/** @typedef {import("../kit/numbers.js").Maybe} Maybe */

const TOP = 0.25; // the share at which a bar is full; one that is larger says how large

export class Balance {
  /** @param {number} classes */
  constructor(classes) {
    this.bars = Array.from({ length: classes }, () => make("i", {}, make("span")));
    this.unknown = make("small", { class: "unknown", hidden: "" }, noNumber());
    const fair = 100 / classes; // percent
    const line = make("div", { class: "level" });
    line.style.bottom = `${fair / TOP}%`;
    const share = numeral(fair, Number.isInteger(fair) ? 0 : 1);
    const caption = say("balancedLine", { share, top: percent(TOP) });
    this.node = make(
      "figure",
      { class: "balance", role: "img" },
      make("figcaption", {}, say("whatItDraws"), make("small", {}, caption)),
      make("div", { class: "bars" }, ...this.bars, line, this.unknown),
      make("div", { class: "classes" }, ...this.bars.map((_, k) => make("span", {}, String(k)))),
    );
  }
  /** @param {readonly Maybe[]} shares of all samples; none: they are not known yet */
  draw(shares) {
    for (const [k, bar] of this.bars.entries()) {
      const share = shares[k] ?? 0;
      const over = share > TOP;
      bar.style.height = `${Math.min(1, share / TOP) * 100}%`;
      bar.classList.toggle("over", over);
      put(/** @type {HTMLElement} */ (bar.firstElementChild), over ? percent(share) : "");
    }
    const told = shares.map(shareWords).join(say("listComma"));
    const words = say("classShares", { shares: shares.length ? told : say("notScored") });
    this.node.setAttribute("aria-label", words);
    this.unknown.hidden = shares.every(isNumber);
  }
}

/** @param {number} share */
const percent = (share) => `${numeral(100 * share, 0)} %`;

/** @param {Maybe} share @param {number} k */
const shareWords = (share, k) =>
  isNumber(share) ? say("classShare", { name: String(k), share: numeral(100 * share, 0) }) : `${k}: ${noNumber()}`;
