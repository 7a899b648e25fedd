/* The phase portrait: the Dirac-GAN's field and the steps that an update rule takes in it; beside it the
 * eigenvalues. */

import { make, put, set } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { button, toggle } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { fixed, pairText, signed } from "../kit/numbers.js";
import { Play } from "../kit/play.js";
import { timeLegend } from "../kit/time.js";
import { say } from "../kit/words.js";
import { critical, path } from "./dirac.js";
import { FieldPlot } from "./field_plot.js";
import { inputsOf } from "./inputs.js";
import { LAST, outcomeOf } from "./outcome.js";
import style from "./phase_portrait.css";
import { RadiusPlot } from "./radius_plot.js";
import { FlowPlot, UpdatePlot } from "./spectra.js";
import { spectrum } from "./spectrum.js";
import { MOST_GAMMA } from "./strength.js";
import { complexText, sized } from "./texts.js";

/** @typedef {import("./dirac.js").Dirac} Dirac */
/** @typedef {import("./dirac.js").Place} Place */
/** @typedef {import("./spectrum.js").Spectrum} Spectrum */

export const TRAITS = ["loss", "penalty", "gamma", "step", "momentum", "order", "start", "steps", "second"];
const SIGNS = { converges: "✓", staysClose: "○", convergesSlowly: "…", doesNotConverge: "✕" };
/** @type {Place} */
const SECOND = [-2, -0.5]; // where a second start stands at first
const TRAIL = 150; // strengths along the slider at which the eigenvalues are marked
const NEAR_1 = 5e-5; // a spectral radius so near to 1 is written as 1

export class PhasePortrait extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "phase", "name", style);
    this.field = new FieldPlot(
      (start) => store.set({ start }),
      (second) => store.set({ second }),
      () => this.told(),
    );
    /** @type {Place[][]} */
    this.ways = [[]]; // from the start, and from a second one
    this.play = new Play(this, () => Math.max(...this.ways.map((way) => way.length)) - 1);
    this.second = toggle(say("second"), () => store.set({ second: store.get("second").length ? [] : SECOND }));
    this.flow = new FlowPlot();
    this.update = new UpdatePlot();
    this.radius = new RadiusPlot();
    this.near = false; // whether only the eigenvalues near 1 are shown
    this.zoom = button(say("near1"), () => this.zoomed(), { kind: "zoom" });
    this.sign = make("i", { "aria-hidden": "true" });
    this.word = make("b");
    this.why = make("span");
    this.cells = { flow: make("dd"), update: make("dd"), spectral: make("dd"), now: make("dd") };
    this.inputs = inputsOf(store);
    /** @type {{of: string, seen: Spectrum[]}} */
    this.trail = { of: "", seen: [] };
    this.begin();
  }
  build() {
    const { field, flow, update, radius } = this;
    update.box.append(this.zoom);
    const verdict = make("div", { class: "verdict" }, this.sign, make("div", {}, this.word, this.why));
    const mover = (/** @type {string} */ player, /** @type {string} */ words) =>
      make("span", { class: `mover-${player}` }, words);
    const movers = make("span", {}, mover("g", say("gMoves")), " · ", mover("d", say("dMoves")));
    field.node.append(make("figcaption", {}, timeLegend(), movers));
    const acts = make("div", { class: "acts" }, this.play.node, this.second.node);
    const dials = make("div", { class: "dials" }, acts, this.inputs.node, this.facts());
    const board = make("div", { class: "board" }, field.node, dials);
    const planes = make("div", { class: "planes" }, flow.node, update.node, radius.node);
    const rule = make("p", { class: "words" }, say("outcomeRule"));
    this.root.append(
      header(say("title"), say("subtitle"), verdict),
      board,
      planes,
      make("details", {}, make("summary", {}, say("outcomeHow")), rule),
      footer(say("keys"), say("marks")),
    );
  }
  facts() {
    const { flow, update, spectral, now } = this.cells;
    const fact = (/** @type {string} */ words, /** @type {Node} */ cell) =>
      make("div", {}, make("dt", {}, words), cell);
    return make(
      "dl",
      {},
      fact(say("flowFact"), flow),
      fact(say("updateFact"), update),
      fact(say("spectralFact"), spectral),
      fact(say("nowFact"), now),
    );
  }
  zoomed() {
    this.near = !this.near;
    this.draw();
  }
  told() {
    this.paint();
    const [word, why] = [this.word.textContent, this.why.textContent];
    this.announce(say("told", { start: pairText(this.store.get("start")), word, why }));
  }
  /** @returns {Dirac} */
  get game() {
    const [loss, penalty, gamma, step, momentum, order] = this.read(...TRAITS);
    return { loss, penalty, gamma, step, momentum, order };
  }

  paint() {
    for (const plot of [this.field, this.flow, this.update, this.radius]) plot.measure();
    const { game, store } = this;
    const steps = store.get("steps");
    const [start, second] = this.read("start", "second");
    const starts = /** @type {Place[]} */ (second.length ? [start, second] : [start]);
    this.ways = starts.map((place) => path(place, steps, game));
    const [way] = this.ways;
    const count = this.play.shown;
    const radii = way.map((place) => Math.hypot(...place));
    const seen = spectrum(game);
    const trail = this.along(game);
    this.tellOutcome(radii, steps);
    this.tellFacts(seen, way.slice(0, count + 1), count >= way.length - 1 && way.length <= steps);
    this.field.paint(
      game,
      this.ways.map((each) => each.slice(0, count + 1)),
      steps,
      this.play.rests,
    );
    this.flow.paint(
      trail.flatMap(({ flow }) => flow),
      seen?.flow ?? null,
    );
    this.update.paint(
      trail.flatMap(({ update }) => update),
      seen?.update ?? null,
      this.near,
    );
    this.radius.paint(radii.slice(0, count + 1), steps, this.play.rests);
    this.play.show();
    this.second.show(second.length > 0);
    this.zoom.setAttribute("aria-pressed", String(this.near));
    this.inputs.show(game, seen, this.more(seen));
    this.label(way);
  }
  /** @param {number[]} radii @param {number} steps */
  tellOutcome(radii, steps) {
    const { word, left, last } = outcomeOf(radii, steps);
    const told = { from: sized(radii[0]), to: sized(last), last: Math.min(LAST, radii.length), steps };
    put(this.word, say(word));
    put(this.why, left ? say("itRanAway", { step: radii.length - 1 }) : say("radius", told));
    put(this.sign, SIGNS[word]);
    this.sign.className = word;
  }
  /** @param {Spectrum | null} seen @param {Place[]} way as far as it is shown @param {boolean} ranAway at its end */
  tellFacts(seen, way, ranAway) {
    const { flow, update, spectral, now } = this.cells;
    put(flow, seen ? complexText(seen.flow) : say("noneAKink"));
    put(update, seen ? complexText(seen.update) : say("noneAKink"));
    put(spectral, seen ? spectralText(largest(seen)) : "–");
    const place = way[way.length - 1];
    const radius = Math.hypot(...place);
    if (ranAway) put(now, say("ranAway", { step: way.length - 1 }));
    else put(now, radius < 0.01 || radius > 100 ? say("away", { distance: sized(radius) }) : pairText(place));
  }
  /** What screen readers are told beside a slider's number. @param {Spectrum | null} seen */
  more(seen) {
    const word = this.word.textContent;
    return seen ? say("moreWithRadius", { word, radius: fixed(largest(seen), 3) }) : say("more", { word });
  }
  /** What screen readers find on the pictures. @param {Place[]} way */
  label(way) {
    const [word, why] = [this.word.textContent, this.why.textContent];
    const name = (/** @type {Element} */ node, /** @type {string} */ words) => set(node, { "aria-label": words });
    const [[theta, psi], second] = this.read("start", "second");
    this.field.second.node.hidden = second.length === 0;
    const other = second.length ? second : SECOND;
    this.field.second.show(other, say("secondLabel", { theta: signed(other[0], 2), psi: signed(other[1], 2) }));
    name(this.field.svg, say("fieldLabel", { count: way.length - 1, word, why }));
    this.field.start.show([theta, psi], say("startLabel", { theta: signed(theta, 2), psi: signed(psi, 2), word }));
    name(this.flow.svg, say("flowLabel", { roots: this.cells.flow.textContent }));
    name(this.update.svg, say("updateLabel", { roots: this.cells.update.textContent }));
    name(this.radius.svg, say("radiusLabel", { why }));
  }
  /** The eigenvalues for strengths all along the slider: where they go. @param {Dirac} game */
  along({ gamma, ...rest }) {
    const of = JSON.stringify(rest);
    if (this.trail.of !== of) {
      const moves = critical(rest) !== null || rest.penalty === "consensus" || rest.penalty === "instance noise";
      const strengths = Array.from({ length: moves ? TRAIL + 1 : 0 }, (_, k) => (k / TRAIL) * MOST_GAMMA);
      this.trail = { of, seen: strengths.flatMap((strength) => spectrum({ ...rest, gamma: strength }) ?? []) };
    }
    return this.trail.seen;
  }
}

/** The spectral radius of a round. @param {Spectrum} seen */
const largest = ({ update }) => Math.max(...update.map((root) => Math.hypot(...root)));

/** @param {number} radius */
function spectralText(radius) {
  const side = radius < 1 ? " < 1" : " > 1";
  return fixed(radius, 4) + (Math.abs(radius - 1) < NEAR_1 ? "" : side);
}
