/* The numbers beside a grid. */

import { fidText, fixed, isNumber, make, NO_NUMBER, optimumText, sign, whole } from "../kit/before.js";

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
