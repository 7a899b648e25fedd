/* The roofline: where a training step stands between what a machine can compute and what it can move. */

import { make, put, set } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { slider } from "../kit/inputs.js";
import { caption, footer, header, numbersTable } from "../kit/layout.js";
import { clamp } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Bar } from "./bar.js";
import { Legend } from "./legend.js";
import { Machines, PRECISIONS } from "./machines.js";
import { BATCHES, halvesOf, intensity, ofTheRoof, partsOf, placeOf, total, WIDTHS, widthOf, workOf } from "./math.js";
import { Point } from "./point.js";
import style from "./roofline.css";
import { log, Roofs } from "./roofs.js";
import { amount, bounds, named, percent, three, timeOn, verdict } from "./texts.js";

/** @typedef {import("./math.js").Machine} Machine */
/** @typedef {import("./math.js").Step} Step */
/** @typedef {import("./math.js").Parts} Parts */

export const TRAITS = ["cost", "machines", "dots", "chosen", "width", "batch", "precision"];
const NUMBERS = ["operations", "traffic", "intensity", "time", "speed"];

export class Roofline extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "roofline", "title", style);
    this.roofs = new Roofs();
    this.point = new Point(this.roofs.plot, {
      read: () => this.stands,
      go: (stands) => this.go(stands),
      at: (stands) => this.pixelOf(stands),
      end: () => this.told(),
    });
    this.legend = new Legend();
    this.machines = new Machines(store);
    this.width = slider({
      ...{ label: say("width"), ...WIDTHS, step: 1, tell: () => String(store.get("width")) },
      go: (halves) => store.set({ width: widthOf(halves) }),
    });
    this.batch = slider({
      ...{ label: say("batch"), ...BATCHES, step: 1, tell: () => String(store.get("batch")) },
      go: (power) => store.set({ batch: 2 ** power }),
    });
    this.numbers = numbersTable(Object.fromEntries(NUMBERS.map((name) => [name, say(name)])));
    this.bar = new Bar();
    this.sentence = make("p", { class: "sentence" });
    this.begin();
  }
  build() {
    const { nodes, elsewhere } = this.machines;
    const side = [...nodes, this.width.node, this.batch.node, this.numbers.node, elsewhere];
    const head = caption(make("b", {}, say("plotHead")));
    const figure = make("figure", {}, head, this.roofs.plot.box, this.legend.node);
    this.root.append(
      header(say("title"), say("subtitle")),
      make("div", { class: "board" }, figure, make("div", { class: "panel-controls" }, ...side)),
      this.bar.node,
      this.sentence,
      footer(say("keys")),
    );
  }
  /** Batch and width, in powers of 2 and halves of one. */
  get stands() {
    const [width, batch] = this.read("width", "batch");
    return { batch: Math.round(Math.log2(batch)), halves: halvesOf(width) };
  }
  /** To the nearest that can be set; what is not moved stays as it is, also between two of these.
   * @param {import("./point.js").Stands} stands */
  go({ batch, halves }) {
    const { stands, store } = this;
    const [power, half] = [clamp(batch, BATCHES.min, BATCHES.max), clamp(halves, WIDTHS.min, WIDTHS.max)];
    store.set({
      batch: power === stands.batch ? store.get("batch") : 2 ** power,
      width: half === stands.halves ? store.get("width") : widthOf(half),
    });
  }
  /** Where a step of the chosen machine stands in the picture, in pixels. @param {import("./point.js").Stands} stands */
  pixelOf({ batch, halves }) {
    const step = { ...this.step, batch: 2 ** batch, width: widthOf(halves) };
    const seconds = total(/** @type {Parts} */ (this.parts(step)));
    return this.roofs.plot.pixel(log(placeOf(workOf(step, this.store.get("cost")), seconds)));
  }
  /** @returns {Machine} */
  get chosen() {
    const [machines, name] = this.read("machines", "chosen");
    return machines.find((/** @type {Machine} */ each) => each.name === name) ?? machines[0];
  }
  /** What is shown: where the machine was not measured with a precision, the other. @returns {Step} */
  get step() {
    const [width, batch, asked] = this.read("width", "batch", "precision");
    const able = PRECISIONS.filter((each) => this.chosen.of[each]);
    return { width, batch, precision: able.find((each) => each === asked) ?? able[0] };
  }
  /** The seconds of a step on the chosen machine; null where that was not measured. @param {Step} step */
  parts(step) {
    const numbers = this.chosen.of[step.precision];
    return numbers && partsOf(workOf(step, this.store.get("cost")), numbers);
  }
  paint() {
    const { chosen, step, stands } = this;
    const [machines, cost, dots] = this.read("machines", "cost", "dots");
    const parts = /** @type {Parts} */ (this.parts(step));
    this.roofs.plot.measure();
    this.roofs.paint({ machines, chosen, step, cost, dots, share: ofTheRoof(parts) });
    this.legend.show(this.roofs.plot.inner);
    this.machines.show(machines, chosen, step, cost);
    this.width.show(stands.halves);
    this.batch.show(stands.batch);
    this.bar.show(parts);
    this.tell(parts);
  }
  /** What screen readers are told once it is moved. */
  told() {
    this.paint();
    this.announce(this.sentence.textContent ?? "");
  }
  /** @param {Parts} parts */
  tell(parts) {
    const { chosen, step } = this;
    const { width, batch, precision } = step;
    const work = workOf(step, this.store.get("cost"));
    const seconds = total(parts);
    const speed = amount(work.operations / seconds);
    const told = {
      time: timeOn(seconds, chosen.source),
      speed: bounds(chosen.source) ? say("atMost", { value: speed }) : speed,
      intensity: three(intensity(work)),
    };
    this.numbers.show({ ...told, operations: amount(work.operations), traffic: amount(work.bytes) });
    const other = /** @type {Step["precision"]} */ (PRECISIONS.find((each) => each !== precision));
    const twice = /** @type {Parts} */ (this.parts({ ...step, batch: 2 * batch }));
    put(this.sentence, verdict(parts, twice, this.parts({ ...step, precision: other }), other));
    const about = { ...told, name: named(chosen), precision, roof: percent(ofTheRoof(parts)) };
    set(this.roofs.plot.svg, { "aria-label": say("plotLabel", about) });
    const label = say("pointAt", { ...about, width: String(width), batch: String(batch) });
    this.point.show(log(placeOf(work, seconds)), label);
  }
}
