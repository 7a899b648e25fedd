/* A path in four plots: its prices in the fan of all, its returns, what their sizes remember, how large they are. */

import { set } from "../kit/dom.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { histogram, LAGS, memory, prices, reachOf } from "./math.js";
import { between, numbered, strokes } from "./strokes.js";

/** @typedef {readonly number[]} List */
/** @typedef {{before: List, now: List, sigma: List | null, shuffled: boolean}} Shown before: the path's returns in order;
 *   now: as they stand; sigma: σ of each of these days, where it is known */

const MARGIN = { left: 36, right: 14, top: 9, bottom: 36 }; // alike, so that a day stands below itself
const BARE_FOOT = { ...MARGIN, bottom: 21 };
const BINS = 41;
const ROOM = 1.06; // above the largest value

export class FanPlot extends Plot {
  constructor() {
    super("fan", { title: say("fan"), words: say("fanKey"), margin: BARE_FOOT });
  }
  /** @param {List[]} fan prices by share @param {Shown} shown @param {string} words */
  show(fan, { before, now, shuffled }, words) {
    const [old, path] = [prices(before), prices(now)];
    const all = [...fan[0], ...fan[4], ...old, ...path];
    this.clear([0, before.length], [Math.min(...all) / ROOM, Math.max(...all) * ROOM]);
    const [low, first, middle, third, high] = fan.map((each) => numbered(each));
    between(this, "outer", low, high);
    between(this, "inner", first, third);
    this.line("middle", middle);
    if (shuffled) this.line("before", numbered(old));
    this.line("now", numbered(path));
    this.dots("end-mark", [[now.length, path[now.length]]]);
    set(this.svg, { "aria-label": words });
  }
}

export class DaysPlot extends Plot {
  constructor() {
    super("days", { title: say("returns"), words: say("sigmaKey"), x: say("dayAxis"), margin: MARGIN });
  }
  /** @param {Shown} shown @param {string} words */
  show({ now, sigma }, words) {
    const percent = now.map((r) => 100 * r);
    const two = sigma?.map((each) => 200 * each) ?? [];
    const most = ROOM * Math.max(reachOf(percent), ...two);
    this.clear([0, now.length], [-most, most], {}, { ticks: this.y.domain([-most, most]).ticks(3) });
    if (sigma) {
      const lower = two.map((each) => -each);
      between(this, "sigma", numbered(lower, 1), numbered(two, 1));
    }
    strokes(this, "day", numbered(percent, 1));
    set(this.svg, { "aria-label": words });
    this.node.classList.toggle("no-sigma", !sigma);
  }
}

export class MemoryPlot extends Plot {
  constructor() {
    super("memory", { title: say("memory"), words: say("memoryKey"), x: say("lagAxis"), margin: MARGIN });
  }
  /** @param {Shown} shown @param {string} words */
  show({ before, now, shuffled }, words) {
    const [old, found] = [memory(before), memory(now)];
    const [low, high] = [Math.min(-0.2, ...old), Math.max(0.4, ...old)];
    this.clear([0, LAGS + 1], [low * ROOM, high * ROOM], { ticks: [1, 20, 40, 60] });
    const noise = 2 / Math.sqrt(now.length);
    const ends = (/** @type {number} */ y) =>
      /** @type {const} */ ([0, LAGS + 1]).map((x) => /** @type {const} */ ([x, y]));
    between(this, "noise", ends(-noise), ends(noise));
    if (shuffled) this.line("before", numbered(old, 1));
    strokes(this, "lag", numbered(found, 1));
    set(this.svg, { "aria-label": words });
  }
}

export class SpreadPlot extends Plot {
  constructor() {
    super("spread", { title: say("spread"), words: say("countKey"), x: say("returnAxis"), margin: MARGIN });
  }
  /** @param {Shown} shown @param {string} words */
  show({ now }, words) {
    const percent = now.map((r) => 100 * r);
    const reach = reachOf(percent);
    const bins = histogram(percent, reach, BINS);
    this.clear(
      [-reach, reach],
      [0, Math.max(...bins) * ROOM],
      { ticks: this.x.domain([-reach, reach]).ticks(4) },
      {
        ticks: this.y.domain([0, Math.max(...bins)]).ticks(3),
      },
    );
    const side = (/** @type {number} */ k) => this.x(-reach + (2 * reach * k) / BINS).toFixed(1);
    const zero = this.y(0).toFixed(1);
    const bars = bins.map((count, k) => `M${side(k)} ${zero}V${this.y(count).toFixed(1)}H${side(k + 1)}V${zero}Z`);
    this.path("bars", bars.join(""));
    set(this.svg, { "aria-label": words });
  }
}
