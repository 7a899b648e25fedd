/* The numbers beside a grid, and the curves below it. */

import {
  clamp,
  fidText,
  fixed,
  isNumber,
  lastAtOrBefore,
  make,
  NO_NUMBER,
  nearest,
  optimumText,
  sign,
  ticks,
  whole,
} from "../kit/before.js";

const BALANCE_TOP = 0.25; // the share at which a class bar is full
export const ROWS = [
  ["d_loss", "d", "loss of D"],
  ["g_loss", "g", "loss of G"],
  ["d_real", "real", "D(x) on real"],
  ["d_fake", "fake", "D(G(z)) on fake"],
];

/** The numbers beside a grid: measured now, and at the theoretical optimum. */
export class Numbers {
  constructor(compared) {
    this.compared = compared;
    this.node = make("div", { class: "numbers" });
  }
  load(run) {
    this.run = run;
    const rows = [...ROWS.filter(([name]) => run.has(name)), ...run.others().map((name) => [name, "ink", name])],
      ideal = rows.some(([name]) => isNumber(run.optimum[name]));
    const wide = ideal && !this.compared,
      shape = JSON.stringify([rows, run.optimum, run.meta.scoring, run.fid.length > 0, run.scored.length > 0]);
    if (shape === this.shape) return; // a growing run: the same rows with other numbers
    this.shape = shape;
    this.cells = {};
    const row = (name, label, last) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, ...label),
        (this.cells[name] = make("td")),
        ...(wide || last ? [make("td", { class: "ideal" }, last || "")] : []),
      );
    const body = rows.map(([name, kind, text]) =>
      row(
        name,
        [kind === "ink" ? make("i", { class: "sign" }) : sign(kind), text],
        wide ? optimumText(run.optimum[name]) : "",
      ),
    );
    const scoring = run.meta.scoring || {};
    if (run.fid.length) {
      const floor = isNumber(scoring.fid_floor) ? `floor ${fidText(scoring.fid_floor)}` : "";
      body.push(row("fid", [make("i", { class: "sign" }), "FID"], this.compared ? "" : floor));
    }
    if (run.scored.length)
      body.push(
        row("confidence", [
          make("i", { class: "sign" }),
          make("span", { title: "mean probability that the classifier gives its first choice" }, "confidence"),
        ]),
      );
    const head = wide
      ? [make("tr", { class: "head" }, make("td"), make("td", {}, "now"), make("td", {}, "optimum"))]
      : [];
    this.table = make("table", {}, ...head, ...body);
    this.note = make("div", { class: "note" });
    this.note.hidden = !run.scored.length;
    this.balance = run.scored.some((i) => (run.meta.frames.scores[i].histogram || []).length)
      ? this.makeBalance()
      : null;
    this.node.replaceChildren(...(body.length ? [this.table] : []), this.note, ...(this.balance ? [this.balance] : []));
  }
  makeBalance() {
    const size = this.run.scored.map((i) => (this.run.meta.frames.scores[i].histogram || []).length).find(Boolean);
    this.bars = Array.from({ length: size }, () => make("i"));
    const line = make("div", { class: "level" });
    this.unknown = make("small", { class: "unknown", hidden: "" }, NO_NUMBER);
    line.style.bottom = `${100 / size / BALANCE_TOP}%`;
    return make(
      "figure",
      { class: "balance", role: "img" },
      make("figcaption", {}, "what it draws ", make("small", {}, `line: balanced, ${+(100 / size).toFixed(1)} %`)),
      make("div", { class: "bars" }, ...this.bars, line, this.unknown),
      make("div", { class: "classes" }, ...this.bars.map((_, k) => make("span", {}, String(k)))),
    );
  }
  draw(frame) {
    const { run } = this,
      step = frame < 0 ? null : run.steps[frame],
      scores = frame < 0 ? null : run.scores(frame);
    const put = (name, text) => {
      if (this.cells[name]) {
        this.cells[name].textContent = text;
        this.cells[name].classList.toggle("lost", text === NO_NUMBER);
      }
    };
    for (const name of [...ROWS.map(([known]) => known), ...run.others()])
      put(name, fixed(step === null ? undefined : run.curve(name, step)));
    put("fid", fidText(scores?.fid));
    put("confidence", fixed(scores?.confidence));
    const samples = (run.meta.scoring || {}).samples;
    this.note.textContent = scores
      ? `${samples ? `${whole(samples)} samples` : "scored"} at step ${whole(run.steps[scores.frame])}`
      : "not scored yet";
    if (!this.balance) return;
    const shares = (scores && scores.histogram) || [];
    this.bars.forEach((bar, k) => {
      bar.style.height = `${Math.min(1, (shares[k] || 0) / BALANCE_TOP) * 100}%`;
      bar.classList.toggle("over", (shares[k] || 0) > BALANCE_TOP);
    });
    this.balance.setAttribute(
      "aria-label",
      "share of each class among the samples: " +
        (shares.length
          ? shares.map((s, k) => `${k}: ${isNumber(s) ? `${Math.round(s * 100)} %` : NO_NUMBER}`).join(", ")
          : "not scored yet"),
    );
    this.unknown.hidden = !shares.length || shares.every(isNumber);
  }
}

/* ---------------------------------------------------------------- the curves */

/** One chart over training: lines, dotted references, and a cursor that shows where the slider stands. */
export class Chart {
  /* lines: [{xs, ys, kind, letter?, dash?, mark?}]; references: [{y, kind, text}]; axis: {high, perEpoch, changes?: [{step}]} */
  constructor(view, { title, unit, legend, log = false }) {
    Object.assign(this, { view, log, last: false });
    this.svg = make("svg:svg", { class: "plot", "aria-hidden": "true" });
    this.over = make("svg:svg", { class: "over", "aria-hidden": "true" });
    this.box = make("div", { class: "chart-box" }, this.svg, this.over);
    this.note = make("span", { class: "cut" });
    this.node = make(
      "div",
      { class: "chart" },
      make(
        "div",
        { class: "legend" },
        make("b", {}, title),
        make("span", { class: `unit ${unit}` }, unit),
        this.note,
        make("span", { class: "entries" }, ...legend),
      ),
      this.box,
    );
    const go = (event) => view.goToStep(this.stepAt(event.clientX - this.box.getBoundingClientRect().left));
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.box.setPointerCapture(event.pointerId);
      this.dragging = true;
      go(event);
    });
    this.box.addEventListener("pointermove", (event) => this.dragging && go(event));
    for (const end of ["pointerup", "pointercancel"])
      this.box.addEventListener(end, () => {
        this.dragging = false;
      });
  }
  stepAt(x) {
    return clamp((x - this.left) / Math.max(1, this.right - this.left), 0, 1) * this.axis.high;
  }
  x(step) {
    return this.left + (this.axis.high ? step / this.axis.high : 0) * (this.right - this.left);
  }
  y(value) {
    const f = this.log ? Math.log10 : (v) => v,
      [low, high] = [f(this.low), f(this.high)];
    return (
      this.bottom - ((f(this.log ? Math.max(value, this.low) : value) - low) / (high - low)) * (this.bottom - this.top)
    );
  }
  load(lines, references, range, axis) {
    Object.assign(this, { lines, references, axis, low: range[0], high: range[1], cut: range[2] });
    this.width = 0;
  }
  measure() {
    const width = this.box.clientWidth,
      height = this.box.clientHeight;
    const ends = this.last || getComputedStyle(this.node).getPropertyValue("--in-a-row").trim() === "1";
    if (!width || (width === this.width && height === this.height && ends === this.ends)) return;
    this.ends = ends; // charts in a stack share the axis of training below the last
    Object.assign(this, {
      width,
      height,
      left: 40,
      right: width - (this.lines.some((l) => l.letter) ? 16 : 8),
      top: 6,
      bottom: height - (this.ends ? 17 : 6),
    });
    this.note.textContent = this.cut ? `cut off at ${fixed(this.high, 1)}; peak ${fixed(this.cut, 1)}` : "";
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
    }
    this.tails = [];
    this.svg.replaceChildren(
      ...this.axes(),
      ...this.references.flatMap((r) => this.reference(r)),
      ...this.lines.flatMap((l) => this.line(l)),
      ...this.letters(),
    );
    this.cursor = make("svg:path", { class: "cursor", d: `M0 ${this.top - 4}V${this.bottom}` });
    this.marks = this.lines.map((l) =>
      l.mark === "fake"
        ? make("svg:path", { class: `mark ${l.kind}`, d: "M0-5 4.800 4H-4.800z" })
        : make("svg:circle", { class: `mark ${l.kind}`, r: 4 }),
    );
    this.over.replaceChildren(this.cursor, ...this.marks);
  }
  axes() {
    const out = [make("svg:path", { class: "axis", d: `M${this.left} ${this.bottom}H${this.right}` })];
    const text = (x, y, value, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, value);
    const decades = this.log
      ? [0.01, 0.1, 1, 10, 100, 1000, 10000].filter((t) => t >= this.low && t <= this.high)
      : null;
    for (const t of decades || ticks(this.low, this.high, 3)) {
      out.push(text(this.left - 6, this.y(t) + 4, String(t), "end"));
      if (t > this.low) out.push(make("svg:path", { class: "rule", d: `M${this.left} ${this.y(t)}H${this.right}` }));
    }
    for (const { step } of this.axis.changes || []) // where a setting was changed
      if (step <= this.axis.high)
        out.push(make("svg:path", { class: "change", d: `M${this.x(step).toFixed(1)} ${this.bottom}l-4 -7h8z` }));
    if (!this.ends || !this.axis.high) return out;
    const scale = this.axis.perEpoch || 1,
      marks = ticks(
        0,
        this.axis.high / scale,
        this.right - this.left < 120 ? 1 : clamp((this.right - this.left) / 80, 2, 5),
      );
    const name = this.axis.perEpoch ? "epoch" : "step";
    for (const t of marks) {
      const x = this.x(t * scale),
        anchor = t === 0 ? "start" : x > this.right - 12 ? "end" : "middle";
      out.push(make("svg:path", { class: "axis", d: `M${x} ${this.bottom}v3` }));
      out.push(text(x, this.bottom + 15, t === 0 ? `${name} 0` : Number.isInteger(t) ? whole(t) : String(t), anchor));
    }
    return out;
  }
  reference({ y, kind, text }) {
    if (y < this.low || y > this.high) return [];
    const at = this.y(y);
    return [
      make("svg:path", { class: `reference ${kind}`, d: `M${this.left} ${at}H${this.right}` }),
      ...(text
        ? [make("svg:text", { x: this.left + 5, y: at < this.top + 14 ? at + 11 : at - 4, class: "halo" }, text)]
        : []),
    ];
  }
  line({ xs, ys, kind, dash, letter }) {
    let d = "",
      pen = false,
      last = null;
    xs.forEach((step, i) => {
      if (!isNumber(ys[i])) {
        pen = false;
        return;
      }
      const alone = !isNumber(ys[i - 1]) && !isNumber(ys[i + 1]); // between gaps: a short stroke is seen
      last = [this.x(step), clamp(this.y(ys[i]), this.top - 2, this.bottom)];
      d += alone
        ? `M${(last[0] - 1.5).toFixed(1)} ${last[1].toFixed(1)}h3`
        : `${pen ? "L" : "M"}${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
      pen = true;
    });
    const path = make("svg:path", { class: `series ${kind}`, d, "stroke-dasharray": dash || null });
    if (letter && last) this.tails.push({ x: last[0], y: last[1], kind, letter });
    return [path];
  }
  /** The letters of compared runs where their lines end, in the lines' order and none over another. */
  letters() {
    const placed = [];
    return this.tails
      .sort((a, b) => a.y - b.y)
      .map(({ x, y, kind, letter }) => {
        let free = y + 4;
        for (const other of placed) if (Math.abs(other.x - x) < 14 && free < other.y + 11) free = other.y + 11;
        placed.push({ x, y: free });
        return make("svg:text", { x: x + 4, y: free, class: `letter ${kind}` }, letter);
      });
  }
  draw(step, frames) {
    if (!this.cursor) return;
    this.cursor.setAttribute("transform", `translate(${this.x(step).toFixed(1)} 0)`);
    this.lines.forEach((line, k) => {
      const i = line.exact ? lastAtOrBefore(line.xs, step) : nearest(line.xs, step),
        value = i < 0 ? null : line.ys[i];
      const shown = isNumber(value) && frames[line.run] >= 0;
      this.marks[k].setAttribute("visibility", shown ? "visible" : "hidden");
      if (shown)
        this.marks[k].setAttribute(
          "transform", // never beyond the end of its own curve
          `translate(${this.x(Math.min(step, line.xs.at(-1))).toFixed(1)} ${clamp(this.y(value), this.top, this.bottom).toFixed(1)})`,
        );
    });
  }
}

/** [low, high, peak when it is cut off] of a linear axis from 0: one early spike must not flatten the rest. */
export function linearRange(lists, references) {
  const values = lists
    .flat()
    .filter(isNumber)
    .sort((a, b) => a - b);
  const most = values.at(-1) ?? 1,
    usual = values[Math.floor(values.length * 0.98)] ?? 1;
  const high = Math.max(most > 3 * usual ? usual * 1.3 : most, ...references.map((r) => r.y * 1.15), 1e-3);
  const low = Math.min(0, values[0] ?? 0);
  return [low, high * 1.04, most > 3 * usual ? most : null];
}

export function fidRange(values, floors) {
  const known = [...values, ...floors].filter(isNumber),
    [low, high] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const log = low > 0 && high / low > 20;
  return { log, range: log ? [low / 1.3, high * 1.3, null] : [0, high * 1.08 || 1, null] };
}
