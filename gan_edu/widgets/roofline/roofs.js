/* The picture: the roofs of all machines, that of the chosen one in two colours, the steps that were timed, and the one that
 * is set. Both axes go by powers of ten. */

import { draw } from "../kit/dom.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { BATCHES, intensity, partsOf, placeOf, reach, roofAt, total, WIDTHS, widthOf, workOf } from "./math.js";
import { named, percent, three, time, timeOn } from "./texts.js";

/** @typedef {import("../kit/plot.js").Place} Place */
/** @typedef {import("./math.js").Numbers} Numbers */
/** @typedef {import("./math.js").Step} Step */
/** @typedef {import("./math.js").Machine} Machine */
/** @typedef {{machines: readonly Machine[], chosen: Machine, step: Step, cost: import("./math.js").Cost, share: number,
 *   dots: readonly import("./math.js").Dot[]}} Seen share: of the roof; dots: the learner's */
/** @typedef {{machine: Machine, numbers: Numbers}} Roof */

const LINE = 14; // pixels from one name to the next
export const RADIUS = /** @type {Record<string, number>} */ ({ stored: 3.2, own: 3.2, there: 2.6 }); // of dots
const RING = 13; // half of the point, and a dot
const LETTER = 7; // pixels that a letter takes, at most
const LETTERS = 42; // of a name that are shown
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {number} power */
const powerText = (power) => `10${[...String(power)].map((digit) => RAISED[+digit]).join("")}`;
/** @param {Place} place @returns {Place} */
export const log = ([x, y]) => [Math.log10(x), Math.log10(y)];
/** The whole ones. @param {Place} ends */
const powers = ([low, high]) => counted({ min: Math.ceil(low), max: Math.floor(high) });
/** @param {{min: number, max: number}} range */
const counted = ({ min, max }) => Array.from({ length: max - min + 1 }, (_, k) => min + k);

export class Roofs {
  constructor() {
    this.plot = new Plot("roofs", { x: say("intensity"), y: say("speed") });
  }
  /** @param {Seen} seen */
  paint(seen) {
    const { plot } = this;
    const { machines, chosen, step, cost } = seen;
    const { xs, ys, close } = reach(machines, cost);
    const room = Math.min(0.4, (LINE * close) / Math.max(1, plot.height)); // for names
    const high = ys[1] + (room * (ys[1] - ys[0])) / (1 - room);
    const across = { ticks: powers(xs), text: (/** @type {number} */ power) => three(10 ** power) };
    plot.clear(xs, [ys[0], high], across, { ticks: powers(ys), text: powerText });
    const roofs = machines.flatMap((machine) => {
      const numbers = machine.of[step.precision];
      return numbers ? [{ machine, numbers }] : [];
    });
    const others = roofs.filter(({ machine }) => machine !== chosen);
    const { numbers } = /** @type {Roof} */ (roofs.find(({ machine }) => machine === chosen));
    for (const each of others) this.roof("other", each.numbers);
    this.rails(step, numbers, cost);
    for (const part of ["memory", "products"]) this.roof(part, numbers);
    this.timed("stored", chosen.dots, seen);
    this.timed("own", seen.dots, seen);
    for (const each of others) this.elsewhere(each, numbers, seen);
    this.gap(seen, numbers);
    this.ridge(numbers);
    this.names(roofs, chosen);
  }
  /** Slope, flat part, or both of one that is not chosen. @param {string} kind @param {Numbers} numbers */
  roof(kind, numbers) {
    const [left, right] = this.plot.x.domain().map((power) => 10 ** power);
    const ridge = numbers.throughput / numbers.bandwidth;
    const xs = { memory: [left, ridge], products: [ridge, right] }[kind] ?? [left, ridge, right];
    const places = xs.map((x) => log([x, roofAt(numbers, x)]));
    this.plot.line(["roof", kind].join(" "), places);
  }
  /** Where dragging leads: all batches of this width, all widths with this batch.
   * @param {Step} step @param {Numbers} numbers @param {Seen["cost"]} cost */
  rails(step, numbers, cost) {
    const place = (/** @type {Partial<Step>} */ more) => {
      const work = workOf({ ...step, ...more }, cost);
      return log(placeOf(work, total(partsOf(work, numbers))));
    };
    const batches = counted(BATCHES).map((power) => place({ batch: 2 ** power }));
    const widths = counted(WIDTHS).map((halves) => place({ width: widthOf(halves) }));
    this.plot.line("batches", batches);
    this.plot.line("widths", widths);
  }
  /** Steps that were timed, with this precision. @param {string} kind @param {Seen["dots"]} dots @param {Seen} seen */
  timed(kind, dots, { step: { precision }, cost }) {
    for (const dot of dots.filter((each) => each.precision === precision)) {
      const { width, batch, ms } = dot;
      const words = say("timed", { width: String(width), batch: String(batch), time: time(ms / 1000) });
      this.mark(kind, placeOf(workOf(dot, cost), ms / 1000), words);
    }
  }
  /** The same step on another machine, unless it lies within the point. @param {Roof} roof @param {Numbers} own @param {Seen} seen */
  elsewhere({ machine, numbers }, own, { step, cost }) {
    const work = workOf(step, cost);
    const [here, there] = [own, numbers].map((each) => total(partsOf(work, each)));
    const apart = this.plot.y(Math.log10(here)) - this.plot.y(Math.log10(there));
    const words = say("here", { name: named(machine), time: timeOn(there, machine.source) });
    if (Math.abs(apart) > RING) this.mark("there", placeOf(work, there), words);
  }
  /** @param {string} kind @param {Place} place @param {string} words on hovering */
  mark(kind, place, words) {
    const [cx, cy] = this.plot.pixel(log(place)).map((t) => t.toFixed(1));
    this.plot.inner.append(draw("circle", { class: kind, cx, cy, r: RADIUS[kind] }, draw("title", {}, words)));
  }
  /** How far below the roof the step lies. @param {Seen} seen @param {Numbers} numbers */
  gap({ step, cost, share }, numbers) {
    const { plot } = this;
    const work = workOf(step, cost);
    const [x, y] = plot.pixel(log(placeOf(work, total(partsOf(work, numbers)))));
    const top = plot.y(Math.log10(roofAt(numbers, intensity(work))));
    if (top < y - RING) plot.path("missing", `M${x.toFixed(1)} ${(y - RING).toFixed(1)}V${top.toFixed(1)}`);
    const { right, bottom } = plot.edges;
    const left = x > right - 130; // no room for the words at its right
    const at = { x: x + (left ? -14 : 14), y: Math.min(bottom - 20, y + 20), "text-anchor": left ? "end" : "start" };
    plot.svg.append(draw("text", { class: "halo share", ...at }, say("ofRoof", { roof: percent(share) })));
  }
  /** Where products and memory take equally long. @param {Numbers} numbers */
  ridge({ throughput, bandwidth }) {
    const { plot } = this;
    const { bottom, right } = plot.edges;
    const [x, y] = plot.pixel(log([throughput / bandwidth, throughput]));
    plot.path("ridge", `M${x.toFixed(1)} ${y.toFixed(1)}V${bottom}`);
    const words = say("ridge", { x: three(throughput / bandwidth) });
    const left = x + 5 + LETTER * words.length > right; // no room for the words at its right
    const at = { x: left ? x - 5 : x + 5, y: bottom - 6, "text-anchor": left ? "end" : "start" };
    plot.svg.append(draw("text", { class: "halo ridge-name", ...at }, words));
  }
  /** Each machine's name above the right end of its roof; where roofs lie close, above the highest of them.
   * @param {Roof[]} roofs @param {Machine} chosen */
  names(roofs, chosen) {
    const { right } = this.plot.edges;
    const height = (/** @type {Roof} */ { numbers }) => this.plot.y(Math.log10(numbers.throughput));
    /** @type {Roof[][]} */
    const groups = [];
    for (const roof of [...roofs].sort((a, b) => height(b) - height(a))) {
      const [group] = groups;
      const reached = group && height(group[group.length - 1]) - LINE * group.length - 6;
      if (group && height(roof) > reached) group.push(roof);
      else groups.unshift([roof]);
    }
    for (const group of groups)
      for (const [k, { machine }] of group.entries()) {
        const name = named(machine);
        const words = name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
        const at = { x: right - 4, y: height(group[group.length - 1]) - 5 - LINE * k, "text-anchor": "end" };
        this.plot.svg.append(draw("text", { class: `halo ${machine === chosen ? "chosen" : ""}`, ...at }, words));
      }
  }
}
