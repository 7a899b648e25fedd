/* The density player: two densities on a line whose means, widths and weights are dragged; under them D*, a D that is
 * trained on samples while you watch, the two integrands, V and JS.
 */

import { bestLogit, pairAt } from "../kit/density.js";
import { draw, make, sign } from "../kit/dom.js";
import { chooses, switches } from "../kit/fields.js";
import { choice } from "../kit/inputs.js";
import { footer, groupedTable, header } from "../kit/layout.js";
import lineStyle from "../kit/line_plot.css";
import { EDGE, XS } from "../kit/line_plot.js";
import { clamp, signed } from "../kit/numbers.js";
import { joints, nodes } from "../kit/quadrature.js";
import { situationsOf } from "../kit/situations.js";
import { TrainedPanel } from "../kit/trained_panel.js";
import { say } from "../kit/words.js";
import style from "./density_player.css";
import { paintGauge } from "./gauge.js";
import { Handles } from "./handles.js";
import { Plots } from "./plots.js";
import { slidersOf } from "./sliders.js";
import { gameOf, rangeOf, SITUATIONS } from "./traits.js";
import { divergences, valueTerms } from "./value.js";

const LOOK = { classes: "density lines", style: lineStyle + style, gameOf, atOnce: 50 };

export class DensityPlayer extends TrainedPanel {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, LOOK);
    const move = (/** @type {string} */ name, /** @type {number} */ value) => this.move(name, value);
    const shape = (/** @type {string} */ name) => this.change({ shape: name });
    this.seen = this.look();
    this.plots = new Plots();
    this.handles = new Handles(store, this.plots.densities, {
      move,
      told: ({ name, label }) =>
        this.announce(say("told", { what: label, value: signed(store.get(name), 2), now: this.value() })),
    });
    this.sliders = slidersOf(store, move);
    this.situation = situationsOf(store, SITUATIONS, (values) => this.change(values));
    this.shape = choice(say("shape"), shapes(), shape);
    this.integrands = chooses(store, "integrands", [
      ["best", "D*"],
      ["trained", say("trained")],
    ]);
    this.shows = switches(store, "numbers");
    this.gauge = draw("svg", { class: "gauge", role: "img" });
    this.hidden = make("p", { class: "words guess" }, say("guess"));
    this.numbers = groupedTable(rows());
    this.begin();
  }
  build() {
    const side = make("div", { class: "side" }, this.gauge, this.hidden, this.numbers.node);
    const choices = make(
      "div",
      { class: "acts" },
      make("label", {}, say("situation"), this.situation.node),
      make("label", {}, say("shapeShort"), this.shape),
      this.integrands.labelled(),
    );
    this.root.append(
      header(say("title"), say("subtitle"), this.shows.node),
      make("div", { class: "board" }, make("div", { class: "plots" }, ...this.plots.nodes), side),
      make("div", { class: "panel-controls" }, this.training, choices, this.sliders.node, this.explained()),
      footer(say("keys"), say("nats")),
    );
  }
  /** What is to be seen of the game: points to draw, nodes to integrate with, and V and the divergences. */
  look() {
    const [p, q] = this.game;
    const jumps = joints(p, q).flatMap((x) => [x - 1e-6, x + 1e-6]);
    const xs = [...new Set([...XS, ...jumps])].filter((x) => Math.abs(x) <= EDGE).sort((a, b) => a - b);
    const at = nodes(p, q);
    return { nodes: at, line: xs.map((x) => pairAt(p, q, x)), ...valueTerms(at, bestLogit), ...divergences(at) };
  }
  changed() {
    this.seen = this.look();
  }
  /** @param {string} name @param {number} value */
  move(name, value) {
    this.change({ [name]: +clamp(value, ...rangeOf(name)).toFixed(3) });
  }
  /** V and JS in words; nothing where the numbers are hidden. */
  value() {
    const { v, js } = this.seen;
    return this.store.get("numbers") ? say("valueIs", { v: signed(v, 3), js: signed(js, 3) }) : "";
  }

  paint() {
    const { store, net, seen } = this;
    const [data, fake] = this.game;
    const points = seen.line.map(({ x, logP, logQ }) => ({ x, logP, logQ, logit: net.logit(x) }));
    const value = this.value();
    this.plots.paint(points, store.get("integrands"));
    this.handles.show({ data, fake }, value);
    this.showNumbers();
    this.showTraining();
    this.sliders.show(value);
    this.shape.value = store.get("shape");
    for (const input of [this.shows, this.integrands, this.situation]) input.show();
  }
  showNumbers() {
    const { seen, net, numbers, gauge } = this;
    const shown = Boolean(this.store.get("numbers"));
    this.hidden.hidden = shown;
    numbers.node.hidden = !shown;
    gauge.toggleAttribute("hidden", !shown);
    if (!shown) return;
    const trained = valueTerms(seen.nodes, ({ x }) => net.logit(x)).v;
    const { real, fake, v, js, kl, reverse } = seen;
    const told = { real, fake, v, js, theorem: -2 * Math.LN2 + 2 * js, kl, reverse, trained, gap: v - trained };
    numbers.show(Object.fromEntries(Object.entries(told).map(([name, value]) => [name, signed(value)])));
    paintGauge(gauge, v, trained);
  }
}

/** @returns {[string, string][]} */
const shapes = () => [
  ["gaussian", say("gaussian")],
  ["laplace", say("laplace")],
  ["uniform", say("uniformShape")],
];

/** The groups of numbers: by name, their labels. */
function rows() {
  const strong = (/** @type {string} */ words) => make("b", {}, words);
  return /** @type {import("../kit/layout.js").Group[]} */ ([
    [
      [say("byIntegrals")],
      { real: [sign("real"), say("realPart")], fake: [sign("fake"), say("fakePart")], v: [strong("V(D*, G)")] },
    ],
    [
      [say("byDivergence")],
      {
        js: ["JS(p_data, p_g)"],
        theorem: [strong("−log 4 + 2 JS")],
        kl: ["KL(p_data ‖ p_g)"],
        reverse: ["KL(p_g ‖ p_data)"],
      },
    ],
    [[say("trainedOnSamples")], { trained: [sign("d"), strong("V(D, G)")], gap: [say("below")] }],
  ]);
}
