/* The density player: two densities on a line whose means, widths and weights are dragged; under them D*, a D that is
 * trained on samples while you watch, the two integrands, V and JS.
 *
 * It follows the texts of the replay, panel.js, line_plot.js, density_math.js and trained_panel.js in one module.
 *   player(element, store)        names of the store: the traits of DensityPlayer
 */

import { chosen, clamp, dragged, make, ranged, sigmoid, sign, signed, ticks } from "../kit/before.js";
import { bestLogit, divergences, joints, logDensity, seen, softplus, valueOf } from "../kit/density_math.js";
import LINE_STYLE from "../kit/line_plot.css";
import { dotted, EDGE, entry, LinePlot, PATHS } from "../kit/line_plot.js";
import { TrainedPanel } from "../kit/trained_panel.js";
import DENSITY_STYLE from "./density_player.css";

const SIDES = ["data", "fake"],
  SIDE_NAMES = { data: "p_data", fake: "p_g" };
const MOST_MEAN = 5,
  LEAST_WIDTH = 0.1,
  MOST_WIDTH = 3; // of what is dragged
const SITUATIONS = {
  // [mean 1, width 1, share of 1, mean 2, width 2] of each side
  equal: ["equal", [0, 1, 1, 2, 0.6], [0, 1, 1, 2, 0.6]],
  shifted: ["one beside the other", [-1, 1, 1, 2, 0.6], [1, 1, 1, 2, 0.6]],
  narrow: ["too narrow", [0, 1.2, 1, 2, 0.6], [0, 0.4, 1, 2, 0.6]],
  missed: ["one of two modes", [-2, 0.6, 0.5, 2, 0.6], [-2, 0.6, 1, 2, 0.6]],
  between: ["between two modes", [-2, 0.5, 0.5, 2, 0.5], [0, 1, 1, 2, 0.6]],
  apart: ["far apart", [-3, 0.5, 1, -1, 0.5], [3, 0.5, 1, 1, 0.5]],
};
const PARTS = ["mean_1", "width_1", "share", "mean_2", "width_2"];
export const PLAYER_TRAITS = [
  ...SIDES.flatMap((side) => PARTS.map((part) => `${side}_${part}`)),
  "shape",
  "integrands",
  "numbers",
  "training",
];
const RANGE = { mean: [-MOST_MEAN, MOST_MEAN], width: [LEAST_WIDTH, MOST_WIDTH], share: [0, 1] };
const BOUNDS = (part) => RANGE[part.split("_")[0]];

class DensityPlayer extends TrainedPanel {
  constructor(element, store) {
    super(element, store, "density lines", "density player", LINE_STYLE + DENSITY_STYLE);
  }

  /* -------- what there is to see */

  build() {
    this.numbersSwitch = make(
      "button",
      { type: "button", role: "switch", class: "switch" },
      make("i", { class: "knob" }),
      "numbers",
    );
    this.numbersSwitch.addEventListener("click", () => this.store.set({ numbers: !this.store.get("numbers") }));
    this.plots = {
      densities: new LinePlot(
        "densities",
        "Densities",
        "drag ● ▲ sideways, □ for the width, ● ▲ up or down for the weight",
        [entry("real", "p_data"), entry("fake", "p_g")],
      ),
      d: new LinePlot("d", "D(x)", "how sure D is that x is real", [dotted("D* (the best)"), entry("d", "D, trained")]),
      integrands: new LinePlot("integrands", "Integrands", "their areas add up to V", [
        entry("real", "p_data · log D"),
        entry("fake", "p_g · log(1 − D)"),
      ]),
    };
    this.handles = SIDES.flatMap((side) =>
      [1, 2].flatMap((k) => [this.handle(side, k, "mean"), this.handle(side, k, "width")]),
    );
    this.plots.densities.over.append(
      ...this.handles.filter((h) => h.what === "width").map((h) => h.node),
      ...this.handles.filter((h) => h.what === "mean").map((h) => h.node),
    );
    this.root.append(
      make(
        "header",
        {},
        make(
          "div",
          { class: "titles" },
          make("h3", {}, "Density player"),
          make("p", { class: "subtitle" }, "Where the data lies, where G’s samples lie, and what D can make of it"),
        ),
        this.numbersSwitch,
      ),
      make(
        "div",
        { class: "board" },
        make("div", { class: "plots" }, this.plots.densities.node, this.plots.d.node, this.plots.integrands.node),
        this.buildSide(),
      ),
      this.buildControls(),
      make(
        "footer",
        {},
        make(
          "span",
          {},
          make("b", {}, "Tab"),
          " to a handle or slider · ",
          make("b", {}, "← →"),
          " move · ",
          make("b", {}, "↑ ↓"),
          " weight",
        ),
        make("span", {}, "all logarithms natural: nats"),
      ),
    );
  }

  handle(side, k, what) {
    const name = `${side}_${what}_${k}`,
      [low, high] = BOUNDS(what);
    const node = make(
      "svg:g",
      {
        role: "slider",
        tabindex: 0,
        class: `handle ${side === "data" ? "real" : "fake"} ${what}`,
        "data-name": name,
        "aria-label": `${what} of ${SIDE_NAMES[side]}, bump ${k}`,
        "aria-valuemin": low,
        "aria-valuemax": high,
      },
      make("svg:circle", { r: 17, class: "hold" }),
      make("svg:path", { class: "grip", d: what === "mean" ? PATHS[side] : "M-4.500-4.500h9v9h-9z" }),
    );
    let from = null;
    dragged(node, {
      start: (event) => {
        from = {
          x: event.clientX,
          y: event.clientY,
          value: this.store.get(name),
          share: this.store.get(`${side}_share`),
          way: null,
          turned: what === "width" && this.outward(side, k) < 0 ? -1 : 1,
        };
      },
      move: (event) => {
        const plot = this.plots.densities,
          dx = event.clientX - from.x,
          dy = event.clientY - from.y;
        if (!from.way && Math.hypot(dx, dy) > 5)
          from.way = what === "mean" && Math.abs(dy) > 1.3 * Math.abs(dx) ? "up" : "side";
        if (from.way === "up") this.move(`${side}_share`, from.share - (dy / 120) * (k === 1 ? 1 : -1));
        if (from.way !== "side") return;
        this.move(name, from.value + ((from.turned * dx) / (plot.right - plot.left)) * 2 * EDGE);
      },
      end: () => this.told(name),
    });
    node.addEventListener("keydown", (event) => {
      const fine = event.shiftKey ? 0.01 : 0.1,
        share = `${side}_share`;
      const [target, value] =
        {
          ArrowLeft: [name, this.store.get(name) - fine],
          ArrowRight: [name, this.store.get(name) + fine],
          ArrowDown: [share, this.store.get(share) - (k === 1 ? 0.05 : -0.05)],
          ArrowUp: [share, this.store.get(share) + (k === 1 ? 0.05 : -0.05)],
          Home: [name, low],
          End: [name, high],
        }[event.key] || [];
      if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.move(target, value);
    });
    return { node, side, k, what, name };
  }

  /** On which side of its bump the handle for the width stands: on the left where the right is off the picture. */
  outward(side, k) {
    return this.store.get(`${side}_mean_${k}`) + this.store.get(`${side}_width_${k}`) > EDGE ? -1 : 1;
  }

  buildSide() {
    const row = (label, key, kind) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, ...(kind ? [sign(kind)] : []), label),
        (this.cells[key] = make("td")),
      );
    const head = (...words) =>
      make("tr", { class: "head part" }, make("th", { colspan: 2, scope: "colgroup" }, ...words));
    this.cells = {};
    this.gauge = make("svg:svg", { class: "gauge", role: "img" });
    this.hidden = make(
      "p",
      { class: "words guess" },
      "The numbers are hidden. Write down your guess, then switch them on.",
    );
    this.table = make(
      "table",
      {},
      head("By the two integrals"),
      row("E over data of log D*", "real", "real"),
      row("E over fakes of log(1 − D*)", "fake", "fake"),
      row(make("b", {}, "V(D*, G)"), "v"),
      head("By the divergence"),
      row("JS(p_data, p_g)", "js"),
      row(make("b", {}, "−log 4 + 2 JS"), "theorem"),
      row("KL(p_data ‖ p_g)", "kl"),
      row("KL(p_g ‖ p_data)", "reverse"),
      head("D, trained on samples"),
      row(make("b", {}, "V(D, G)"), "trained", "d"),
      row("below V(D*, G) by", "gap"),
    );
    return make("div", { class: "side" }, this.gauge, this.hidden, this.table);
  }

  buildControls() {
    const { store } = this;
    this.situation = chosen(
      "situation",
      [["", "choose …"], ...Object.entries(SITUATIONS).map(([key, [words]]) => [key, words])],
      (key) => key && this.go(key),
    );
    this.shape = chosen(
      "shape of the bumps",
      [
        ["gaussian", "Gaussian"],
        ["laplace", "Laplace"],
        ["uniform", "uniform"],
      ],
      (shape) => {
        this.woken();
        store.set({ shape });
      },
    );
    this.integrands = chosen(
      "integrands with",
      [
        ["best", "D*"],
        ["trained", "D, trained"],
      ],
      (integrands) => store.set({ integrands }),
    );
    this.sliders = Object.fromEntries(
      SIDES.flatMap((side) =>
        PARTS.map((part) => {
          const [what, k] = part.split("_"),
            [min, max] = BOUNDS(part),
            name = `${side}_${part}`;
          return [
            name,
            ranged({
              label: what === "share" ? "weight of 1" : `${what} ${k}`,
              say: `${SIDE_NAMES[side]}: ${what === "share" ? "weight of bump 1" : `${what} of bump ${k}`}`,
              min,
              max,
              step: 0.01,
              tell: (v) => signed(v, 2),
              go: (value) => this.move(name, value),
            }),
          ];
        }),
      ),
    );
    const set = (side) =>
      make(
        "fieldset",
        { class: side },
        make("legend", {}, sign(side === "data" ? "real" : "fake"), SIDE_NAMES[side]),
        ...PARTS.map((part) => this.sliders[`${side}_${part}`]),
      );
    return make(
      "div",
      { class: "panel-controls" },
      this.buildTraining(50),
      make(
        "div",
        { class: "acts" },
        make("label", {}, "situation", this.situation),
        make("label", {}, "shape", this.shape),
        make("label", {}, "integrands with", this.integrands),
      ),
      make(
        "details",
        { class: "sliders" },
        make("summary", {}, "Sliders for every mean, width and weight"),
        make("div", { class: "sets" }, set("data"), set("fake")),
      ),
      this.explained(
        "up V, with log D and log(1 − D) computed from its logit. It never sees the densities. Its V is then measured on the densities themselves, by quadrature: " +
          "so it can come near V(D*, G) and never exceed it.",
      ),
    );
  }

  /* -------- what a learner does */

  move(name, value) {
    const [low, high] = BOUNDS(name.slice(5)),
      next = +clamp(value, low, high).toFixed(3);
    if (next === this.store.get(name)) return this.draw();
    this.woken();
    this.store.set({ [name]: next });
    this.load();
  }
  go(key) {
    const [, ...sides] = SITUATIONS[key],
      changes = {};
    SIDES.forEach((side, i) =>
      PARTS.forEach((part, k) => {
        changes[`${side}_${part}`] = sides[i][k];
      }),
    );
    this.woken();
    this.store.set(changes);
    this.load();
  }
  told(name) {
    this.live.textContent = `${name.replaceAll("_", " ")}: ${signed(this.store.get(name), 2)}. ${this.say()}`;
  }

  /* -------- the numbers */

  density(side) {
    const get = (part) => this.store.get(`${side}_${part}`),
      share = get("share");
    return {
      shape: this.store.get("shape"),
      bumps: [
        { mean: get("mean_1"), width: get("width_1"), weight: share },
        { mean: get("mean_2"), width: get("width_2"), weight: 1 - share },
      ],
    };
  }
  load() {
    const key = JSON.stringify([this.density("data"), this.density("fake")]);
    if (key !== this.key) {
      [this.key, this.p, this.q] = [key, this.density("data"), this.density("fake")];
      this.points = seen(this.p, this.q);
      this.best = { ...valueOf(this.points, bestLogit), ...divergences(this.points) };
      this.since = 0;
    }
    this.follow();
  }
  get game() {
    return [this.p, this.q];
  }
  say() {
    return this.store.get("numbers")
      ? `V of the best D ${signed(this.best.v, 3)}, JS ${signed(this.best.js, 3)} nats`
      : "";
  }

  /* -------- drawing */

  paint() {
    if (!this.points) return;
    const { p, q } = this,
      even = Array.from({ length: 361 }, (_, k) => -EDGE + (k * 2 * EDGE) / 360);
    const xs = [...new Set([...even, ...joints(p, q).flatMap((x) => [x - 1e-6, x + 1e-6])])]
      .filter((x) => Math.abs(x) <= EDGE)
      .sort((a, b) => a - b);
    const at = new Map(xs.map((x) => [x, { x, logP: logDensity(p, x), logQ: logDensity(q, x) }]));
    this.trained = valueOf(this.points, (point) => this.net.logit(point.x)).v;
    const logits = (this.netLogits = new Map(xs.map((x) => [x, this.net.logit(x)])));
    const best = (x) => bestLogit(at.get(x)),
      chosenLogit = this.store.get("integrands") === "trained" ? (x) => logits.get(x) : best;
    this.paintDensities(xs, at);
    const d = this.plots.d;
    d.measure(0, 1);
    d.svg.replaceChildren(
      ...d.axes([0, 0.5, 1], (t) => (t === 0.5 ? "½" : String(t))),
      d.curve("d", xs, (x) => sigmoid(logits.get(x))),
      make("svg:path", { class: "series d best", d: d.line(xs, (x) => sigmoid(best(x))) }),
    );
    d.svg.setAttribute("aria-label", "D over the line: the best D dotted, the trained one solid");
    this.paintIntegrands(xs, at, chosenLogit);
    this.paintNumbers();
    this.showState();
  }
  paintDensities(xs, at) {
    const plot = this.plots.densities,
      peak = Math.max(...xs.map((x) => Math.exp(Math.max(at.get(x).logP, at.get(x).logQ))));
    plot.measure(0, Math.max(0.5, peak * 1.16));
    const data = (x) => Math.exp(at.get(x).logP),
      fake = (x) => Math.exp(at.get(x).logQ);
    plot.svg.replaceChildren(
      ...plot.axes(ticks(0, plot.high, 3)),
      plot.area("real", xs, data),
      plot.area("fake", xs, fake),
      plot.curve("real", xs, data),
      plot.curve("fake", xs, fake, "6 3"),
    );
    plot.svg.setAttribute("aria-label", "the densities p_data, solid, and p_g, dashed");
    const places = new Map();
    for (const { node, side, k, what, name } of [...this.handles].sort((a, b) => turnOf(a) - turnOf(b))) {
      const density = side === "data" ? this.p : this.q,
        bump = density.bumps[k - 1];
      node.setAttribute("visibility", bump.weight > 0 ? "visible" : "hidden");
      node.setAttribute("tabindex", bump.weight > 0 ? 0 : -1);
      const out = this.outward(side, k),
        x = what === "mean" ? bump.mean : bump.mean + out * bump.width;
      const height = Math.exp(logDensity(density, what === "mean" ? x : x - out * 1e-9));
      const y = bump.weight > 0 ? apart(plot.x(x), plot.y(height), [...places.values()], plot.top) : plot.y(height);
      if (bump.weight > 0) places.set(name, [plot.x(x), y]);
      node.setAttribute("transform", `translate(${plot.x(x).toFixed(1)} ${y.toFixed(1)})`);
      node.setAttribute("aria-valuenow", this.store.get(name));
      node.setAttribute(
        "aria-valuetext",
        `${signed(this.store.get(name), 2)}, weight ${signed(bump.weight, 2)}; ${this.say()}`,
      );
    }
  }
  paintIntegrands(xs, at, logit) {
    const plot = this.plots.integrands,
      term = (log, value) => (log === -Infinity ? 0 : Math.exp(log) * value);
    const data = (x) => term(at.get(x).logP, -softplus(-logit(x))),
      fake = (x) => term(at.get(x).logQ, -softplus(logit(x)));
    const least = Math.min(...xs.map((x) => Math.min(data(x), fake(x))));
    plot.measure(Math.min(-0.2, Math.max(-2, least * 1.1)), 0.02);
    plot.svg.replaceChildren(
      ...plot.axes(ticks(plot.low, 0, 2)),
      plot.area("real", xs, data),
      plot.area("fake", xs, fake),
      plot.curve("real", xs, data),
      plot.curve("fake", xs, fake, "6 3"),
    );
    plot.svg.setAttribute(
      "aria-label",
      `the integrands of V with ${this.store.get("integrands") === "trained" ? "the trained D" : "the best D"}`,
    );
  }
  paintNumbers() {
    const { best, trained, cells } = this,
      shown = this.store.get("numbers"),
      theorem = -2 * Math.LN2 + 2 * best.js;
    this.hidden.hidden = shown;
    this.table.hidden = this.gauge.style.display = shown ? "" : "none";
    this.table.hidden = !shown;
    if (!shown) return;
    const told = {
      real: best.real,
      fake: best.fake,
      v: best.v,
      js: best.js,
      theorem,
      kl: best.kl,
      reverse: best.reverse,
      trained,
      gap: best.v - trained,
    };
    for (const [key, value] of Object.entries(told)) cells[key].textContent = signed(value);
    this.paintGauge(best.v, trained);
  }
  /** V on a scale from −2 to 0, with the two ends that it can have for the best D. */
  paintGauge(v, trained) {
    const width = this.gauge.clientWidth || 260,
      x = (value) => 8 + ((clamp(value, -2, 0) + 2) / 2) * (width - 16),
      least = -2 * Math.LN2;
    const text = (at, y, words, anchor) => make("svg:text", { x: at, y, "text-anchor": anchor }, words);
    this.gauge.setAttribute("viewBox", `0 0 ${width} 62`);
    this.gauge.replaceChildren(
      make("svg:path", { class: "rule thick", d: `M${x(-2)} 26H${x(0)}` }),
      make("svg:path", { class: "axis thick", d: `M${x(least)} 26H${x(0)}` }),
      ...[least, 0].map((t) => make("svg:path", { class: "cursor", d: `M${x(t)} 18v16` })),
      make("svg:path", { class: "ring d", d: "M0-9 9 0 0 9-9 0z", transform: `translate(${x(v).toFixed(1)} 26)` }),
      make("svg:circle", { class: "mark d", r: 4, cx: x(trained).toFixed(1), cy: 26 }),
      text(x(least), 47, "−log 4", "middle"),
      text(x(least), 60, "p_g = p_data", "middle"),
      text(x(0), 47, "0", "end"),
      text(x(0), 60, "nothing shared", "end"),
      text(x(-2) - 4, 10, "V of   ◇ the best D   ● the trained D", "start"),
    );
    this.gauge.setAttribute(
      "aria-label",
      `V of the best D ${signed(v, 3)}, of the trained D ${signed(trained, 3)}, on a scale from −log 4 = −1.386 to 0`,
    );
  }
  showState() {
    const { store } = this;
    this.showTraining();
    this.numbersSwitch.setAttribute("aria-checked", Boolean(store.get("numbers")));
    for (const [name, slider] of Object.entries(this.sliders)) {
      slider.show(store.get(name), `; ${this.say()}`);
      slider.hidden = name.endsWith("_2") && store.get(`${name.slice(0, 4)}_share`) >= 1;
    }
    this.shape.value = store.get("shape");
    this.integrands.value = store.get("integrands");
    this.situation.value =
      Object.keys(SITUATIONS).find((key) =>
        SIDES.every((side, i) => PARTS.every((part, k) => store.get(`${side}_${part}`) === SITUATIONS[key][i + 1][k])),
      ) || "";
  }
}

/** The order in which handles take their places: the one that is held, means, widths. */
const turnOf = ({ node, what }) => (node.held ? 0 : what === "mean" ? 1 : 2);

/** How high a handle stands that none hides another: at its curve, or, where one stands already, above or below that. */
function apart(x, y, taken, top, gap = 18) {
  const free = (at) => at >= top && taken.every(([a, b]) => Math.hypot(a - x, b - at) >= gap);
  return [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [y - k * gap, y + k * gap]).find(free) ?? y;
}

/** Shows a density player inside element; returns what takes it away. */
export function player(element, store) {
  const view = new DensityPlayer(element, store);
  return () => view.destroy();
}

/* ---------------------------------------------------------------- the look */
