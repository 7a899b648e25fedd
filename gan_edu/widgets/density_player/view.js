/* The density player: two densities on a line whose means, widths and weights are dragged; under them D*, a D that is
 * trained on samples while you watch, and moves p_g where G is trained with it, the two integrands, V and JS.
 */

import { bestLogit, pairAt } from "../kit/density.js";
import { draw, icon, lowered, make, put, sign } from "../kit/dom.js";
import { chooses, presses, switches } from "../kit/fields.js";
import { button, choice } from "../kit/inputs.js";
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
import { TrainedG } from "./trained_g.js";
import { gameOf, rangeOf, SITUATIONS } from "./traits.js";
import { divergences, valueTerms } from "./value.js";

const LOOK = { classes: "density lines", style: lineStyle + style, gameOf, atOnce: 50 };
const ROUNDS = 10; // of D and G that the button takes at once
const D_STEPS = [1, 5, 20]; // for a step of G
const DIGITS = 3; // of a number

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
    this.rule = {
      g_loss: chooses(store, "g_loss", ["non-saturating", "minimax"]),
      d_steps: presses(
        store,
        "d_steps",
        D_STEPS.map((count) => [count, String(count)]),
      ),
    };
    this.trainBoth = button("", () => this.askBoth(), { title: say("trainBothHint") });
    this.g = new TrainedG(this);
    this.shows = switches(store, "numbers");
    this.gauge = draw("svg", { class: "gauge", role: "img" });
    this.hidden = make("p", { class: "words guess" }, say("guess"));
    this.numbers = [joined(), learnt(), more()].map(groupedTable);
    const [one, two, rest] = this.numbers.map(({ node }) => node);
    const folded = make("details", {}, make("summary", {}, say("moreNumbers")), rest);
    this.earned = make("div", { class: "told" }, this.gauge, make("div", { class: "joined" }, one), two, folded);
    this.begin();
  }
  build() {
    this.train.after(this.trainBoth);
    this.training.classList.add("first");
    const { g_loss, d_steps } = this.rule;
    const choices = make(
      "div",
      { class: "choices" },
      make("label", {}, say("situation"), this.situation.node),
      make("label", {}, say("shapeShort"), this.shape),
      this.integrands.labelled(),
      g_loss.labelled(),
      d_steps.node,
    );
    const side = make("div", { class: "side" }, this.earned, this.hidden, choices);
    this.root.append(
      header(say("title"), make("span", {}, ...lowered(say("subtitle"))), this.shows.node),
      this.training,
      make("div", { class: "board" }, make("div", { class: "plots" }, ...this.plots.nodes), side),
      make("div", { class: "panel-controls" }, this.sliders.node, this.explained()),
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
  /** @param {Record<string, unknown>} changes by hand */
  change(changes) {
    this.g.began = null;
    super.change(changes);
  }
  /** @param {string} name @param {number} value */
  move(name, value) {
    this.change({ [name]: +clamp(value, ...rangeOf(name)).toFixed(3) });
  }

  /* -------- D and G learn */

  /** Trains both, or pauses them; where nothing may move by itself, some rounds at once. */
  askBoth() {
    const goes = this.store.get("training") && this.store.get("train_g");
    this.store.set({ train_g: true });
    if (this.calm.matches) this.takeSome(ROUNDS);
    else super.ask(!goes);
  }
  /** Trains D alone, or pauses it. @param {boolean} training */
  ask(training) {
    const both = this.store.get("train_g");
    this.store.set({ train_g: false });
    super.ask(training || both);
  }
  turn() {
    if (!this.store.get("train_g")) return super.turn();
    this.g.round();
    return 1;
  }
  /** @param {number} count */
  several(count) {
    if (!this.store.get("train_g")) super.several(count);
    else for (let k = 0; k < ROUNDS; k++) this.g.round();
  }
  /** D and G begin anew: p_g goes back to where G found it. */
  forget() {
    this.g.forget();
    super.forget();
  }
  showTraining() {
    const [training, both] = this.read("training", "train_g");
    const goes = /** @type {const} */ ([training && !both, training && both]);
    for (const [k, words] of [say("train"), say("trainBoth")].entries()) {
      const node = [this.train, this.trainBoth][k];
      const now = goes[k] ? say("pause") : words;
      if (node.textContent !== now) node.replaceChildren(icon(goes[k] ? "pause" : "play"), now);
    }
    const [count, rounds] = [this.net.steps, this.g.rounds];
    const key = this.resting ? "stepsTakenRests" : "stepsTaken";
    put(this.state, rounds ? say("bothTaken", { count: rounds, steps: count }) : say(key, { count }));
    put(this.some, both ? say("someRounds", { count: ROUNDS }) : say("someSteps", { count: LOOK.atOnce }));
    for (const input of Object.values(this.rule)) input.show();
  }

  /* -------- what there is to see */

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
    this.plots.paint(points, store.get("integrands"), this.g.pulls());
    this.handles.show({ data, fake }, value);
    this.showNumbers();
    this.showTraining();
    this.sliders.show(value);
    this.shape.value = store.get("shape");
    for (const input of [this.shows, this.integrands, this.situation]) input.show();
  }
  showNumbers() {
    const { seen, net } = this;
    const shown = Boolean(this.store.get("numbers"));
    this.hidden.hidden = shown;
    this.earned.hidden = !shown;
    if (!shown) return;
    const trained = valueTerms(seen.nodes, ({ x }) => net.logit(x)).v;
    const { real, fake, v, js, kl, reverse } = seen;
    const told = { real, fake, v, js, theorem: -2 * Math.LN2 + 2 * js, kl, reverse, trained, gap: v - trained };
    const texts = Object.entries(told).map(([name, value]) => /** @type {const} */ ([name, signed(value, DIGITS)]));
    for (const table of this.numbers) table.show(Object.fromEntries(texts));
    paintGauge(this.gauge, v, trained);
  }
}

/** @returns {[string, string][]} */
const shapes = () => [
  ["gaussian", say("gaussian")],
  ["laplace", say("laplace")],
  ["uniform", say("uniformShape")],
];

/** @typedef {import("../kit/layout.js").Group[]} Groups of numbers: by name, their labels */

const strong = (/** @type {string} */ words) => make("b", {}, ...lowered(words));

/** The two numbers that the theorem says are one. @returns {Groups} */
const joined = () => [
  [[say("bestEarns")], { v: [strong("V(D*, G)")], theorem: [strong("−log 4 + 2 JS(p_data, p_g)")] }],
];

/** What the trained D has of it. @returns {Groups} */
const learnt = () => [[[say("trainedOnSamples")], { trained: [sign("d"), strong("V(D, G)")], gap: [say("below")] }]];

/** @returns {Groups} */
const more = () => [
  [[say("byIntegrals")], { real: [sign("real"), say("realPart")], fake: [sign("fake"), say("fakePart")] }],
  [
    [say("byDivergence")],
    {
      js: lowered("JS(p_data, p_g)"),
      kl: lowered("KL(p_data ‖ p_g)"),
      reverse: lowered("KL(p_g ‖ p_data)"),
    },
  ],
];
