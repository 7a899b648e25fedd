import { fixed, inNats, isNumber, make, put, sign, whole } from "../kit/before.js";
import { Chart, linearRange } from "../kit/chart.js";
import { lostWords } from "./canvas.js";
import { valueWords } from "./controls.js";
import { SLOW_EVERY } from "./view.js";

/* The plane's panels at the right: the loop's code with the sub-step on show, the run as a program, what was measured. */

const lineSign = (dash) =>
  make(
    "svg:svg",
    { viewBox: "0 0 18 10", class: "sign", "aria-hidden": "true" },
    make("svg:path", { d: "M0 5h18", class: "line", "stroke-dasharray": dash }),
  );
export const percent = (x) => (isNumber(x) ? `${Math.round(x * 100)} %` : fixed(x));
const norm = (x) =>
  !isNumber(x) ? fixed(x) : x !== 0 && Math.abs(x) < 0.01 ? x.toExponential(1).replace("-", "−") : fixed(x, 2);

/** How compared runs are called in titles, numbers and charts. */
const RUNS = ["run0", "run2"],
  letterOf = (k) => "AB"[k];
export const runBadge = (k) => make("b", { class: `badge ${RUNS[k]}` }, letterOf(k));

/** " (3 of D alone)": how many of the steps of a run only one player took. */
export function aloneWords(log, now) {
  const of = (letter) =>
    (log || [])
      .filter(({ single, step }) => single === letter && step < now)
      .reduce((sum, { step, count }) => sum + Math.min(count, now - step), 0);
  const words = ["d", "g"].filter(of).map((letter) => `${whole(of(letter))} of ${letter.toUpperCase()} alone`);
  return words.length ? ` (${words.join(", ")})` : "";
}

/** The numbers of the moment on show, a column a run. */
export class PlaneNumbers {
  constructor() {
    const row = (name, words, title) =>
      (this.rows[name] = make("tr", { class: name, title }, make("th", { scope: "row" }, words)));
    this.rows = {};
    this.head = make("tr", { class: "head", hidden: "" });
    this.note = make("p", { class: "note" });
    this.node = make(
      "fieldset",
      { class: "group measured" },
      make("legend", {}, "Measured"),
      make(
        "table",
        {},
        this.head,
        row("js", "JS(p_data, p_g)", "from 0, equal, to log 2 = 0.693 nat, apart"),
        row(
          "kl",
          "KL(p_data ‖ p_g)",
          "with 1 % of p_data mixed into p_g, so that it stays finite: at most log 100 = 4.6 nat",
        ),
        row("modes", "modes covered", ""),
        row("quality", "near a mode", "share of the samples within 3σ of a mode"),
        row("pull", "mean pull on fakes", "length of −N ∂L_G/∂x at the fakes"),
        row("grads", "gradient of D, G", "lengths of the gradients of the last step"),
      ),
      this.note,
    );
    this.columns(1);
  }
  columns(count) {
    this.count = count;
    this.head.hidden = count < 2;
    this.head.replaceChildren(...(count > 1 ? [make("th"), ...[0, 1].map((k) => make("td", {}, runBadge(k)))] : []));
    for (const row of Object.values(this.rows))
      row.replaceChildren(row.firstChild, ...Array.from({ length: count }, () => make("td")));
  }
  show(moments, metas) {
    if (moments.length !== this.count) this.columns(moments.length);
    const { rows } = this,
      { samples, bins, fair } = metas[0].scoring;
    rows.modes.hidden = rows.quality.hidden = !moments.some(({ told }) => told.modes);
    rows.modes.title = `with at least ${fair ? `${percent(fair)} of its fair share of the samples` : "one sample"} within 3σ`;
    moments.forEach(({ scores, told, step }, k) => {
      const nats = moments.length > 1 ? fixed : inNats,
        apart = moments.length > 1 ? "\n" : ", "; // two columns are narrow
      const values = {
        js: nats(scores.js, 3),
        kl: nats(scores.kl, 2),
        modes: isNumber(scores.modes) ? `${scores.modes} / ${told.modes}` : fixed(scores.modes),
        quality: percent(scores.quality),
        pull: norm(scores.pull),
        grads: [scores.d_grad, scores.g_grad].map((x) => norm(step ? x : undefined)).join(apart),
      }; // before the first step there is none
      for (const [name, words] of Object.entries(values)) put(rows[name].children[k + 1], words);
    });
    const floors = [...new Set(moments.map(({ told }) => fixed(told.floor.js, 3)))].join(", ");
    const lost = moments.map(({ frame }, k) =>
      lostWords(frame, metas[k].grid).replaceAll("; ", moments.length > 1 ? `; ${letterOf(k)}: ` : "; "),
    );
    put(
      this.note,
      `${whole(samples)} samples, ${bins} × ${bins} cells; the data itself scores JS ${floors}${lost.join("")}`,
    );
  }
}

const KNOWN = ["step", "d_loss", "g_loss", "d_real", "d_fake"]; // what has charts of its own, or none

/** The curves: both losses, the distances to the data, the lengths of the last gradients, further values such as a
    penalty; another run's beside them. */
export class PlaneCharts {
  constructor(view) {
    const entry = (...parts) => make("span", { class: "entry" }, ...parts),
      both = (d, g) => [entry(sign("d"), d), entry(sign("g"), g)];
    const floor = () => [entry(lineSign("2 3"), "the data itself")];
    const chart = (title, unit, legend) => {
      const made = new Chart(view, { title, unit, legend });
      return Object.assign(made, { name: made.node.querySelector("b"), title });
    };
    const losses = [0, 1].map(() => chart("loss", "nats", both("D", "G"))),
      norms = [0, 1].map(() => chart("gradient norms", "", both("of D", "of G")));
    Object.assign(this, {
      view,
      chart,
      others: {},
      losses,
      norms,
      js: chart("JS", "nats", floor()),
      kl: chart("KL", "nats", floor()),
    });
    [this.first, this.rest] = ["first", "rest"].map((name) => make("div", { class: `charts ${name}` }));
    this.arrange(1);
  }
  /** The charts of one run, or of two: distances in one, losses and gradients in one each. */
  arrange(count) {
    const losses = this.losses.slice(0, count),
      norms = this.norms.slice(0, count),
      others = Object.values(this.others);
    this.count = count;
    this.all = [...losses, this.js, this.kl, ...norms, ...others];
    this.first.replaceChildren(...[...losses, this.js].map(({ node }) => node));
    this.rest.replaceChildren(...[this.kl, ...norms, ...others].map(({ node }) => node));
    for (const chart of this.all) chart.last = chart !== this.kl && !(chart === norms[0] && count > 1);
    for (const charts of [losses, norms])
      charts.forEach((chart, k) => chart.name.replaceChildren(...(count > 1 ? [runBadge(k)] : []), chart.title));
  }
  load(own, other, last) {
    const runs = other ? [own, other] : [own],
      high = Math.max(1, last, own.curves.step.at(-1) || 0);
    const names = [
      ...new Set(
        runs.flatMap(({ curves }) =>
          Object.keys(curves).filter((name) => !KNOWN.includes(name) && curves[name].some(isNumber)),
        ),
      ),
    ];
    if (runs.length !== this.count || names.join() !== Object.keys(this.others).join()) {
      this.others = Object.fromEntries(names.map((name) => [name, this.others[name] || this.chart(name, "", [])]));
      this.arrange(runs.length);
    }
    const axis = (k) => ({ high, changes: runs[k].log || [] }),
      upTo = (steps) => steps.filter((step) => step <= high);
    const of = (scores, name) => scores.map((each) => (each || {})[name]);
    const line = (xs, ys, kind, dash = null, run = 0) => ({ run, xs, ys, kind, dash, mark: kind });
    const pair = (xs, [d, g]) => [line(xs, d, "d"), line(xs, g, "g", "6 3")];
    const put = (chart, lines, references, k = 0, beside = []) => {
      // the same range for both runs
      chart.load(
        lines,
        references,
        linearRange(
          [...lines, ...beside].map((each) => each.ys),
          references,
        ),
        axis(k),
      );
      chart.measure();
    };
    const best = ({ optimum }) =>
      ["d", "g"]
        .filter((k) => optimum && isNumber(optimum[`${k}_loss`]))
        .map((k) => ({ y: optimum[`${k}_loss`], kind: k, text: "" }));
    const losses = runs.map(({ curves }) => pair(upTo(curves.step), [curves.d_loss || [], curves.g_loss || []]));
    const norms = runs.map(({ frames }) =>
      pair(upTo(frames.step), [of(frames.scores, "d_grad"), of(frames.scores, "g_grad")]),
    );
    runs.forEach((run, k) => {
      put(this.losses[k], losses[k], best(run), k, losses.flat());
      put(this.norms[k], norms[k], [], k, norms.flat());
    });
    const shade = (k) => [k ? "run2" : "ink", k ? "7 3" : null, k];
    for (const name of names)
      put(
        this.others[name],
        runs.map(({ curves }, k) => line(upTo(curves.step), curves[name] || [], ...shade(k))),
        [],
      );
    for (const name of ["js", "kl"]) {
      const lines = runs.map(({ frames }, k) => line(upTo(frames.step), of(frames.scores, name), ...shade(k)));
      if (other)
        lines.forEach((each, k) => {
          each.letter = letterOf(k);
        });
      put(this[name], lines, [{ y: own.reals.at(-1).floor[name], kind: "ink", text: "" }]);
    }
  }
  draw(step) {
    this.all.forEach((chart) => chart.draw(step, [0, 0]));
  }
}

const COMES_IN = {
  loss: "in loss.d, ",
  penalty: "added to loss_D, ",
  each_penalty: "added to loss_D, ",
  view: "on all that D sees, ",
  discriminator: "in D, ",
  after_step: "after opt_G.step(), ",
};

/** The loop, line by line; in slow motion the line that was just done is marked and explained. */
export class CodePanel {
  constructor(view) {
    this.view = view;
    this.lines = view.film.lines.map(([text]) => make("div", { class: "line" }, text));
    this.loop = make("pre", { class: "loop", tabindex: 0, "aria-label": "the training loop" }, ...this.lines);
    this.program = make("pre", { class: "program", tabindex: 0, "aria-label": "the run as a program" });
    this.copy = view.button("Copy", "copy the program", () => this.clip());
    this.programBox = make(
      "div",
      { class: "program-box", hidden: "" },
      make(
        "div",
        { class: "program-head" },
        make(
          "p",
          { class: "note" },
          "The run so far, changes and all. It trains the same weights, bit for bit on this machine and build.",
        ),
        this.copy,
      ),
      this.program,
    );
    this.says = make("p", { class: "says", "aria-live": "polite" });
    this.before = view.button("‹", "one sub-step back", () => this.hold(-1));
    this.after = view.button("›", "next sub-step", () => this.hold(1));
    this.runs = view.button("Slowly on", "let the sub-steps go on by themselves", () =>
      this.clock ? this.end() : this.begin(),
    );
    this.walk = make(
      "div",
      { class: "walk", hidden: "" },
      this.before,
      this.after,
      this.runs,
      view.button("Leave", "leave slow motion", () => view.leaveSlow()),
    );
    this.legend = make("legend", {}, "The loop");
    this.pieces = make("p", { class: "note pieces", hidden: "" });
    this.node = make("fieldset", { class: "group code" }, this.legend, this.loop, this.pieces, this.walk, this.says);
    this.node.hidden = !this.lines.length;
  }
  hold(by) {
    this.end();
    this.view.slowTo(this.view.slow.at + by);
  }
  begin() {
    this.end();
    if (!this.view.calm.matches)
      this.clock = setInterval(() => this.view.slow && this.view.slowTo(this.view.slow.at + 1), SLOW_EVERY);
    this.view.paint();
  }
  end() {
    clearInterval(this.clock);
    this.clock = 0;
    this.view.paint();
  }
  show(slow) {
    const shot = slow && slow.stills[slow.at],
      line = shot ? shot.line : -1;
    this.lines.forEach((node, k) => {
      node.classList.toggle("on", k === line);
      if (k === line) node.setAttribute("aria-current", "step");
      else node.removeAttribute("aria-current");
    });
    this.walk.hidden = this.says.hidden = !slow;
    if (slow === this.walked && !slow) return;
    this.walked = slow;
    this.legend.textContent = slow ? `Sub-step ${slow.at + 1} of ${slow.stills.length}` : "The loop";
    this.runs.textContent = this.clock ? "Hold" : "Slowly on";
    this.runs.hidden = this.view.calm.matches;
    if (!shot) return;
    const values = [
      ["d_loss", "L_D"],
      ["g_loss", "L_G"],
    ]
      .filter(([name]) => shot[name] !== undefined)
      .map(([name, words]) => `${words} = ${fixed(shot[name], 3)}`)
      .join(", ");
    const text = `${this.view.film.lines[line][1]}${values ? ` · ${values}` : ""}`;
    if (this.says.textContent !== text) this.says.textContent = text;
  }
  /** The tricks that are on, each where it comes in: the loop's own lines stay as they are. */
  tellPieces(controls, settings) {
    const on = Object.entries(controls).filter(([name, { sets, off }]) => sets && settings[name] !== off);
    const words = on.map(
      ([name, { sets, label, values }]) =>
        `${COMES_IN[sets]}${label}${typeof values[0] === "number" ? ` ${valueWords(settings[name])}` : ""}`,
    );
    this.pieces.hidden = !words.length;
    this.pieces.textContent = words.length ? `And on top: ${words.join("; ")}.` : "";
  }
  toggle() {
    this.programBox.hidden = !this.programBox.hidden;
    if (!this.programBox.hidden) this.view.ask("code");
  }
  tell(text) {
    this.program.textContent = text;
  }
  async clip() {
    try {
      await navigator.clipboard.writeText(this.program.textContent);
      this.copy.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(this.program);
      const chosen = getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      this.copy.textContent = "Selected: press Ctrl-C";
    }
    setTimeout(() => {
      this.copy.textContent = "Copy";
    }, 2000);
  }
}
