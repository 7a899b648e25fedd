/* The smoothing player: D's targets α for real and β for fake; under two densities D* and a D trained on these targets,
 * and the pull of the best D on what G makes.
 */

import { make, put, sign } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { slider } from "../kit/inputs.js";
import { onArrows } from "../kit/keys.js";
import { footer, groupedTable, header } from "../kit/layout.js";
import { lineHandle, onEnds, showHandle } from "../kit/line_handle.js";
import lineStyle from "../kit/line_plot.css";
import { XS } from "../kit/line_plot.js";
import { clamp, sigmoid, signed } from "../kit/numbers.js";
import { nodes } from "../kit/quadrature.js";
import { situationsOf } from "../kit/situations.js";
import { TrainedPanel } from "../kit/trained_panel.js";
import { say } from "../kit/words.js";
import { gap, pointAt, pull, pullLeft, smoothedBest } from "./best.js";
import { Plots } from "./plots.js";
import style from "./smoothing_player.css";
import { gameOf, kept, RANGES, SITUATIONS } from "./traits.js";

/** @typedef {import("./best.js").Point} Point */

const LOOK = { classes: "smoothing lines", style: lineStyle + style, gameOf, atOnce: 500 };
const MOVED = ["real_target", "fake_target", "fake_mean"]; // their labels have their names

export class SmoothingPlayer extends TrainedPanel {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, LOOK);
    this.seen = this.look();
    this.plots = new Plots();
    this.handle = lineHandle({
      grip: "fake",
      kind: "fake",
      name: "fake_mean",
      label: say("meanOfFakes"),
      range: RANGES.fake_mean,
    });
    this.note = make("p", { class: "note kept", role: "status" });
    this.where = make("span");
    this.numbers = groupedTable(rows(this.where));
    this.verdict = make("p", { class: "words verdict" });
    this.sliders = MOVED.map((name) => ({ name, ...this.sliderOf(name) }));
    this.situation = situationsOf(store, SITUATIONS, (values) => this.change(values));
    this.begin();
  }
  build() {
    this.plots.densities.over.append(this.handle);
    this.moves();
    this.sliders[0].node.classList.add("data");
    const situation = make("label", {}, say("situation"), this.situation.node);
    const sets = make("div", { class: "sets" }, ...this.sliders.map(({ node }) => node));
    sets.append(make("div", { class: "acts" }, situation));
    const controls = make("div", { class: "panel-controls" }, sets, this.note, this.training, this.explained());
    this.root.append(
      header(say("title"), say("subtitle")),
      make(
        "div",
        { class: "board" },
        make("div", { class: "plots" }, ...this.plots.nodes, controls),
        make("div", { class: "side" }, this.numbers.node, this.verdict),
      ),
      footer(say("keys"), say("nats")),
    );
  }
  /** @param {string} name */
  sliderOf(name) {
    const [min, max] = RANGES[name];
    const tell = (/** @type {number} */ value) => signed(value, 2);
    return slider({ label: say(name), min, max, step: 0.01, tell, go: (value) => this.move(name, value) });
  }
  /** ▲ follows a pointer and keys. */
  moves() {
    const { store, handle, plots } = this;
    const go = (/** @type {number} */ mean) => this.move("fake_mean", mean);
    let from = { x: 0, mean: 0 };
    dragged(handle, {
      start: (event) => {
        from = { x: event.clientX, mean: kept(store, "fake_mean") };
      },
      move: (event) => {
        const { x } = plots.densities;
        go(from.mean + x.invert(event.clientX - from.x) - x.invert(0));
      },
      end: () => this.announce(say("told", { value: signed(this.there.x, 2), now: this.value() })),
    });
    onArrows(handle, { fine: 0.1, coarse: 0.01, go: (right, up) => go(kept(store, "fake_mean") + right + up) });
    onEnds(handle, RANGES.fake_mean, go);
  }
  /** @param {string} name @param {number} value */
  move(name, value) {
    this.change({ [name]: +clamp(value, ...RANGES[name]).toFixed(3) });
  }

  /** What is to be seen of the game: points to draw, and nodes to integrate with. */
  look() {
    const [p, q] = this.game;
    return { nodes: nodes(p, q), line: XS.map((x) => pointAt(p, q, x)) };
  }
  changed() {
    this.seen = this.look();
  }
  /** D's targets α and β. @returns {[number, number]} */
  get targets() {
    const [, , alpha = 1, beta = 0] = this.game;
    return [alpha, beta];
  }
  /** The point that ▲ stands at. */
  get there() {
    const [p, q] = this.game;
    return pointAt(p, q, kept(this.store, "fake_mean"));
  }
  /** D* and the pull at ▲ in words. */
  value() {
    const { there, targets } = this;
    const [best, plain, both] = [smoothedBest(there, ...targets), pull(there, 1, 0), pull(there, ...targets)];
    return say("valueIs", { best: signed(best, 3), plain: signed(plain, 3), both: signed(both, 3) });
  }

  paint() {
    const { store, net, there } = this;
    const [alpha, beta] = this.targets;
    const left = there.x < store.get("data_mean");
    const now = this.value();
    this.plots.paint({ line: this.seen.line, there, alpha, beta, left }, (x) => net.logit(x));
    showHandle(this.handle, this.plots.place(there), there.x, say("handleAt", { x: signed(there.x, 2), now }));
    this.showNumbers(there);
    this.showTraining();
    for (const { name, show } of this.sliders) show(kept(store, name), say("listSeparator") + now);
    const notes = MOVED.filter((name) => store.get(name) !== kept(store, name)).map((name) => this.noteOf(name));
    this.note.hidden = !notes.length;
    put(this.note, notes.join(" "));
    this.situation.show();
  }
  /** @param {Point} there */
  showNumbers(there) {
    const { net, numbers, targets } = this;
    const [alpha, beta] = targets;
    const told = {
      plain: smoothedBest(there, 1, 0),
      best: smoothedBest(there, alpha, beta),
      trained: sigmoid(net.logit(there.x)),
      pull: pull(there, 1, 0),
      alone: pull(there, alpha, 0),
      both: pull(there, alpha, beta),
      middle: (alpha + beta) / 2,
      gap: gap(this.seen.nodes, (x) => net.logit(x), alpha, beta),
    };
    const left = percent(pullLeft(there, alpha, beta));
    numbers.show(Object.fromEntries(Object.entries(told).map(([name, value]) => [name, signed(value)])));
    numbers.show({ left });
    put(this.where, say("dAt", { x: signed(there.x, 2) }));
    const still = Math.abs(told.pull) < 0.005;
    put(this.verdict, beta === 0 ? say("verdictOneSided") : say(still ? "verdictStill" : "verdictBoth", { left }));
  }
  /** What is said of a trait that was told more than it may be. @param {string} name */
  noteOf(name) {
    const [low, high] = RANGES[name].map((end) => signed(end, 1));
    const value = signed(kept(this.store, name), 2);
    return say(name === "fake_mean" ? "keptMean" : "keptTarget", { name: say(name), value, low, high });
  }
}

/** @param {number} share */
function percent(share) {
  if (share < 0.001) return say("percentBelow", { value: signed(0.1, 1) });
  return say("percent", { value: signed(100 * share, share < 0.1 ? 1 : 0) });
}

/** The groups of numbers: by name, their labels. @param {Node} where ▲ is */
function rows(where) {
  const strong = (/** @type {string} */ words) => make("b", {}, words);
  return /** @type {import("../kit/layout.js").Group[]} */ ([
    [[where], { plain: [say("plainBest")], best: [strong("D*")], trained: [sign("d"), say("trained")] }],
    [
      [say("pullThere")],
      {
        pull: [say("noSmoothing")],
        alone: [say("alphaAlone")],
        both: [strong(say("alphaAndBeta"))],
        left: [say("leftOfIt")],
      },
    ],
    [[say("overLine")], { middle: [say("whereEqual")], gap: [sign("d"), say("gap")] }],
  ]);
}
