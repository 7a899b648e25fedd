/* The overlap lens: which output a growing layer writes how often, along a line and in a picture, and which weights make
 * up for it. */

import { make, put, set } from "../kit/dom.js";
import { presses, slides, switches } from "../kit/fields.js";
import { Host } from "../kit/host.js";
import { button, choice } from "../kit/inputs.js";
import { caption, footer, header, numbersTable } from "../kit/layout.js";
import { clamp } from "../kit/numbers.js";
import { BARE, NO_TICKS, Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { Fan, shade } from "./fan.js";
import { Kernel } from "./kernel.js";
import { balanced, inside, rowsOf, sums, traced } from "./math.js";
import style from "./overlap_lens.css";
import { SITUATIONS } from "./situations.js";
import { amount, pointedAt, verdict } from "./texts.js";

/** @typedef {import("./math.js").Setting} Setting */

export const TRAITS = [...["kind", "kernel", "stride", "padding", "inputs", "layers", "weighted", "weights"], "output"];
const DOES = { transposed: "transposedDoes", resize: "resizeDoes", shuffle: "shuffleDoes" };
const WINDOW = 64; // outputs a side that the picture shows: of more the middle ones

export class OverlapLens extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "overlap_lens", "title", style);
    this.fan = new Fan((output) => store.set({ output }));
    this.map = new Plot("map", { square: true, margin: BARE });
    this.kernel = new Kernel((k, weight) => this.weigh(k, weight));
    this.balance = button(say("balance"), () => store.set({ weighted: true, weights: balanced(this.setting) }));
    const names = SITUATIONS.map(([name]) => /** @type {const} */ ([name, say(name)]));
    this.situation = choice(say("situation"), [["", say("choose")], ...names], (name) =>
      store.set(new Map(SITUATIONS).get(name) ?? {}),
    );
    this.inputs = {
      kind: presses(store, "kind", ["transposed", "resize", "shuffle"]),
      kernel: slides(store, "kernel", { min: 1, max: 7, step: 1 }),
      stride: slides(store, "stride", { min: 1, max: 4, step: 1 }),
      padding: slides(store, "padding", { min: 0, max: 3, step: 1 }),
      inputs: slides(store, "inputs", { min: 3, max: 8, step: 1 }),
      layers: slides(store, "layers", { min: 1, max: 3, step: 1 }),
      weighted: switches(store, "weighted"),
    };
    this.subtitle = make("span");
    this.sentence = make("p", { class: "sentence", role: "status" });
    this.size = make("span");
    this.kernelHead = make("b");
    this.numbers = numbersTable({ grows: say("grows"), least: say("least"), most: say("most"), times: say("times") });
    this.begin();
  }
  build() {
    const { kind, kernel, stride, padding, inputs, layers, weighted } = this.inputs;
    const situation = make("label", {}, say("situation"), this.situation);
    const sliders = [kernel, stride, padding, inputs, layers].map(({ node }) => node);
    const mapHead = caption(make("b", {}, say("mapHead")), this.size);
    this.root.append(
      header(say("title"), this.subtitle),
      make("div", { class: "acts" }, kind.node, situation),
      this.fan.plot.box,
      this.sentence,
      make(
        "div",
        { class: "below" },
        make("figure", {}, mapHead, this.map.box),
        make(
          "figure",
          {},
          caption(this.kernelHead),
          this.kernel.node,
          make("div", { class: "acts" }, weighted.node, this.balance),
        ),
        make("div", { class: "panel-controls" }, ...sliders, this.numbers.node),
      ),
      footer(say("keys")),
    );
  }
  /** The traits. @returns {Setting} */
  get setting() {
    const names = TRAITS.slice(0, -1);
    const values = this.read(...names);
    return /** @type {any} */ (Object.fromEntries(names.map((name, k) => [name, values[k]])));
  }
  /** A weight is moved: from then on they are no more equal. @param {number} k @param {number} weight */
  weigh(k, weight) {
    const { weighted, weights } = this.setting;
    const before = weighted ? weights : weights.map(() => 1);
    this.store.set({ weighted: true, weights: before.map((each, i) => (i === k ? weight : each)) });
  }
  paint() {
    const { setting } = this;
    const rows = rowsOf(setting);
    const { values } = rows[rows.length - 1];
    const output = clamp(this.store.get("output"), 0, Math.max(0, values.length - 1));
    for (const plot of [this.fan.plot, this.map]) plot.measure();
    this.fan.paint(rows, setting, output);
    this.paintMap(values);
    const lit = traced(rows, output);
    const taps = lit[lit.length - 1].links.map(({ tap }) => (setting.kind === "shuffle" ? tap % setting.stride : tap));
    this.kernel.show(setting, new Set(taps));
    for (const input of Object.values(this.inputs)) input.show();
    this.tell(setting, rows, output);
    const done = inside({ ...setting, layers: 1 }).even || sums(setting).includes(0);
    set(this.balance, { "aria-disabled": done ? "true" : null });
    const stands = (/** @type {[string, Record<string, unknown>]} */ [, wanted]) =>
      Object.entries(wanted).every(([name, value]) => String(this.store.get(name)) === String(value));
    this.situation.value = SITUATIONS.find(stands)?.[0] ?? "";
  }
  /** What equal inputs become, in both directions. @param {readonly number[]} values */
  paintMap(values) {
    const count = Math.min(WINDOW, values.length);
    const start = Math.floor((values.length - count) / 2);
    const shown = values.slice(start, start + count);
    const most = Math.max(0, ...shown) ** 2;
    this.map.clear([0, count], [count, 0], NO_TICKS, NO_TICKS);
    const paper = this.map.paper();
    if (!paper) return;
    paper.context.fillStyle = getComputedStyle(this.root).color;
    const edge = shown
      .map((_, i) => this.map.x(i))
      .concat(paper.width)
      .map(Math.round);
    for (const [y, down] of shown.entries())
      for (const [x, right] of shown.entries()) {
        paper.context.globalAlpha = shade(right * down, most);
        paper.context.fillRect(edge[x], edge[y], edge[x + 1] - edge[x], edge[y + 1] - edge[y]);
      }
    put(this.size, say(count < values.length ? "middleOf" : "all", { count: values.length, shown: count }));
  }
  /** @param {Setting} setting @param {readonly import("./math.js").Row[]} rows @param {number} output */
  tell(setting, rows, output) {
    const { values } = rows[rows.length - 1];
    const { least, most } = inside(setting);
    const by = pointedAt(rows, setting, output);
    put(this.subtitle, say(DOES[setting.kind]));
    put(this.kernelHead, say(setting.kind === "shuffle" ? "mapsHead" : "kernelHead"));
    put(this.sentence, values.length ? say("joined", { first: by, second: verdict(setting) }) : say("nothing"));
    const both = (/** @type {number} */ x) => say("andInPicture", { line: amount(x), picture: amount(x * x) });
    const { kernel: k, stride: s, kind } = setting;
    const times = kind === "transposed" ? say("quotient", { k, s, q: amount(k / s) }) : "–";
    this.numbers.show({ grows: `${setting.inputs} → ${values.length}`, least: both(least), most: both(most), times });
    set(this.fan.plot.svg, { "aria-label": say("fanLabel", { inputs: setting.inputs, outputs: values.length }) });
    set(this.fan.pointed, { "aria-valuetext": by });
    const range = { least: amount(least ** 2), most: amount(most ** 2), count: values.length };
    set(this.map.svg, { "aria-label": say("mapLabel", range) });
  }
}
