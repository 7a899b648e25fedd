
/* The plane's panels at the right: the loop's code with the sub-step on show, the run as a program, what was measured. */

const lineSign = (dash) => make("svg:svg", { viewBox: "0 0 18 10", class: "sign", "aria-hidden": "true" }, make("svg:path", { d: "M0 5h18", class: "line", "stroke-dasharray": dash }));
const percent = (x) => (isNumber(x) ? `${Math.round(x * 100)} %` : fixed(x));
const norm = (x) => (!isNumber(x) ? fixed(x) : x !== 0 && Math.abs(x) < 0.01 ? x.toExponential(1).replace("-", "−") : fixed(x, 2));

/** How compared runs are called in titles, numbers and charts. */
const RUNS = ["run0", "run2"], letterOf = (k) => "AB"[k];
const runBadge = (k) => make("b", { class: `badge ${RUNS[k]}` }, letterOf(k));

/** " (3 of D alone)": how many of the steps of a run only one player took. */
function aloneWords(log, now) {
  const of = (letter) => (log || []).filter(({ single, step }) => single === letter && step < now).reduce((sum, { step, count }) => sum + Math.min(count, now - step), 0);
  const words = ["d", "g"].filter(of).map((letter) => `${whole(of(letter))} of ${letter.toUpperCase()} alone`);
  return words.length ? ` (${words.join(", ")})` : "";
}

/** The numbers of the moment on show, a column a run. */
class PlaneNumbers {
  constructor() {
    const row = (name, words, title) => (this.rows[name] = make("tr", { class: name, title }, make("th", { scope: "row" }, words)));
    this.rows = {};
    this.head = make("tr", { class: "head", hidden: "" });
    this.note = make("p", { class: "note" });
    this.node = make("fieldset", { class: "group measured" }, make("legend", {}, "Measured"), make("table", {}, this.head,
      row("js", "JS(p_data, p_g)", "from 0, equal, to log 2 = 0.693 nat, apart"),
      row("kl", "KL(p_data ‖ p_g)", "with 1 % of p_data mixed into p_g, so that it stays finite: at most log 100 = 4.6 nat"),
      row("modes", "modes covered", ""), row("quality", "near a mode", "share of the samples within 3σ of a mode"),
      row("pull", "mean pull on fakes", "length of −N ∂L_G/∂x at the fakes"),
      row("grads", "gradient of D, G", "lengths of the gradients of the last step")), this.note);
    this.columns(1);
  }
  columns(count) {
    this.count = count;
    this.head.hidden = count < 2;
    this.head.replaceChildren(...(count > 1 ? [make("th"), ...[0, 1].map((k) => make("td", {}, runBadge(k)))] : []));
    for (const row of Object.values(this.rows)) row.replaceChildren(row.firstChild, ...Array.from({ length: count }, () => make("td")));
  }
  show(moments, metas) {
    if (moments.length !== this.count) this.columns(moments.length);
    const { rows } = this, { samples, bins, fair } = metas[0].scoring;
    rows.modes.hidden = rows.quality.hidden = !moments.some(({ told }) => told.modes);
    rows.modes.title = `with at least ${fair ? `${percent(fair)} of its fair share of the samples` : "one sample"} within 3σ`;
    moments.forEach(({ scores, told, step }, k) => {
      const nats = moments.length > 1 ? fixed : inNats, apart = moments.length > 1 ? "\n" : ", ";       // two columns are narrow
      const values = { js: nats(scores.js, 3), kl: nats(scores.kl, 2), modes: isNumber(scores.modes) ? `${scores.modes} / ${told.modes}` : fixed(scores.modes),
        quality: percent(scores.quality), pull: norm(scores.pull), grads: [scores.d_grad, scores.g_grad].map((x) => norm(step ? x : undefined)).join(apart) };  // before the first step there is none
      for (const [name, words] of Object.entries(values)) put(rows[name].children[k + 1], words);
    });
    const floors = [...new Set(moments.map(({ told }) => fixed(told.floor.js, 3)))].join(", ");
    const lost = moments.map(({ frame }, k) => lostWords(frame, metas[k].grid).replaceAll("; ", moments.length > 1 ? `; ${letterOf(k)}: ` : "; "));
    put(this.note, `${whole(samples)} samples, ${bins} × ${bins} cells; the data itself scores JS ${floors}${lost.join("")}`);
  }
}

const KNOWN = ["step", "d_loss", "g_loss", "d_real", "d_fake"];   // what has charts of its own, or none

/** The curves: both losses, the distances to the data, the lengths of the last gradients, further values such as a
    penalty; another run's beside them. */
class PlaneCharts {
  constructor(view) {
    const entry = (...parts) => make("span", { class: "entry" }, ...parts), both = (d, g) => [entry(sign("d"), d), entry(sign("g"), g)];
    const floor = () => [entry(lineSign("2 3"), "the data itself")];
    const chart = (title, unit, legend) => { const made = new Chart(view, { title, unit, legend }); return Object.assign(made, { name: made.node.querySelector("b"), title }); };
    const losses = [0, 1].map(() => chart("loss", "nats", both("D", "G"))), norms = [0, 1].map(() => chart("gradient norms", "", both("of D", "of G")));
    Object.assign(this, { view, chart, others: {}, losses, norms, js: chart("JS", "nats", floor()), kl: chart("KL", "nats", floor()) });
    [this.first, this.rest] = ["first", "rest"].map((name) => make("div", { class: `charts ${name}` }));
    this.arrange(1);
  }
  /** The charts of one run, or of two: distances in one, losses and gradients in one each. */
  arrange(count) {
    const losses = this.losses.slice(0, count), norms = this.norms.slice(0, count), others = Object.values(this.others);
    this.count = count;
    this.all = [...losses, this.js, this.kl, ...norms, ...others];
    this.first.replaceChildren(...[...losses, this.js].map(({ node }) => node));
    this.rest.replaceChildren(...[this.kl, ...norms, ...others].map(({ node }) => node));
    for (const chart of this.all) chart.last = chart !== this.kl && !(chart === norms[0] && count > 1);
    for (const charts of [losses, norms]) charts.forEach((chart, k) => chart.name.replaceChildren(...(count > 1 ? [runBadge(k)] : []), chart.title));
  }
  load(own, other, last) {
    const runs = other ? [own, other] : [own], high = Math.max(1, last, own.curves.step.at(-1) || 0);
    const names = [...new Set(runs.flatMap(({ curves }) => Object.keys(curves).filter((name) => !KNOWN.includes(name) && curves[name].some(isNumber))))];
    if (runs.length !== this.count || names.join() !== Object.keys(this.others).join()) {
      this.others = Object.fromEntries(names.map((name) => [name, this.others[name] || this.chart(name, "", [])]));
      this.arrange(runs.length);
    }
    const axis = (k) => ({ high, changes: runs[k].log || [] }), upTo = (steps) => steps.filter((step) => step <= high);
    const of = (scores, name) => scores.map((each) => (each || {})[name]);
    const line = (xs, ys, kind, dash = null, run = 0) => ({ run, xs, ys, kind, dash, mark: kind });
    const pair = (xs, [d, g]) => [line(xs, d, "d"), line(xs, g, "g", "6 3")];
    const put = (chart, lines, references, k = 0, beside = []) => {        // the same range for both runs
      chart.load(lines, references, linearRange([...lines, ...beside].map((each) => each.ys), references), axis(k));
      chart.measure();
    };
    const best = ({ optimum }) => ["d", "g"].filter((k) => optimum && isNumber(optimum[`${k}_loss`])).map((k) => ({ y: optimum[`${k}_loss`], kind: k, text: "" }));
    const losses = runs.map(({ curves }) => pair(upTo(curves.step), [curves.d_loss || [], curves.g_loss || []]));
    const norms = runs.map(({ frames }) => pair(upTo(frames.step), [of(frames.scores, "d_grad"), of(frames.scores, "g_grad")]));
    runs.forEach((run, k) => {
      put(this.losses[k], losses[k], best(run), k, losses.flat());
      put(this.norms[k], norms[k], [], k, norms.flat());
    });
    const shade = (k) => [k ? "run2" : "ink", k ? "7 3" : null, k];
    for (const name of names) put(this.others[name], runs.map(({ curves }, k) => line(upTo(curves.step), curves[name] || [], ...shade(k))), []);
    for (const name of ["js", "kl"]) {
      const lines = runs.map(({ frames }, k) => line(upTo(frames.step), of(frames.scores, name), ...shade(k)));
      if (other) lines.forEach((each, k) => { each.letter = letterOf(k); });
      put(this[name], lines, [{ y: own.reals.at(-1).floor[name], kind: "ink", text: "" }]);
    }
  }
  draw(step) { this.all.forEach((chart) => chart.draw(step, [0, 0])); }
}

const COMES_IN = { loss: "in loss.d, ", penalty: "added to loss_D, ", each_penalty: "added to loss_D, ", view: "on all that D sees, ", discriminator: "in D, ", after_step: "after opt_G.step(), " };

/** The loop, line by line; in slow motion the line that was just done is marked and explained. */
class CodePanel {
  constructor(view) {
    this.view = view;
    this.lines = view.film.lines.map(([text]) => make("div", { class: "line" }, text));
    this.loop = make("pre", { class: "loop", tabindex: 0, "aria-label": "the training loop" }, ...this.lines);
    this.program = make("pre", { class: "program", tabindex: 0, "aria-label": "the run as a program" });
    this.copy = view.button("Copy", "copy the program", () => this.clip());
    this.programBox = make("div", { class: "program-box", hidden: "" }, make("div", { class: "program-head" }, make("p", { class: "note" }, "The run so far, changes and all. It trains the same weights, bit for bit on this machine and build."), this.copy), this.program);
    this.says = make("p", { class: "says", "aria-live": "polite" });
    this.before = view.button("‹", "one sub-step back", () => this.hold(-1));
    this.after = view.button("›", "next sub-step", () => this.hold(1));
    this.runs = view.button("Slowly on", "let the sub-steps go on by themselves", () => (this.clock ? this.end() : this.begin()));
    this.walk = make("div", { class: "walk", hidden: "" }, this.before, this.after, this.runs, view.button("Leave", "leave slow motion", () => view.leaveSlow()));
    this.legend = make("legend", {}, "The loop");
    this.pieces = make("p", { class: "note pieces", hidden: "" });
    this.node = make("fieldset", { class: "group code" }, this.legend, this.loop, this.pieces, this.walk, this.says);
    this.node.hidden = !this.lines.length;
  }
  hold(by) { this.end(); this.view.slowTo(this.view.slow.at + by); }
  begin() {
    this.end();
    if (!this.view.calm.matches) this.clock = setInterval(() => this.view.slow && this.view.slowTo(this.view.slow.at + 1), SLOW_EVERY);
    this.view.paint();
  }
  end() { clearInterval(this.clock); this.clock = 0; this.view.paint(); }
  show(slow) {
    const shot = slow && slow.stills[slow.at], line = shot ? shot.line : -1;
    this.lines.forEach((node, k) => { node.classList.toggle("on", k === line); if (k === line) node.setAttribute("aria-current", "step"); else node.removeAttribute("aria-current"); });
    this.walk.hidden = this.says.hidden = !slow;
    if (slow === this.walked && !slow) return;
    this.walked = slow;
    this.legend.textContent = slow ? `Sub-step ${slow.at + 1} of ${slow.stills.length}` : "The loop";
    this.runs.textContent = this.clock ? "Hold" : "Slowly on";
    this.runs.hidden = this.view.calm.matches;
    if (!shot) return;
    const values = [["d_loss", "L_D"], ["g_loss", "L_G"]].filter(([name]) => shot[name] !== undefined).map(([name, words]) => `${words} = ${fixed(shot[name], 3)}`).join(", ");
    const text = `${this.view.film.lines[line][1]}${values ? ` · ${values}` : ""}`;
    if (this.says.textContent !== text) this.says.textContent = text;
  }
  /** The tricks that are on, each where it comes in: the loop's own lines stay as they are. */
  tellPieces(controls, settings) {
    const on = Object.entries(controls).filter(([name, { sets, off }]) => sets && settings[name] !== off);
    const words = on.map(([name, { sets, label, values }]) => `${COMES_IN[sets]}${label}${typeof values[0] === "number" ? ` ${valueWords(settings[name])}` : ""}`);
    this.pieces.hidden = !words.length;
    this.pieces.textContent = words.length ? `And on top: ${words.join("; ")}.` : "";
  }
  toggle() {
    this.programBox.hidden = !this.programBox.hidden;
    if (!this.programBox.hidden) this.view.ask("code");
  }
  tell(text) { this.program.textContent = text; }
  async clip() {
    try { await navigator.clipboard.writeText(this.program.textContent); this.copy.textContent = "Copied"; }
    catch { const range = document.createRange(); range.selectNodeContents(this.program); const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range); this.copy.textContent = "Selected: press Ctrl-C"; }
    setTimeout(() => { this.copy.textContent = "Copy"; }, 2000);
  }
}

const PLANE_STYLE = `
.plane-view { max-width: 1180px; --alarm: #b3261e; --mark: #ffe9a8 } .plane-view[data-theme=dark] { --alarm: #ff8a80; --mark: #5a4a12 }
.acts { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 12px } .acts .push { flex: 1 }
.where { color: var(--soft); font-size: 12.5px; display: flex; flex-wrap: wrap; gap: 0 6px } .where span + span::before { content: "·"; margin-right: 6px }
select { font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--line); border-radius: 7px; height: 30px; padding: 0 6px; max-width: 100% }
select:hover { border-color: var(--edge) } :is(select, summary, pre):focus-visible { outline: 2px solid var(--focus); outline-offset: 2px }
.columns { display: grid; grid-template-columns: 226px minmax(0, 1fr) 258px; gap: 4px 20px; align-items: start }
fieldset { border: 0; padding: 0; margin: 0 0 12px; min-width: 0 } legend { font-weight: 600; padding: 0; margin-bottom: 3px; font-size: 13.5px }
.setting { display: grid; grid-template-columns: minmax(0, 1fr) 76px 48px; gap: 6px; align-items: center; color: var(--soft); font-size: 12.5px; min-height: 25px }
.setting b { color: var(--ink); font-weight: 600; text-align: right; white-space: nowrap } .setting input { width: 100%; margin: 0; accent-color: var(--ink); height: 22px }
.setting.chosen { grid-template-columns: minmax(0, 1fr) 126px } .setting.alone { grid-template-columns: 1fr } .setting select { width: 100%; height: 27px; font-size: 12.5px } .hidden { display: none }
.compare { width: 180px } .setting.morph { grid-template-columns: minmax(0, 1fr) 88px } summary { color: var(--soft); font-size: 12.5px; cursor: pointer; min-height: 22px }
.layer { display: flex; justify-content: space-between; align-items: center; font-size: 12.5px; color: var(--soft); min-height: 25px } .layer input { accent-color: var(--ink); width: 16px; height: 16px; margin: 0 }
.pictures { display: flex; gap: 12px; align-items: flex-end } .pictures > div { flex: 1; min-width: 0 } .stage h4 { font-size: 12.5px; font-weight: 600; margin-bottom: 4px; min-height: 18px }
.plane-box { position: relative; aspect-ratio: 1; width: 100%; max-width: 560px; margin: 0 auto; border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
.plane-box canvas { image-rendering: auto; touch-action: pan-y } .drawn-on canvas { touch-action: none }
.history { display: flex; gap: 10px; align-items: center; margin-top: 8px } .history input { flex: 1; min-width: 0; margin: 0; accent-color: var(--ink) } .moment { color: var(--soft); font-size: 12.5px; min-width: 74px; text-align: right }
.caption { color: var(--soft); font-size: 12px; display: flex; gap: 6px; align-items: center; margin-top: 5px; flex-wrap: wrap } .caption b { font-weight: 400; color: var(--ink) }
.ramp { width: 76px; height: 10px; border-radius: 5px; border: 1px solid var(--line); background: linear-gradient(90deg, var(--fake), var(--card), var(--real)) }
.stage .readout { white-space: normal; min-height: 20px } .drawing { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 8px; padding: 8px 10px; border: 2px dashed var(--focus); border-radius: 8px } .drawing p { flex: 1 0 100%; font-size: 12.5px; color: var(--soft) } .drawing b { color: var(--ink) }
.plane-box.drawn-on { border: 2px dashed var(--focus) } .over-note { position: absolute; left: 8px; right: 8px; top: 8px; text-align: center; pointer-events: none } .over-note:not(:empty) { padding: 4px 8px; border-radius: 6px; background: var(--card); color: var(--ink); font-weight: 600; font-size: 12.5px }
.question { display: flex; flex-wrap: wrap; gap: 6px; font-size: 12.5px; border-left: 3px solid var(--focus); padding-left: 8px; margin: 2px 0 6px } .question p { flex: 1 0 100% }
.plane-view .legend .badge { margin-right: 4px } .plane-view h4 .badge { vertical-align: -2px } .measured .head .badge { margin: 0 } .compared-planes .measured th { white-space: normal } .compared-planes .measured td { padding-left: 10px; white-space: pre-line }
button:disabled { opacity: .45; cursor: default } .learn { background: var(--ink); color: var(--card) }
pre { margin: 0; padding: 6px 0; background: var(--field); border-radius: 7px; font: 11px/1.65 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-x: auto; color: var(--ink) }
.loop .line { padding: 0 9px 0 20px; text-indent: -11px; white-space: pre-wrap } .loop .on { background: var(--mark) } .program { padding: 8px 10px; max-height: 440px; overflow: auto; white-space: pre; margin: 6px 0 0; font-size: 12px }
.program-box { margin-bottom: 12px } .program-head { display: flex; justify-content: space-between; align-items: center; gap: 10px }
.hint { color: var(--soft); font-size: 12.5px; margin-bottom: 10px } .walk { display: flex; gap: 6px; margin-top: 6px } .walk button { padding: 0 8px } .says { font-size: 12.5px; margin: 6px 0; min-height: 38px; overflow-wrap: anywhere }
.measured th { font-size: 12.5px } .measured td { font-size: 12.5px } .measured .note { margin-top: 3px; font-size: 11.5px }
.trouble, .wrong { color: var(--alarm); font-size: 12.5px; overflow-wrap: anywhere } .wrong:empty { display: none } .trouble { margin: 0 0 10px; border-left: 3px solid var(--alarm); padding-left: 9px; white-space: pre-wrap }
.plane-view .charts { display: block } .plane-view .charts.first { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 0 20px; margin-top: 6px } .plane-view .run2 { color: var(--run2) } .plane-view .chart-box { height: 66px } .plane-view :is(.first .chart, .chart:last-child) .chart-box { height: 84px }
@container replay (max-width: 899.9px) {
  .columns { grid-template-columns: minmax(0, 1fr) 250px } .left { grid-column: 1 / -1; order: 3; columns: 220px; column-gap: 24px; margin-top: 12px } .left fieldset { break-inside: avoid } .settings { display: contents }
}
@container replay (max-width: 619.9px) {
  .columns { grid-template-columns: minmax(0, 1fr) } .right { margin-top: 12px } .pictures { flex-direction: column; align-items: stretch } .acts { gap: 6px } .acts .push { flex: 0 0 100%; height: 0 }
  .acts .compare { flex: 1; min-width: 0 }
  /* the loop stands right below the picture of what it does */
  .stage, .right { display: contents } :is(.stage, .right) > * { min-width: 0 } :is(.code, .measured) { margin-top: 10px } .replay.plane-view :is(.charts, .measured) { order: 1 }
}
@media (pointer: coarse) { .setting, .layer { min-height: 40px } .setting input { height: 34px } .setting select, select { height: 40px } .layer input { width: 22px; height: 22px } summary { min-height: 36px } }
`;
