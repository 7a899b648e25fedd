/* D's verdicts of the whole batch on a scale from fake to real: discs are real digits, triangles are fakes. */

import { sharp } from "../kit/canvas.js";
import { make } from "../kit/dom.js";
import { colourMap, colourOf } from "../kit/palette.js";
import { say } from "../kit/words.js";
import { PICTURED } from "./phases.js";

/** @typedef {"real" | "fake"} Kind */
/** @typedef {{context: CanvasRenderingContext2D, width: number, height: number, ratio: number}} Paper */

const MARGIN = 8; // pixels above 100 % and below 0 %
const LANES = { real: 0.28, fake: 0.72 }; // their middles, as shares of the width
const GOLDEN = 0.618; // spreads marks evenly over a lane

export class Verdicts {
  constructor() {
    this.scale = make("canvas", { role: "img" });
    const ticks = ["100 %", "50 %", "0 %"].map((text) => make("span", {}, text));
    this.node = make(
      "div",
      { class: "scale-box" },
      make("div", { class: "ticks", "aria-hidden": "true" }, ...ticks),
      make("div", { class: "field" }, this.scale),
    );
  }
  /** Where a sample stands, as shares of the scale's box. @param {Kind} kind @param {number} k @param {number} share */
  placeOf(kind, k, share) {
    const margin = MARGIN / Math.max(this.scale.clientHeight, 4 * MARGIN);
    return /** @type {const} */ ([
      LANES[kind] + 0.34 * (((k * GOLDEN) % 1) - 0.5),
      margin + (1 - share) * (1 - 2 * margin),
    ]);
  }
  /** @param {Partial<Record<Kind, readonly number[]>>} shares what D says now of each @param {boolean} dark
   * @param {(kind: Kind, k: number) => boolean} arrived */
  paint(shares, dark, arrived) {
    const paper = sharp(this.scale);
    if (!paper) return;
    ground(paper, dark);
    for (const [kind, all] of /** @type {[Kind, number[]][]} */ (Object.entries(shares)))
      for (const [k, share] of [...all.entries()].reverse()) {
        if (!arrived(kind, k)) continue;
        const [x, y] = this.placeOf(kind, k, share);
        mark(paper.context, kind, [x * paper.width, y * paper.height], (k < PICTURED ? 5 : 3) * paper.ratio, dark);
      }
  }
  /** @param {string} words */
  label(words) {
    this.scale.setAttribute("aria-label", words);
  }
}

/** The field that D's words span: orange below, blue above, as everywhere. @param {Paper} paper @param {boolean} dark */
function ground({ context, width, height, ratio }, dark) {
  const colour = colourMap(dark ? "verdictDark" : "verdict");
  const gradient = context.createLinearGradient(0, height, 0, 0);
  for (let k = 0; k <= 8; k++) gradient.addColorStop(k / 8, `rgb(${colour(k / 8).join()})`);
  context.clearRect(0, 0, width, height);
  context.globalAlpha = dark ? 0.9 : 0.55;
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = colourOf("soft", dark);
  context.lineWidth = 1.5 * ratio; // not that of the last mark of the drawing before
  context.setLineDash([2 * ratio, 4 * ratio]);
  context.strokeRect(-5, height / 2, width + 10, 0);
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {Kind} kind @param {readonly [number, number]} at
 * @param {number} radius @param {boolean} dark */
export function mark(context, kind, [x, y], radius, dark) {
  context.beginPath();
  if (kind === "real") context.arc(x, y, radius, 0, 2 * Math.PI);
  else {
    context.moveTo(x, y - 1.3 * radius);
    context.lineTo(x + 1.2 * radius, y + 0.9 * radius);
    context.lineTo(x - 1.2 * radius, y + 0.9 * radius);
    context.closePath();
  }
  context.fillStyle = colourOf(kind, dark);
  context.strokeStyle = colourOf("paper", dark);
  context.lineWidth = radius / 3;
  context.fill();
  context.stroke();
}

/** What is told of the scale to those who do not see it. @param {readonly number[]} real @param {readonly number[]} fake
 * @param {(share: number) => string} percent */
export const described = (real, fake, percent) =>
  say("scaleLabel", { count: real.length, real: percent(mean(real)), fake: percent(mean(fake)) });

/** @param {readonly number[]} all */
export const mean = (all) => all.reduce((a, b) => a + b, 0) / all.length;
