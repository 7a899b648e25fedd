/* The smoothing player: D's targets α for real and β for fake; under two densities D* and a D trained on these targets,
 * and the pull of the best D on what G makes.
 *
 * It follows the texts of the replay, panel.js, line_plot.js, density_math.js and trained_panel.js in one module.
 *   smoothing(element, store)     names of the store: the traits of SmoothingPlayer
 */

import { arrowMove, chosen, clamp, dragged, make, ranged, sigmoid, sign, signed, ticks } from "../kit/before.js";
import { bestLogit, logDensity, mean, score, seen } from "../kit/density_math.js";
import LINE_STYLE from "../kit/line_plot.css";
import { dotted, EDGE, entry, LinePlot, PATHS } from "../kit/line_plot.js";
import { TrainedPanel } from "../kit/trained_panel.js";
import SMOOTHING_STYLE from "./smoothing_player.css";

export const SMOOTHING_TRAITS = [
  "real_target",
  "fake_target",
  "data_mean",
  "data_other",
  "data_width",
  "fake_mean",
  "fake_other",
  "fake_width",
  "training",
];
const BOUNDS = { real_target: [0.5, 1], fake_target: [0, 0.4], fake_mean: [-5, 5] };
const NAMES = { real_target: "α, target for real", fake_target: "β, target for fake", fake_mean: "▲, mean of p_g" };
export const XS = Array.from({ length: 361 }, (_, k) => -EDGE + (k * 2 * EDGE) / 360);
const PLACES = {
  // [words, what it sets], the targets stay
  apart: [
    "far apart",
    { data_mean: -1.5, data_other: null, data_width: 0.7, fake_mean: 1.5, fake_other: null, fake_width: 0.7 },
  ],
  overlapping: [
    "overlapping",
    { data_mean: -1, data_other: null, data_width: 1, fake_mean: 1, fake_other: null, fake_width: 1 },
  ],
  equal: ["equal", { data_mean: 0, data_other: null, data_width: 1, fake_mean: 0, fake_other: null, fake_width: 1 }],
  spurious: [
    "a bump too many",
    { data_mean: -2, data_other: null, data_width: 0.7, fake_mean: 2, fake_other: -2, fake_width: 0.7 },
  ],
  missing: [
    "one of two modes",
    { data_mean: -2, data_other: 2, data_width: 0.7, fake_mean: -1, fake_other: null, fake_width: 0.7 },
  ],
};

/** D*(x) = (α p + β q) / (p + q) = β + (α − β) σ(log p/q): for every x, and no density is divided by. */
export const smoothedBest = (point, alpha, beta) => beta + (alpha - beta) * sigmoid(bestLogit(point));
/** The share of the pull that the targets leave: (α − β) / (α + β q/p). It is never below 0, and 1 for β = 0. */
const pullLeft = (point, alpha, beta) => (1 - beta / alpha) * sigmoid(bestLogit(point) + Math.log(alpha / beta));
/** d/dx log D*(x), where a fake at x is moved to: (1 − σ(log p/q)) (log p/q)′ times what is left of it. */
export const pull = (point, alpha, beta) => sigmoid(-bestLogit(point)) * point.slope * pullLeft(point, alpha, beta);

export class SmoothingPlayer extends TrainedPanel {
  constructor(element, store) {
    super(element, store, "smoothing lines", "smoothing player", LINE_STYLE + SMOOTHING_STYLE);
  }

  /* -------- what there is to see */

  build() {
    const line = (kind, words) =>
      make(
        "span",
        { class: "entry" },
        make(
          "svg:svg",
          { viewBox: "0 0 18 10", "aria-hidden": "true", class: `sign ${kind}` },
          make("svg:path", { d: "M1 5h16", class: kind }),
        ),
        words,
      );
    this.plots = {
      densities: new LinePlot("densities", "Densities", "drag ▲; arrows: the pull on a fake there", [
        entry("real", "p_data"),
        entry("fake", "p_g"),
      ]),
      d: new LinePlot("d", "D(x)", "how sure D is that x is real", [
        line("plain", "D*, no smoothing"),
        dotted("D*"),
        entry("d", "D, trained"),
      ]),
      pull: new LinePlot("pull", "Pull on a fake at x", "d/dx log D*; above 0: to the right", [
        line("plain", "no smoothing"),
        line("alone", "α alone"),
        line("both", "α and β"),
      ]),
    };
    this.plots.densities.over.append(this.buildHandle());
    this.note = make("p", { class: "note kept", role: "status" });
    this.root.append(
      make(
        "header",
        {},
        make(
          "div",
          { class: "titles" },
          make("h3", {}, "Label smoothing"),
          make(
            "p",
            { class: "subtitle" },
            "D is asked for α at real and β at fake samples. What does it answer, and what does G feel of it?",
          ),
        ),
      ),
      make(
        "div",
        { class: "board" },
        make("div", { class: "plots" }, ...Object.values(this.plots).map((plot) => plot.node), this.buildControls()),
        this.buildSide(),
      ),
      make(
        "footer",
        {},
        make("span", {}, make("b", {}, "Tab"), " to ▲ or a slider · ", make("b", {}, "← →"), " move"),
        make("span", {}, "all logarithms natural: nats"),
      ),
    );
  }
  buildHandle() {
    const [low, high] = BOUNDS.fake_mean;
    this.handle = make(
      "svg:g",
      {
        role: "slider",
        tabindex: 0,
        class: "handle fake",
        "data-name": "fake_mean",
        "aria-label": "mean of p_g",
        "aria-valuemin": low,
        "aria-valuemax": high,
      },
      make("svg:circle", { r: 17, class: "hold" }),
      make("svg:path", { class: "grip", d: PATHS.fake }),
    );
    let from = null;
    dragged(this.handle, {
      start: (event) => {
        from = { x: event.clientX, value: this.get("fake_mean") };
      },
      move: (event) => {
        const { left, right } = this.plots.densities;
        this.move("fake_mean", from.value + ((event.clientX - from.x) / (right - left)) * 2 * EDGE);
      },
      end: () => {
        this.live.textContent = `mean of p_g ${signed(this.get("fake_mean"), 2)}. ${this.say()}`;
      },
    });
    this.handle.addEventListener("keydown", (event) => {
      const by = arrowMove(event, 0.1, 0.01),
        end = { Home: low, End: high }[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey || (end === undefined && !by)) return;
      event.preventDefault();
      this.move("fake_mean", end ?? this.get("fake_mean") + by[0] + by[1]);
    });
    return this.handle;
  }
  buildSide() {
    const head = (...words) =>
      make("tr", { class: "head part" }, make("th", { colspan: 2, scope: "colgroup" }, ...words));
    const row = (label, key, kind) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, ...(kind ? [sign(kind)] : []), label),
        (this.cells[key] = make("td")),
      );
    this.cells = {};
    this.where = make("span");
    this.verdict = make("p", { class: "words verdict" });
    return make(
      "div",
      { class: "side" },
      make(
        "table",
        {},
        head("D at ", this.where),
        row("D*, no smoothing", "plain"),
        row(make("b", {}, "D*"), "best"),
        row("D, trained", "trained", "d"),
        head("The best D’s pull there"),
        row("no smoothing", "pull"),
        row("α alone", "alone"),
        row(make("b", {}, "α and β"), "both"),
        row("left of it", "left"),
        head("Over the whole line"),
        row("D* where p_g = p_data: (α\u00a0+\u00a0β)/2", "equal"),
        row("mean |D − D*|, trained D", "gap", "d"),
      ),
      this.verdict,
    );
  }
  buildControls() {
    this.sliders = Object.fromEntries(
      Object.entries(NAMES).map(([name, words]) => {
        const [min, max] = BOUNDS[name];
        return [
          name,
          ranged({
            label: words,
            min,
            max,
            step: 0.01,
            tell: (v) => signed(v, 2),
            go: (value) => this.move(name, value),
          }),
        ];
      }),
    );
    this.sliders.real_target.classList.add("data");
    this.situation = chosen(
      "situation",
      [["", "choose …"], ...Object.entries(PLACES).map(([key, [words]]) => [key, words])],
      (key) => key && this.go(PLACES[key][1]),
    );
    return make(
      "div",
      { class: "panel-controls" },
      make(
        "div",
        { class: "sets" },
        ...Object.values(this.sliders),
        make("div", { class: "acts" }, make("label", {}, "situation", this.situation)),
      ),
      this.note,
      this.buildTraining(500),
      this.explained(
        "down L_D, the cross-entropy with the targets α and β, computed from its logit. It never sees the densities. |D − D*| is averaged over both of them, in equal shares.",
      ),
    );
  }

  /* -------- what a learner does */

  /** A trait, kept inside its bounds: one that is linked in the browser can be told anything. */
  get(name) {
    return name in BOUNDS ? clamp(this.store.get(name), ...BOUNDS[name]) : this.store.get(name);
  }
  move(name, value) {
    this.go({ [name]: +clamp(value, ...BOUNDS[name]).toFixed(3) });
  }
  go(changes) {
    if (Object.entries(changes).every(([name, value]) => this.store.get(name) === value)) return this.draw();
    this.woken();
    this.store.set(changes);
    this.load();
  }

  /* -------- the numbers */

  density(side) {
    const means = [this.get(`${side}_mean`), this.store.get(`${side}_other`)].filter((mean) => mean !== null);
    return {
      shape: "gaussian",
      bumps: means.map((mean) => ({ mean, width: this.store.get(`${side}_width`), weight: 1 / means.length })),
    };
  }
  get targets() {
    return [this.get("real_target"), this.get("fake_target")];
  }
  load() {
    const game = [this.density("data"), this.density("fake"), ...this.targets],
      key = JSON.stringify(game);
    if (key !== this.key) {
      [this.key, this.game] = [key, game];
      this.points = seen(game[0], game[1]);
      this.since = 0;
    }
    this.follow();
  }
  at(x) {
    const [p, q] = this.game;
    return { x, logP: logDensity(p, x), logQ: logDensity(q, x), slope: score(p, x) - score(q, x) };
  }
  /** How far the trained D is from the best one, averaged over both densities. */
  gap() {
    const far = (point) => Math.abs(sigmoid(this.net.logit(point.x)) - smoothedBest(point, ...this.targets));
    return (mean(this.points, "logP", far) + mean(this.points, "logQ", far)) / 2;
  }
  say() {
    const there = this.at(this.get("fake_mean"));
    return `there D* is ${signed(smoothedBest(there, ...this.targets), 3)}, the pull ${signed(pull(there, 1, 0), 3)} without smoothing and ${signed(pull(there, ...this.targets), 3)} with α and β`;
  }

  /* -------- drawing */

  paint() {
    if (!this.game) return;
    const line = new Map(XS.map((x) => [x, this.at(x)])),
      there = this.at(this.get("fake_mean"));
    const of = (value) => (x) => value(line.get(x)); // a number of a point as one of x
    this.paintDensities(of, there);
    this.paintD(of, there);
    this.paintPull(of, there);
    this.paintNumbers(there);
    this.showControls();
  }
  paintDensities(of, there) {
    const plot = this.plots.densities,
      data = of(({ logP }) => Math.exp(logP)),
      fake = of(({ logQ }) => Math.exp(logQ));
    plot.measure(0, Math.max(0.5, ...XS.map((x) => 1.16 * Math.max(data(x), fake(x)))));
    const place = `translate(${plot.x(there.x).toFixed(1)} ${plot.y(Math.exp(there.logQ)).toFixed(1)})`;
    const arrows = [
      ["plain", pull(there, 1, 0)],
      ["both", pull(there, ...this.targets)],
    ].map(([kind, way]) => make("svg:path", { class: kind, transform: place, d: arrow(way) }));
    plot.svg.replaceChildren(
      ...plot.axes(ticks(0, plot.high, 3)),
      plot.area("real", XS, data),
      plot.area("fake", XS, fake),
      plot.curve("real", XS, data),
      plot.curve("fake", XS, fake, "6 3"),
      ...arrows,
    );
    plot.svg.setAttribute("aria-label", "the densities p_data, solid, and p_g, dashed");
    this.handle.setAttribute("transform", place);
    this.handle.setAttribute("aria-valuenow", there.x);
    this.handle.setAttribute("aria-valuetext", `${signed(there.x, 2)}; ${this.say()}`);
  }
  paintD(of, there) {
    const plot = this.plots.d,
      [alpha, beta] = this.targets,
      best = (a, b) => of((point) => smoothedBest(point, a, b)),
      trained = (x) => sigmoid(this.net.logit(x));
    plot.measure(0, 1);
    const level = (name, value) => [
      make("svg:path", { class: "level-line", d: `M${plot.left} ${plot.y(value)}H${plot.right}` }),
      make(
        "svg:text",
        {
          class: "halo",
          x: there.x < this.get("data_mean") ? plot.left + 4 : plot.right,
          y: plot.y(value) + (name === "α" ? (value > 0.9 ? 12 : -4) : value < 0.1 ? -4 : 12),
          "text-anchor": there.x < this.get("data_mean") ? "start" : "end",
        },
        `${name} = ${signed(value, 2)}`,
      ),
    ];
    plot.svg.replaceChildren(
      ...plot.axes([0, 0.5, 1], (t) => (t === 0.5 ? "½" : String(t))),
      under(plot, there.x),
      make("svg:path", { class: "plain", d: plot.line(XS, best(1, 0)) }),
      plot.curve("d", XS, trained),
      make("svg:path", { class: "series d best", d: plot.line(XS, best(alpha, beta)) }),
      ...level("α", alpha),
      ...level("β", beta),
    );
    plot.svg.setAttribute(
      "aria-label",
      "D over the line: the best D for these targets dotted, the trained one solid, the best one without smoothing pale",
    );
  }
  paintPull(of, there) {
    const plot = this.plots.pull,
      all = XS.map(of((point) => pull(point, 1, 0))),
      [alpha, beta] = this.targets;
    plot.measure(Math.min(-1, 1.1 * Math.min(...all)), Math.max(1, 1.1 * Math.max(...all)));
    const line = (kind, a, b) =>
      make("svg:path", {
        class: kind,
        d: plot.line(
          XS,
          of((point) => pull(point, a, b)),
        ),
      });
    plot.svg.replaceChildren(
      ...plot.axes(ticks(plot.low, plot.high, 3)),
      make("svg:path", { class: "axis", d: `M${plot.left} ${plot.y(0)}H${plot.right}` }),
      under(plot, there.x),
      line("plain", 1, 0),
      line("alone", alpha, 0),
      line("both", alpha, beta),
    );
    plot.svg.setAttribute(
      "aria-label",
      "the pull of the best D on a fake at x: without smoothing and with α alone, which coincide, and with α and β",
    );
  }
  paintNumbers(there) {
    const [alpha, beta] = this.targets,
      left = pullLeft(there, alpha, beta),
      percent = left < 0.001 ? "<\u00a00.1\u00a0%" : `${(100 * left).toFixed(left < 0.1 ? 1 : 0)}\u00a0%`;
    const told = {
      plain: smoothedBest(there, 1, 0),
      best: smoothedBest(there, alpha, beta),
      trained: sigmoid(this.net.logit(there.x)),
      pull: pull(there, 1, 0),
      alone: pull(there, alpha, 0),
      both: pull(there, alpha, beta),
      equal: (alpha + beta) / 2,
      gap: this.gap(),
    };
    for (const [key, value] of Object.entries(told)) this.cells[key].textContent = signed(value);
    this.cells.left.textContent = percent;
    this.where.textContent = `▲, x = ${signed(there.x, 2)}`;
    this.verdict.textContent =
      beta === 0
        ? "β = 0, one-sided: D* is α times what it was, and log α is a constant. At the best D smoothing costs G nothing: the three lines are one."
        : `β > 0: where only fakes are, D* is flat at β. ${Math.abs(told.pull) < 0.005 ? "At ▲ there is no pull to lose." : `At ▲ ${percent} of the pull is left.`} It dies, it never turns: D* still grows with p_data/p_g.`;
  }
  showControls() {
    this.showTraining();
    for (const [name, slider] of Object.entries(this.sliders)) slider.show(this.get(name), `; ${this.say()}`);
    const kept = Object.keys(BOUNDS).filter((name) => this.store.get(name) !== this.get(name));
    this.note.hidden = !kept.length;
    const words = kept
      .map(
        (name) =>
          `${NAMES[name]}, is kept at ${signed(this.get(name), 2)}: it goes from ${BOUNDS[name].map((t) => signed(t, 1)).join(" to ")}${name === "fake_mean" ? "" : ", so that α stays above β"}.`,
      )
      .join(" ");
    if (this.note.textContent !== words) this.note.textContent = words;
    this.situation.value =
      Object.keys(PLACES).find((key) =>
        Object.entries(PLACES[key][1]).every(([name, value]) => this.store.get(name) === value),
      ) || "";
  }
}

const under = (plot, x) =>
  make("svg:path", { class: "under", d: `M${plot.x(x).toFixed(1)} ${plot.top}V${plot.bottom}` });

/** An arrow over ▲, 9 pixels for each unit of the pull, at most 63; none where it would be all head. */
function arrow(way) {
  const length = 9 * clamp(way, -7, 7),
    head = 6 * Math.sign(way);
  return Math.abs(length) < 4 ? "" : `M0-18H${length.toFixed(1)}m${-head}-6 ${head} 6 ${-head} 6`;
}

/** Shows a smoothing player inside element; returns what takes it away. */
export function smoothing(element, store) {
  const view = new SmoothingPlayer(element, store);
  return () => view.destroy();
}

/* ---------------------------------------------------------------- the look */
