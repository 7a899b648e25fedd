/* The loss explorer: losses and their slopes against the logit, and what gradient steps do to it. */

import { make, put } from "../kit/dom.js";
import { presses } from "../kit/fields.js";
import { Host } from "../kit/host.js";
import { slider } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { brief, clamp, isNumber, sigmoid } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { LossChart } from "./chart.js";
import { LossChips } from "./chips.js";
import style from "./loss_explorer.css";
import { LossRows } from "./rows.js";
import { LossTable } from "./table.js";

export const TRAITS = ["picked", "term", "logit", "precision", "reach", "rate", "steps"];

const WHERE = /** @type {Record<string, string>} */ ({ real: "whereReal", fake: "whereFake", g: "whereG" });
const NEARLY_ONE = 7; // from this logit σ(l) is told by what it lacks

export class LossExplorer extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "losses", "name", style);
    this.table = new LossTable(store.get("spec"), store.get("table"));
    /** @type {import("./chart.js").Scene} */
    this.scene = { curves: [], reach: 1, nodes: this.table.nodes, inside: [] };
    this.shown = ""; // the choices that the scene was made of
    this.says = make("span");
    const go = (/** @type {number} */ l) => this.go(l);
    this.charts = [new LossChart(say("loss"), false, go), new LossChart(say("slopeOf"), true, go)];
    this.chips = new LossChips(this.table.spec, store, (words) => this.announce(words));
    this.rows = new LossRows(this.table.last);
    this.point = slider({
      ...{ label: say("logitAxis"), say: say("logit"), min: -1, max: 1, step: 1 }, // load gives the axis' own
      ...{ tell: reads, go },
    });
    this.inputs = inputsOf(store, this.table.spec.types);
    this.begin();
  }
  build() {
    const { term, precision, reach, rate, steps } = this.inputs;
    this.root.append(
      header(say("title"), this.says, term.node),
      this.chips.node,
      make("div", { class: "two" }, ...this.charts.map((chart) => chart.node)),
      make("div", { class: "point" }, this.point.node),
      this.rows.node,
      make("div", { class: "choices" }, precision.node, reach.node, rate.node, steps.node),
      footer(say("keys"), say("marks")),
    );
  }
  /** Logits move from node to node, so that what is read is what Python computed. */
  get grain() {
    return this.store.get("reach") > 24 ? 0.5 : 0.125;
  }
  /** @param {number} l */
  go(l) {
    const reach = this.store.get("reach");
    this.store.set({ logit: clamp(Math.round(l / this.grain) * this.grain, -reach, reach) });
    this.draw();
  }

  load() {
    const { store } = this;
    const [logit, reach] = ["logit", "reach"].map(store.get);
    const chosen = JSON.stringify(Object.keys(this.inputs).concat("picked").map(store.get));
    if (chosen !== this.shown) this.choose();
    this.shown = chosen;
    if (Math.abs(logit) > reach) store.set({ logit: clamp(logit, -reach, reach) });
    this.draw();
  }
  /** Takes over all that was chosen but the logit. */
  choose() {
    const { store, table } = this;
    const [picked, precision, term, reach] = ["picked", "precision", "term", "reach"].map(store.get);
    const curves = table.curves(picked, precision, term);
    this.scene = { curves, reach, nodes: table.nodes, inside: table.inside(reach) };
    this.rows.load(curves);
    this.chips.show();
    put(this.says, say(WHERE[term]));
    for (const input of Object.values(this.inputs)) input.show();
    for (const [name, value] of Object.entries({ min: -reach, max: reach, step: this.grain }))
      this.point.input.setAttribute(name, String(value));
  }
  paint() {
    const { store, scene, table } = this;
    const [l, rate, steps] = ["logit", "rate", "steps"].map(store.get);
    const states = scene.curves.map((curve) => table.state(curve, l, rate, steps));
    for (const chart of this.charts) chart.show(scene); // they ask for sizes, before anything moves
    for (const chart of this.charts) chart.move(l, states);
    this.rows.show(states, steps);
    this.point.show(l);
    this.point.input.setAttribute("aria-valuetext", this.told(l, states));
  }
  /** The point in words. @param {number} l @param {import("./table.js").State[]} states */
  told(l, states) {
    const losses = states.map(({ point: [value, slope], form }, i) => {
      const told = say("readLoss", { name: this.scene.curves[i].name, value: brief(value), slope: brief(slope) });
      return form?.point.every(isNumber) === false ? say("formFails", { told }) : told;
    });
    return [say("logitIs", { logit: brief(l) }), ...losses].join(say("listSeparator"));
  }
}

/** The choices, rows of buttons. @param {import("../kit/store.js").Store} store @param {string[]} types */
function inputsOf(store, types) {
  const terms = /** @type {const} */ ([
    ["real", say("termReal")],
    ["fake", say("termFake")],
    ["g", say("termG")],
  ]);
  return {
    term: presses(store, "term", terms),
    precision: presses(
      store,
      "precision",
      types.map((type) => [type, type]),
    ),
    reach: presses(store, "reach", numbered([8, 24, 100], "±")),
    rate: presses(store, "rate", numbered([0.1, 0.5, 1, 2])),
    steps: presses(store, "steps", numbered([1, 10, 100])),
  };
}

/** A logit and its probability, in words. @param {number} l */
function reads(l) {
  if (l > NEARLY_ONE) return say("readsNearlyOne", { logit: brief(l), lacks: brief(sigmoid(-l)) });
  return say("reads", { logit: brief(l), probability: brief(sigmoid(l)) });
}

/** @param {number[]} numbers @param {string} [sign] before each @returns {[number, string][]} */
const numbered = (numbers, sign = "") => numbers.map((x) => [x, sign + brief(x)]);
