/* The world of a line: earth above, holes below, and between them what is carried where; under it the prices, and the two
 * distribution functions with the area between them. */

import { draw, lowered, loweredInSvg, make, set } from "../kit/dom.js";
import { caption } from "../kit/layout.js";
import { clamp, signed } from "../kit/numbers.js";
import { NO_TICKS, Plot, spot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { running } from "./math.js";
import { freest, spotsOf } from "./places.js";
import { BINS, GRAINS, MIDDLES, moved, WIDTH } from "./worlds.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {import("./solve.js").Solved} Solved */

const XS = /** @type {const} */ ([0, BINS * WIDTH]);
export const GROUND = 0.69; // the height of the plot at which the earth stands
export const SHAFT = 0.31; // and that from which the holes go down
const MARGIN = { left: 34, right: 8, top: 4, bottom: 20 };
const CHART = { ...MARGIN, top: 8 }; // its highest number stands clear of the caption
const NAMES = { fake: "fakeName", real: "realName" };
const MEANS = { fake: "meanOfEarth", real: "meanOfHoles" };
const THIN = 0.12; // pixels: what is less is not drawn
const SAMPLES = 201; // places at which prices are drawn
const MORE = 0.1; // of what they span, above and below

export class LineWorld {
  constructor() {
    this.piles = new Plot("piles", { margin: MARGIN });
    this.price = new Plot("price", { margin: CHART });
    this.shares = new Plot("shares", { margin: CHART });
    this.over = make("span");
    this.area = make("span");
    this.main = this.piles;
    this.node = make(
      "div",
      { class: "world" },
      this.piles.box,
      caption(make("b", {}, say("priceHead")), this.over),
      this.price.box,
      caption(make("b", {}, say("sharesHead")), this.area),
      this.shares.box,
    );
  }
  measure() {
    for (const plot of [this.piles, this.price, this.shares]) plot.measure();
  }
  /** @param {Solved} seen @param {import("./solve.js").Setting} setting @param {number} shift */
  paint(seen, setting, shift) {
    this.paintPiles(seen, setting.data, moved(setting.fake, Math.round(shift / WIDTH)));
    this.paintPrice(seen, setting);
    this.paintShares(seen);
  }
  /** @param {Solved} seen @param {number[]} data @param {number[]} fake grains, as they stand */
  paintPiles(seen, data, fake) {
    const { piles } = this;
    piles.clear(XS, [0, 1], {}, NO_TICKS);
    for (const [d, wide] of this.ribbons(seen))
      piles.inner.append(draw("path", { class: "flow", d, "stroke-width": wide.toFixed(2) }));
    piles.path("pile-fake", this.bars(fake, GROUND, 1));
    piles.path("pile-real", this.bars(data, SHAFT, 0));
    this.name("fake", fake, ["end", "start", "middle"]);
    this.name("real", data, ["start", "end", "middle"]);
    for (const height of [GROUND, SHAFT]) piles.path("axis", `M${piles.x(0)} ${piles.y(height)}H${piles.x(XS[1])}`);
    set(piles.svg, {
      "aria-label": say("pilesLabel", {
        fake: signed(mean(seen.xs, seen.q), 2),
        data: signed(mean(seen.ys, seen.p), 2),
      }),
    });
  }
  /** What one of them is, above the earth or under the holes, where the pile is low.
   * @param {"fake" | "real"} kind @param {readonly number[]} grains @param {readonly string[]} anchors in this order */
  name(kind, grains, anchors) {
    const { x, y, edges } = this.piles;
    const words = say(NAMES[kind]);
    const [from, to] = kind === "fake" ? [GROUND, 1] : [SHAFT, 0];
    const bars = grains.flatMap((each, k) => {
      const [top, bottom] = [from, from + ((to - from) * each) / GRAINS].map(y).sort((a, b) => a - b);
      return each > 0 ? [{ left: x(k * WIDTH), right: x((k + 1) * WIDTH), top, bottom }] : [];
    });
    const stands = kind === "fake" ? edges.top + 11 : edges.bottom - 4;
    const found = freest(spotsOf(words, stands, anchors, [edges.left + 4, edges.right - 2]), bars);
    this.write(this.piles, kind, words, found);
  }
  /** Words between earth and holes. @param {string} words */
  note(words) {
    this.piles.note(words, (this.piles.edges.bottom - this.piles.edges.top) / 2 - 4);
  }
  /** @param {Plot} plot @param {string} kind @param {string} words @param {import("./places.js").Spot} spot */
  write(plot, kind, words, { x, y, anchor }) {
    const about = { class: `halo ${kind}`, x, y, "text-anchor": anchor };
    plot.svg.append(draw("text", about, ...loweredInSvg(words)));
  }
  /** @param {readonly number[]} grains @param {number} from the height they stand at @param {number} to that of the most */
  bars(grains, from, to) {
    const { x, y } = this.piles;
    const half = (x(WIDTH) - x(0)) / 2 - 0.5;
    const drawn = grains.map((each, k) => {
      const [middle, top] = [x(MIDDLES[k]), y(from + ((to - from) * each) / GRAINS)];
      return each > 0
        ? `M${(middle - half).toFixed(1)} ${y(from).toFixed(1)}V${top.toFixed(1)}h${(2 * half).toFixed(1)}V${y(from).toFixed(1)}Z`
        : "";
    });
    return drawn.join("");
  }
  /** What is carried, each as wide as it is much, side by side where it begins and where it ends: the fullest bin's are as
   * wide as that. @param {Solved} seen @returns {[d: string, wide: number][]} */
  ribbons({ xs, ys, q, p, moves }) {
    const { x, y } = this.piles;
    const scale = (x(WIDTH) - x(0) - 1) / Math.max(...q, ...p);
    const [above, below, half] = [y(GROUND), y(SHAFT), (y(GROUND) + y(SHAFT)) / 2];
    const starts = xs.map(([at], i) => x(at) - (q[i] * scale) / 2);
    const ends = ys.map(([at], j) => x(at) - (p[j] * scale) / 2);
    return moves.flatMap(([i, j, mass]) => {
      const wide = mass * scale;
      const [a, b] = [starts[i] + wide / 2, ends[j] + wide / 2].map((t) => t.toFixed(1));
      [starts[i], ends[j]] = [starts[i] + wide, ends[j] + wide];
      return wide < THIN ? [] : [[`M${a} ${above}C${a} ${half} ${b} ${half} ${b} ${below}`, wide]];
    });
  }
  /** @param {Solved} seen @param {import("./solve.js").Setting} setting */
  paintPrice(seen, { p: power, epsilon }) {
    const { price } = this;
    const one = power === 1 && !epsilon;
    const drawn = (/** @type {(at: Place) => number} */ f) =>
      Array.from({ length: SAMPLES }, (_, k) => (XS[1] * k) / (SAMPLES - 1)).map(
        (x) => /** @type {Place} */ ([x, f([x, 0])]),
      );
    const curves = one ? [drawn(seen.sell)] : [drawn(seen.buy), drawn(seen.sell)];
    const all = [0, seen.collects, ...curves.flat().map(([, value]) => value)];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const more = MORE * (high - low || 1);
    price.clear(XS, [low - more, high + more], {}, { ticks: price.y.domain([low - more, high + more]).ticks(4) });
    const means = /** @type {const} */ ([
      ["real", seen.collects],
      ["fake", 0],
    ]);
    for (const [kind, at] of means)
      price.line(
        `level-${kind}`,
        XS.map((x) => [x, at]),
      );
    if (!one) price.line("buy-line", curves[0]);
    price.line(one ? "critic-line" : "sell-line", curves[curves.length - 1]);
    if (one) price.path("steep-line", this.steep(seen));
    this.nameMeans(means, curves);
    this.over.replaceChildren(...lowered(say(one ? "priceOne" : "priceTwo")));
    set(price.svg, { "aria-label": say("priceLabel", { fake: signed(0, 2), data: signed(seen.collects, 2) }) });
  }
  /** Each of the means has its name at its line, where no other line is.
   * @param {readonly (readonly ["fake" | "real", number])[]} means @param {readonly (readonly Place[])[]} curves */
  nameMeans(means, curves) {
    const { price } = this;
    const { left, right, top, bottom } = price.edges;
    const levels = means.map(([, at]) => price.y(at));
    const there = [
      ...levels.map((y) => ({ left, right, top: y, bottom: y })),
      { left, right, top: -100, bottom: top - 4 },
      { left, right, top: bottom, bottom: bottom + 100 },
      ...curves.flatMap((curve) => {
        const at = curve.map((place) => price.pixel(place));
        return at.slice(1).map(([x, y], k) => ({
          ...{ left: at[k][0], right: x },
          ...{ top: Math.min(at[k][1], y), bottom: Math.max(at[k][1], y) },
        }));
      }),
    ];
    for (const [k, [kind]] of means.entries()) {
      const words = say(MEANS[kind]);
      const spots = [levels[k] - 4, levels[k] + 11].flatMap((y) =>
        spotsOf(words, y, ["end", "start", "middle"], [left + 4, right - 2]),
      );
      const found = freest(kind === "real" ? spots : [...spots.slice(3), ...spots.slice(0, 3)], there, 1);
      there.push(found.box);
      this.write(price, kind, words, found);
    }
  }
  /** The stretches over which earth is carried: there the price is as steep as it may be. @param {Solved} seen */
  steep({ sell }) {
    const at = MIDDLES.map((x) => /** @type {Place} */ ([x, sell([x, 0])]));
    const carried = at
      .slice(1)
      .map((end, k) => [at[k], end])
      .filter(([from, to]) => Math.abs(to[1] - from[1]) > 1e-9);
    return carried.map((ends) => `M${ends.map((end) => spot(this.price.pixel(end))).join("L")}`).join("");
  }
  /** @param {Solved} seen */
  paintShares({ bins }) {
    const { shares } = this;
    shares.clear(XS, [0, 1.04], {}, { ticks: [0, 0.5, 1] });
    const [earth, holes] = [bins.q, bins.p].map((masses) => [0, ...running(masses)]);
    const steps = (/** @type {number[]} */ values) =>
      values.flatMap((value, k) => [k, k + 1].map((at) => /** @type {Place} */ ([stepAt(at), value])));
    const [up, back] = [steps(earth), steps(holes).reverse()];
    const corners = [...up, ...back].map((at) => spot(shares.pixel(at)));
    shares.path("between", `M${corners.join("L")}Z`);
    shares.line("earth-share", up);
    shares.line("hole-share", back);
    const between = earth.reduce((total, share, k) => total + Math.abs(share - holes[k]) * WIDTH, 0);
    this.area.textContent = say("between", { area: signed(between, 3) });
    set(shares.svg, { "aria-label": say("sharesLabel", { area: signed(between, 3) }) });
  }
}

/** Where the k-th step is: in the middle of its bin. @param {number} k */
const stepAt = (k) => clamp((k - 0.5) * WIDTH, XS[0], XS[1]);

/** @param {readonly Place[]} places @param {readonly number[]} masses */
const mean = (places, masses) => places.reduce((total, [x], k) => total + masses[k] * x, 0);
