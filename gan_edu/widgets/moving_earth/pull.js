/* What W, JS and KL say while p_g is pulled along: two small charts over how far it is, and where it stands now. */

import { lowered, make, set } from "../kit/dom.js";
import { caption } from "../kit/layout.js";
import { signed } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";

/** @typedef {import("../kit/plot.js").Place} Place */
/** @typedef {{shift: number, w: number, js: number, kl: number}} Moment */

const MARGIN = { left: 38, right: 8, top: 6, bottom: 20 };
const ROOM = 1.1; // above the highest, for its dot
const MOST = 2; // nats: a finite KL beyond it runs along there,
const NEVER = 2.4; // and one that is not runs here

export class Pull {
  constructor() {
    this.way = new Plot("way", { margin: MARGIN });
    this.odds = new Plot("odds", { margin: MARGIN });
    this.name = make("b");
    const key = (/** @type {string} */ kind, /** @type {string} */ words) =>
      make("span", { class: `key ${kind}` }, ...lowered(words));
    this.node = make(
      "div",
      { class: "pull" },
      caption(this.name, make("span", {}, ...lowered(say("overShift")))),
      this.way.box,
      caption(key("js", "JS"), key("kl", say("klName")), say("inNatsShort")),
      this.odds.box,
    );
  }
  measure() {
    for (const plot of [this.way, this.odds]) plot.measure();
  }
  /** @param {readonly Moment[]} moments @param {Moment} now @param {number} p */
  paint(moments, now, p) {
    const { way, odds } = this;
    const [first, last] = [moments[0].shift, moments[moments.length - 1].shift];
    const more = Math.max(last - first, 0.25) / 50; // for a dot at an end
    const xs = /** @type {const} */ ([first - more, last + more]);
    this.name.textContent = say(p === 1 ? "w1" : "w2");
    const most = Math.max(1, ...moments.map(({ w }) => w));
    way.clear(xs, [0, most * ROOM], {}, { ticks: way.y.domain([0, most * ROOM]).ticks(3) });
    way.line(
      "w-line",
      moments.map(({ shift, w }) => [shift, w]),
    );
    this.here(way, "w", [now.shift, now.w]);
    odds.clear(xs, [0, NEVER * ROOM], {}, { ticks: [0, Math.LN2, NEVER], text: tick });
    const kl = (/** @type {number} */ nats) => (nats === Number.POSITIVE_INFINITY ? NEVER : Math.min(nats, MOST));
    const half = (moments.length > 1 ? moments[1].shift - moments[0].shift : 0) / 2;
    const steps = (/** @type {(each: Moment) => number} */ value) =>
      moments.flatMap((each) => [-half, half].map((by) => /** @type {Place} */ ([each.shift + by, value(each)])));
    odds.line(
      "js-line",
      steps(({ js }) => js),
    ); // in bins, nothing lies between two places
    odds.line(
      "kl-line",
      steps((each) => kl(each.kl)),
    );
    this.here(odds, "js", [now.shift, now.js]);
    this.here(odds, "kl", [now.shift, kl(now.kl)]);
    const words = { shift: signed(now.shift, 2), w: signed(now.w, 2), js: signed(now.js, 2), kl: signed(now.kl, 2) };
    set(way.svg, { "aria-label": say("wayLabel", words) });
    set(odds.svg, { "aria-label": say("oddsLabel", words) });
  }
  /** @param {Plot} plot @param {string} kind @param {Place} place */
  here(plot, kind, place) {
    plot.line("cursor", [
      [place[0], plot.y.domain()[0]],
      [place[0], plot.y.domain()[1]],
    ]);
    plot.dots(`now-${kind}`, [place]);
  }
}

/** @param {number} t */
const tick = (t) => (t === Math.LN2 ? "log 2" : t === NEVER ? "∞" : signed(t, 0));
