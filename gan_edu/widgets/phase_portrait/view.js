/* The phase portrait: the Dirac-GAN's field and the steps that an update rule takes in it; beside it the eigenvalues.
 *
 * It follows the texts of the replay, panel.js and phase_math.js in one module.
 *   portrait(element, store)      names of the store: the traits of PhasePortrait
 */

import { arrowMove, chosen, clamp, dragged, make, Panel, ranged, signed, ticks, whole } from "../kit/before.js";
import { critical, dirac, LAST, spectrum, VERDICT_WORDS, verdictOf, walk } from "./math.js";
import PHASE_STYLE from "./phase_portrait.css";

export const PHASE_TRAITS = ["loss", "penalty", "gamma", "step", "momentum", "order", "start", "steps"];
const EDGE = 3,
  MOST_GAMMA = 3; // θ and ψ from −EDGE to EDGE; the end of the strength's slider
const LOSS_NAMES = [
  ["GAN", "GAN (minimax)"],
  ["NSGAN", "NSGAN (non-saturating)"],
  ["WGAN", "WGAN"],
];
const TURN_NAMES = [
  ["simultaneous", "simultaneous"],
  ["G first", "alternating, G first"],
  ["D first", "alternating, D first"],
];
const PENALTY_WORDS = {
  // [the strength's letter, what it does]
  none: [
    "γ",
    "no regulariser: near (0, 0) the field goes round. Negative momentum brakes it in alternating order only.",
  ],
  R1: ["γ", "D pays γ/2 |∇ₓD|² at the data, here γ/2 ψ²."],
  R2: ["γ", "D pays γ/2 |∇ₓD|² at the fakes, here γ/2 ψ²: the same as R1, since D’s slope is ψ everywhere."],
  "WGAN-GP": ["γ", "D pays γ/2 (|ψ| − 1)². At ψ = 0 this has a kink: there is no Jacobian."],
  "instance noise": ["σ", "D sees data and fakes with noise N(0, σ²); shown is the mean over the noise."],
  consensus: ["γ", "both players also descend γ/2 |v|²."],
  "WGAN clipping": [
    "c",
    "after each step of D, ψ is cut off at −c and c; near (0, 0) that changes nothing, for c > 0.",
  ],
};
const VERDICT_SIGNS = { converges: "✓", "stays close": "○", "converges slowly": "…", "does not converge": "✕" };

const RAISED = Object.fromEntries([..."−0123456789"].map((digit, k) => [digit, [..."⁻⁰¹²³⁴⁵⁶⁷⁸⁹"][k]]));
const minus = (text) => String(text).replaceAll("-", "−");
const sized = (x) => minus(x >= 1e4 || (x < 0.01 && x > 0) ? x.toExponential(2).replace("e+", "e") : x.toFixed(3));
const pairText = (a, b) => `(${signed(a, 2)}, ${signed(b, 2)})`;
/** Eigenvalues in words: conjugate ones as one. */
function complexText(roots) {
  const found = roots.filter(([, im]) => im >= 0).sort((a, b) => Math.hypot(...b) - Math.hypot(...a));
  return found.map(([re, im]) => signed(re, 3) + (im > 0 ? `\u00a0±\u00a0${im.toFixed(3)}i` : "")).join(", ");
}

const spot = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Axes over a box, and paths between them. */
class Sheet {
  constructor(kind, title, words) {
    this.kind = kind;
    this.svg = make("svg:svg", { class: "plot", role: "img" });
    this.box = make("div", { class: `sheet ${kind}` }, this.svg);
    this.words = make("span", {}, words);
    this.node = make("figure", {}, make("figcaption", {}, make("b", {}, title), this.words), this.box);
  }
  /** Sizes are read before anything is drawn: to read one after a change makes the browser lay out everything anew. */
  measure() {
    [this.width, this.height] = [this.box.clientWidth, this.box.clientHeight];
  }
  /** xs, ys: [low, high] in numbers; marks: where the axes are labelled. */
  axes(xs, ys, xMarks, yMarks, tell = (t) => minus(t)) {
    const { width, height } = this,
      left = 32,
      right = width - 8,
      top = 9,
      bottom = height - 21;
    Object.assign(this, { left, right, top, bottom });
    this.x = (t) => left + ((t - xs[0]) / (xs[1] - xs[0])) * (right - left);
    this.y = (t) => bottom - ((t - ys[0]) / (ys[1] - ys[0])) * (bottom - top);
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    const rule = (d, t) => make("svg:path", { class: t === 0 ? "axis" : "rule", d }),
      text = (x, y, words, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, words);
    this.inner = make("svg:g", { "clip-path": `url(#clip-${this.kind})` });
    this.svg.replaceChildren(
      make(
        "svg:clipPath",
        { id: `clip-${this.kind}` },
        make("svg:rect", { x: left, y: top, width: right - left, height: bottom - top }),
      ),
      ...xMarks.flatMap((t) => [
        rule(`M${this.x(t)} ${top}V${bottom}`, t),
        text(this.x(t), height - 6, tell(t, "x"), "middle"),
      ]),
      ...yMarks.flatMap((t) => [
        rule(`M${left} ${this.y(t)}H${right}`, t),
        text(left - 5, this.y(t) + 4, tell(t, "y"), "end"),
      ]),
      this.inner,
    );
  }
  /** Where points fall, in pixels, without those that would cover the one before. */
  places(points) {
    let last = [NaN, NaN];
    return points
      .map(([x, y]) => [this.x(x), this.y(y)])
      .filter((at) => {
        if (Math.abs(at[0] - last[0]) < 0.4 && Math.abs(at[1] - last[1]) < 0.4) return false;
        last = at;
        return true;
      });
  }
  line(points) {
    return this.places(points)
      .map((at, k) => (k ? "L" : "M") + spot(at))
      .join("");
  }
  dots(points) {
    return this.places(points)
      .map((at) => `M${spot(at)}h0`)
      .join("");
  }
  /** Says which of these eigenvalues the picture does not hold, with an arrow at the edge towards each. */
  outside(roots) {
    const { left, right, top, bottom } = this,
      inset = 9,
      out = roots.filter(
        ([re, im]) => this.x(re) < left || this.x(re) > right || this.y(im) < top || this.y(im) > bottom,
      );
    for (const [re, im] of out) {
      const [x, y] = [clamp(this.x(re), left + inset, right - inset), clamp(this.y(im), top + inset, bottom - inset)];
      const turn = (Math.atan2(this.y(im) - y, this.x(re) - x) * 180) / Math.PI;
      this.svg.append(
        make("svg:path", {
          class: "away",
          d: "M-5-6 7 0-5 6z",
          transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})`,
        }),
      );
    }
    if (out.length)
      this.svg.append(
        make(
          "svg:text",
          { class: "halo", x: (left + right) / 2, y: bottom - 7, "text-anchor": "middle" },
          `outside: ${complexText(out)}`,
        ),
      );
  }
  path(kind, d) {
    this.inner.append(make("svg:path", { class: kind, d }));
  }
}

class PhaseView extends Panel {
  constructor(element, store) {
    super(element, store, "phase", "phase portrait", PHASE_STYLE);
  }

  build() {
    const { store } = this;
    this.field = new Sheet("field", "ψ over θ", "arrows: where G and D step");
    this.flow = new Sheet("flow", "λ of the field", "shaded: Re λ < 0");
    this.update = new Sheet("update", "μ of one round", "shaded: |μ| < 1");
    this.radius = new Sheet("radius", "Distance to (0, 0)", "over the steps; shaded: the last 50");
    this.start = make("button", { type: "button", class: "start", title: "drag, or use the arrow keys" });
    this.end = make("i", { class: "end" });
    this.field.box.append(this.end, this.start);
    this.zoom = make("button", { type: "button", class: "zoom", "aria-pressed": "false" }, "near 1");
    this.zoom.addEventListener("click", () => {
      this.near = !this.near;
      this.draw();
    });
    this.update.box.append(this.zoom);
    this.sign = make("i", { "aria-hidden": "true" });
    this.word = make("b");
    this.why = make("span");
    this.cells = Object.fromEntries(["flow", "update", "spectral", "now"].map((name) => [name, make("dd")]));
    this.root.append(
      make(
        "header",
        {},
        make(
          "div",
          { class: "titles" },
          make("h3", {}, "Phase portrait"),
          make(
            "p",
            { class: "subtitle" },
            "The Dirac-GAN: all data at 0, all fakes at θ, D(x) = ψ x. Drag the start ■.",
          ),
        ),
        make("div", { class: "verdict" }, this.sign, make("div", {}, this.word, this.why)),
      ),
      make(
        "div",
        { class: "board" },
        this.field.node,
        make(
          "div",
          { class: "planes" },
          make("div", { class: "twin" }, this.flow.node, this.update.node),
          this.radius.node,
        ),
      ),
      this.buildFacts(),
      this.buildControls(),
      make(
        "details",
        {},
        make("summary", {}, "How is the outcome found?"),
        make("p", { class: "words" }, VERDICT_WORDS),
      ),
      make(
        "footer",
        {},
        make(
          "span",
          {},
          make("b", {}, "Tab"),
          " to the start ■ · ",
          make("b", {}, "← → ↑ ↓"),
          " move it · ",
          make("b", {}, "Shift"),
          " faster",
        ),
        make("span", {}, "■ start · ● now · × (0, 0)"),
      ),
    );
    const place = (event) => {
      const box = this.field.box.getBoundingClientRect(),
        { left, right, top, bottom } = this.field;
      this.go(
        ((event.clientX - box.left - left) / (right - left)) * 2 * EDGE - EDGE,
        ((bottom - event.clientY + box.top) / (bottom - top)) * 2 * EDGE - EDGE,
      );
    };
    for (const node of [this.start, this.field.svg])
      dragged(node, { start: (event) => node === this.field.svg && place(event), move: place, end: () => this.told() });
    this.start.addEventListener("keydown", (event) => {
      const by = arrowMove(event, 0.1, 0.5);
      if (!by) return;
      event.preventDefault();
      this.go(...store.get("start").map((value, k) => value + by[k]));
      this.told();
    });
  }
  buildControls() {
    const { store } = this,
      power = (v) => (10 ** v).toFixed(v < -1 ? 3 : 2);
    this.choices = {
      loss: chosen("loss", LOSS_NAMES, (loss) => store.set({ loss })),
      penalty: chosen(
        "regulariser",
        Object.keys(PENALTY_WORDS).map((name) => [name, name]),
        (penalty) => store.set({ penalty }),
      ),
      order: chosen("order of the steps", TURN_NAMES, (order) => store.set({ order })),
    };
    this.sliders = {
      gamma: ranged({
        label: "strength γ",
        say: "strength of the regulariser",
        min: 0,
        max: MOST_GAMMA,
        step: 0.01,
        tell: (v) => v.toFixed(2),
        go: (gamma) => store.set({ gamma }),
      }),
      step: ranged({
        label: "step size h",
        say: "step size",
        min: -2,
        max: Math.log10(2),
        step: 0.001,
        tell: power,
        go: (v) => store.set({ step: +(10 ** v).toFixed(3) }),
      }),
      momentum: ranged({
        label: "momentum β",
        say: "momentum",
        min: -0.9,
        max: 0.95,
        step: 0.01,
        tell: (v) => signed(v, 2),
        go: (momentum) => store.set({ momentum }),
      }),
      steps: ranged({
        label: "steps",
        min: 50,
        max: 2000,
        step: 10,
        tell: String,
        go: (steps) => store.set({ steps }),
      }),
    };
    const input = this.sliders.gamma.querySelector("input"),
      track = make("div", { class: "track" });
    this.scale = make("div", { class: "scale", "aria-hidden": "true" });
    input.replaceWith(track);
    track.append(input, this.scale);
    this.does = make("p", { class: "words does" });
    const named = (words, node) => make("label", {}, words, node);
    return make(
      "div",
      { class: "panel-controls" },
      make(
        "div",
        { class: "acts" },
        named("loss", this.choices.loss),
        named("regulariser", this.choices.penalty),
        named("order", this.choices.order),
      ),
      this.does,
      make("div", { class: "sets" }, ...Object.values(this.sliders)),
    );
  }
  buildFacts() {
    const fact = (words, name) => make("div", {}, make("dt", {}, words), this.cells[name]);
    return make(
      "dl",
      {},
      fact("eigenvalues λ of the field", "flow"),
      fact("eigenvalues μ of one round", "update"),
      fact("spectral radius, max |μ|", "spectral"),
      fact("now (θ, ψ)", "now"),
    );
  }

  go(theta, psi) {
    const start = [theta, psi].map((t) => +clamp(t, -EDGE, EDGE).toFixed(2)),
      now = this.store.get("start");
    if (start.some((t, k) => t !== now[k])) this.store.set({ start });
  }
  get game() {
    return Object.fromEntries(
      ["loss", "penalty", "gamma", "step", "momentum", "order"].map((name) => [name, this.store.get(name)]),
    );
  }
  load() {
    this.draw();
  }
  told() {
    this.paint();
    this.live.textContent = `start ${pairText(...this.store.get("start"))}: ${this.word.textContent}, ${this.why.textContent}`;
  }

  /* -------- what there is to see */

  paint() {
    for (const sheet of [this.field, this.flow, this.update, this.radius]) sheet.measure();
    const game = this.game,
      steps = this.store.get("steps");
    this.way = walk(this.store.get("start"), steps, game);
    this.radii = this.way.map((point) => Math.hypot(...point));
    this.verdict = verdictOf(this.radii, steps);
    this.seen = spectrum(game);
    this.paintWords(game, steps);
    this.paintField(game);
    this.paintSpectra(game);
    this.paintRadius(steps);
    this.paintControls(game, steps);
  }
  paintWords(game, steps) {
    const { seen, cells, verdict, way } = this,
      none = "none: a kink";
    const largest = seen ? Math.max(...seen.update.map((root) => Math.hypot(...root))) : null;
    cells.flow.textContent = seen ? complexText(seen.flow) : none;
    cells.update.textContent = seen ? complexText(seen.update) : none;
    cells.spectral.textContent = seen
      ? `${largest.toFixed(4)}${Math.abs(largest - 1) < 5e-5 ? "" : largest < 1 ? " < 1" : " > 1"}`
      : "–";
    cells.now.textContent = verdict.left
      ? `ran away in step ${way.length - 1}`
      : this.radii.at(-1) < 0.01 || this.radii.at(-1) > 100
        ? `${sized(this.radii.at(-1))} away`
        : pairText(...way.at(-1));
    this.largest = largest;
    this.word.textContent = verdict.word;
    this.why.textContent = verdict.left
      ? `it ran away in step ${way.length - 1}`
      : `radius ${sized(this.radii[0])} → ${sized(verdict.last)}, the largest of the last ${Math.min(LAST, way.length)} of ${steps} steps`;
    this.sign.textContent = VERDICT_SIGNS[verdict.word];
    this.sign.className = verdict.word.replaceAll(" ", "-");
  }
  paintField(game) {
    const { field, way } = this,
      marks = [-3, -2, -1, 0, 1, 2, 3];
    field.axes([-EDGE, EDGE], [-EDGE, EDGE], marks, marks, (t, axis) =>
      t === EDGE ? (axis === "x" ? "θ" : "ψ") : minus(t),
    );
    field.path("arrows", this.arrows(game, field));
    field.path("way", field.line(way));
    field.path("turns", field.dots(way));
    field.path("centre", `M${field.x(0) - 6} ${field.y(0) - 6}l12 12m0-12l-12 12`);
    field.svg.setAttribute(
      "aria-label",
      `the field over θ and ψ from −3 to 3 and the path of ${way.length - 1} steps: ${this.word.textContent}, ${this.why.textContent}`,
    );
    const put = (node, [x, y]) => {
      node.style.left = `${field.x(x)}px`;
      node.style.top = `${field.y(y)}px`;
    };
    const now = way.at(-1).map((t) => clamp(t, -EDGE, EDGE));
    put(this.start, this.store.get("start"));
    put(this.end, now);
    this.end.classList.toggle(
      "outside",
      now.some((t) => Math.abs(t) === EDGE),
    );
    this.start.setAttribute(
      "aria-label",
      `start at θ = ${signed(this.store.get("start")[0], 2)}, ψ = ${signed(this.store.get("start")[1], 2)}: ${this.word.textContent}`,
    );
  }
  /** Arrows on a lattice, their length by the square root of the speed, so that slow places show their direction too. */
  arrows(game, field) {
    const count = field.width < 330 ? 11 : 15,
      gap = (2 * EDGE) / count,
      long = (0.84 * (field.right - field.left)) / count,
      found = [];
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) {
        const at = [-EDGE + (i + 0.5) * gap, -EDGE + (j + 0.5) * gap],
          v = dirac(...at, game);
        found.push({ at, v, speed: Math.hypot(...v) });
      }
    const most = Math.max(...found.map(({ speed }) => speed)) || 1;
    return found
      .filter(({ speed }) => speed > 1e-9)
      .map(({ at, v, speed }) => {
        const size = long * Math.max(0.25, Math.sqrt(speed / most)),
          head = Math.min(4.5, size * 0.4),
          [right, down] = [v[0] / speed, -v[1] / speed];
        const along = (by, aside = 0) =>
          spot([field.x(at[0]) + right * by + down * aside, field.y(at[1]) + down * by - right * aside]);
        const tip = along(size / 2),
          wing = (side) => along(size / 2 - head, side * head * 0.6);
        return `M${along(-size / 2)}L${tip}M${wing(1)}L${tip}L${wing(-1)}`;
      })
      .join("");
  }
  paintSpectra(game) {
    const { flow, update, near, seen } = this;
    flow.axes([-3.4, 0.9], [-2.15, 2.15], [-3, -2, -1, 0], [-2, -1, 0, 1, 2]);
    flow.path("stable", `M${flow.left} ${flow.top}H${flow.x(0)}V${flow.bottom}H${flow.left}Z`);
    const marks = near ? [0.8, 0.9, 1] : [-1, 0, 1];
    update.axes(
      near ? [0.76, 1.04] : [-1.25, 1.25],
      near ? [-0.14, 0.14] : [-1.25, 1.25],
      marks,
      near ? [-0.1, 0, 0.1] : marks,
    );
    const round = `${update.line(Array.from({ length: 181 }, (_, k) => [Math.cos((k * Math.PI) / 90), Math.sin((k * Math.PI) / 90)]))}Z`;
    update.path("stable", round);
    update.path("axis", round);
    const trail = this.trail(game);
    for (const [sheet, name, inside] of [
      [flow, "flow", ([re]) => re < -1e-9],
      [update, "update", (root) => Math.hypot(...root) < 1 - 1e-9],
    ]) {
      sheet.path("trail", sheet.dots(trail.flatMap((each) => each[name])));
      for (const root of seen ? seen[name] : []) {
        const node = make("svg:circle", {
          class: inside(root) ? "root in" : "root out",
          r: 5,
          cx: sheet.x(root[0]).toFixed(1),
          cy: sheet.y(root[1]).toFixed(1),
          "data-re": root[0],
          "data-im": root[1],
        });
        sheet.inner.append(node);
      }
      sheet.outside(seen ? seen[name] : []);
      if (!seen)
        ["a kink at ψ = 0:", "no eigenvalues"].forEach((words, k) =>
          sheet.svg.append(
            make(
              "svg:text",
              {
                class: "halo",
                x: (sheet.left + sheet.right) / 2,
                y: sheet.bottom - 26 + 16 * k,
                "text-anchor": "middle",
              },
              words,
            ),
          ),
        );
    }
    flow.svg.setAttribute(
      "aria-label",
      `complex plane: eigenvalues of the field at (0, 0): ${this.cells.flow.textContent}`,
    );
    update.svg.setAttribute(
      "aria-label",
      `complex plane with the unit circle: eigenvalues of one round: ${this.cells.update.textContent}`,
    );
    this.zoom.setAttribute("aria-pressed", Boolean(near));
  }
  /** The eigenvalues for strengths all along the slider: where they go. */
  trail(game) {
    const { gamma, ...rest } = game,
      key = JSON.stringify(rest);
    if (this.trailOf !== key) {
      const moves = critical(game) !== null || game.penalty === "consensus" || game.penalty === "instance noise";
      this.trailSeen = moves
        ? Array.from({ length: 151 }, (_, k) => spectrum({ ...game, gamma: (k / 150) * MOST_GAMMA }))
        : [];
    }
    this.trailOf = key;
    return this.trailSeen;
  }
  paintRadius(steps) {
    const { radius, radii } = this,
      powers = radii.map((r) => Math.log10(Math.max(r, 1e-18)));
    const [low, high] = [Math.floor(Math.min(-1, ...powers)), Math.ceil(Math.max(1, ...powers))],
      by = Math.ceil((high - low) / 4);
    const marks = Array.from({ length: Math.floor((high - low) / by) + 1 }, (_, k) => high - k * by);
    const tell = (t, axis) =>
      axis === "x"
        ? whole(t)
        : t === 0
          ? "1"
          : t === 1
            ? "10"
            : `10${[...minus(t)].map((digit) => RAISED[digit]).join("")}`;
    radius.axes([0, steps], [low, high], ticks(0, steps, 4), marks, tell);
    const from = Math.max(0, radii.length - LAST);
    radius.path(
      "stable",
      `M${radius.x(from)} ${radius.top}H${radius.x(radii.length - 1)}V${radius.bottom}H${radius.x(from)}Z`,
    );
    radius.path("series", radius.line(powers.map((power, k) => [k, power])));
    radius.svg.setAttribute("aria-label", `distance to (0, 0) over the steps: ${this.why.textContent}`);
  }
  paintControls(game, steps) {
    const [letter, does] = PENALTY_WORDS[game.penalty],
      { gamma } = this.sliders,
      border = critical(game),
      off = game.penalty === "none";
    const more = `; ${this.word.textContent}${this.largest === null ? "" : `, spectral radius ${this.largest.toFixed(3)}`}`;
    gamma.firstChild.textContent = `strength ${letter}`;
    this.does.textContent = off ? does : `${game.penalty}: ${does}`;
    const atRoot =
      border !== null && this.seen
        ? this.seen.flow[0][1] === 0
          ? "; the field’s eigenvalues are real"
          : "; the field’s eigenvalues are complex"
        : "";
    gamma.show(game.gamma, atRoot + more);
    gamma.querySelector("input").disabled = off;
    gamma.classList.toggle("off", off);
    this.sliders.step.show(Math.log10(game.step), more);
    this.sliders.momentum.show(game.momentum, more);
    this.sliders.steps.show(steps, more);
    for (const [name, choice] of Object.entries(this.choices)) choice.value = game[name];
    const mark = (value, words, kind) => {
      const node = make("span", { class: kind }, words);
      node.style.left = `calc(8px + (100% - 16px) * ${value / MOST_GAMMA})`;
      return node;
    };
    const words =
      border === null ? "" : `${game.penalty === "instance noise" ? "√(f′/−f″)" : "2|f′(0)|"} = ${+border.toFixed(2)}`;
    this.scale.replaceChildren(
      mark(0, "0", ""),
      ...(border === null ? [] : [mark(border, words, "critical")]),
      mark(MOST_GAMMA, String(MOST_GAMMA), ""),
    );
  }
}

/** Shows a phase portrait inside element; returns what takes it away. */
export function portrait(element, store) {
  const view = new PhaseView(element, store);
  return () => view.destroy();
}

/* ---------------------------------------------------------------- the look */
