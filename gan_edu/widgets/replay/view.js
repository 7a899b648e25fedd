/* The replay: slide through the frames of one recorded training run, or of several side by side.
 *
 * One core, three wrappers: anywidget (the default export), the page that Replay.to_html writes, and a live view
 * that calls update() while its recording grows. Plain JavaScript: no import, no address, no build step.
 *
 *   handle = mount(element, [{meta, atlas}], {frame, verdict, loop, speed, playing})
 *
 * meta is the recording's recording.json. atlas is Uint8Array, ArrayBuffer, DataView, Blob or a data: URI, or a list
 * of them when each holds meta.atlas.columns × meta.atlas.rows frames. Whatever meta says is shown as text, never as markup.
 */

import {
  clamp,
  epochText,
  fidText,
  fixed,
  followTheme,
  icon,
  isNumber,
  lastAtOrBefore,
  make,
  nearest,
  sign,
  whole,
} from "../kit/before.js";
import { Chart, fidRange, linearRange } from "../kit/chart.js";
import STYLE from "../kit/look.css";
import { paletteStyle } from "../kit/palette.js";
import { speak } from "../kit/words.js";
import { Grid, Run } from "./film_strip.js";
import { Numbers, ROWS } from "./plots.js";

const SPEEDS = [0.5, 1, 2, 4]; // × FRAMES_PER_SECOND
const FRAMES_PER_SECOND = 8;
export const RUN_DASH = ["", "7 3", "2 3", "9 3 2 3", "1 4"]; // how lines of compared runs differ, beside their letter

export class Replay {
  constructor(element, recordings, options) {
    this.state = {
      verdict: Boolean(options.verdict),
      loop: Boolean(options.loop),
      speed: SPEEDS.includes(options.speed) ? options.speed : 1,
      playing: false,
    };
    this.frameListeners = new Set();
    this.stateListeners = new Set();
    this.frame = 0;
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" }); // its keys are its own, not JupyterLab's
    this.root = make("section", { class: "replay", tabindex: -1 });
    this.host.attachShadow({ mode: "open" }).append(make("style", {}, paletteStyle() + STYLE), this.root);
    this.build();
    this.load(recordings);
    this.frame = clamp(Math.round(options.frame) || 0, 0, this.last);
    element.append(this.host);
    this.watch();
    this.showState();
    this.paint();
    if (options.playing) this.set({ playing: true });
  }

  /* -------- what there is to see */

  build() {
    const button = (name, label, ...children) => {
      const node = make("button", { type: "button", "aria-label": label, title: label, class: name }, ...children);
      this.controls.append(node);
      return node;
    };
    this.title = make("h3");
    this.subtitle = make("p", { class: "subtitle" });
    this.verdict = make(
      "button",
      { type: "button", role: "switch", class: "switch" },
      make("i", { class: "knob" }),
      "D’s verdict",
    );
    this.verdict.addEventListener("click", () => this.set({ verdict: !this.state.verdict }));
    this.big = make("div", { class: "big" });
    this.small = make("div", { class: "small" });
    this.now = make("div", { class: "now" }, this.big, this.small);
    this.panels = make("div", { class: "panels" });
    this.charts = make("div", { class: "charts" });
    this.controls = make("div", { class: "controls", role: "group", "aria-label": "replay" });
    this.play = button("main", "Play");
    this.play.addEventListener("click", () => this.playOrStep());
    button("back", "one frame back", icon("back")).addEventListener("click", () => this.go(this.frame - 1));
    button("on", "one frame on", icon("on")).addEventListener("click", () => this.go(this.frame + 1));
    this.slider = make("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": "frame of the recording" });
    this.slider.addEventListener("input", () => this.go(+this.slider.value));
    this.scale = make("div", { class: "scale", "aria-hidden": "true" });
    this.controls.append(make("div", { class: "slide" }, this.slider, this.scale));
    this.speed = button("speed", "speed");
    this.speed.addEventListener("click", () =>
      this.set({ speed: SPEEDS[(SPEEDS.indexOf(this.state.speed) + 1) % SPEEDS.length] }),
    );
    this.loop = button("loop", "loop", icon("loop"));
    this.loop.addEventListener("click", () => this.set({ loop: !this.state.loop }));
    this.live = make("div", { class: "live", "aria-live": "polite" });
    const key = (name) => make("b", {}, name);
    this.spaceDoes = make("span", {}, "play");
    this.foot = make(
      "footer",
      {},
      make(
        "span",
        {},
        key("space"),
        " ",
        this.spaceDoes,
        " · ",
        key("← →"),
        " frame · ",
        key("PgUp PgDn"),
        " 10 · ",
        key("Home End"),
      ),
      (this.hint = make("span", {}, "click a curve to go there")),
    );
    this.head = make("header", {}, make("div", { class: "titles" }, this.title, this.subtitle), this.verdict);
    this.body = make("div", { class: "body" }, this.panels, this.controls, this.charts);
    this.root.append(this.head, this.body, this.foot, this.live);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.grids = [];
  }

  /** Takes new recordings: the panels are kept where their number stays the same, so that a growing run does not flicker. */
  load(recordings) {
    if (!recordings.length) throw new Error("a replay needs at least one recording");
    this.runs = recordings.map((r) => new Run(r));
    const { runs } = this,
      compared = runs.length > 1;
    this.steps = [...new Set(runs.flatMap((r) => r.steps))].sort((a, b) => a - b);
    this.last = this.steps.length - 1;
    this.perEpoch = runs.every((r) => r.perEpoch === runs[0].perEpoch) ? runs[0].perEpoch : null;
    if (this.grids.length !== runs.length) this.buildPanels(compared);
    runs.forEach((run, k) => {
      this.grids[k].load(run);
      this.numbers[k].load(run);
      this.titles[k].textContent = run.meta.title;
    });
    const of = runs.map((r) => r.meta.steps_of).find(Boolean); // steps counted in those of another run
    this.title.textContent = compared
      ? `${runs.length} runs at ${of ? "equal time" : "the same step"}`
      : runs[0].meta.title;
    this.subtitle.textContent = !compared
      ? runs[0].meta.subtitle || ""
      : of
        ? `steps are those of “${of}”; each shows its newest frame of that time or before`
        : "each shows its newest frame at or before that step";
    this.verdict.hidden = !runs.some((r) => r.probabilities(0));
    this.slider.max = this.last;
    this.root.classList.toggle("still", this.last === 0);
    this.buildCharts(compared);
    this.resized = true;
  }

  buildPanels(compared) {
    this.grids.forEach((g) => g.atlas.close());
    this.grids = this.runs.map(() => new Grid(this));
    this.numbers = this.runs.map(() => new Numbers(compared));
    this.titles = [];
    this.columns = this.runs.map((run, k) => {
      const name = make(
        "h4",
        {},
        make("b", { class: `badge run${k}` }, String.fromCharCode(65 + k)),
        (this.titles[k] = make("span")),
      );
      const own = make("div", { class: "own" }),
        column = make(
          "div",
          { class: "column" },
          ...(compared ? [make("div", { class: "name" }, name, own)] : []),
          make(
            "div",
            { class: "pair" },
            this.grids[k].node,
            make("div", { class: "side" }, ...(compared ? [] : [this.now]), this.numbers[k].node),
          ),
        );
      return Object.assign(column, { own });
    });
    this.panels.replaceChildren(...this.columns);
    this.root.classList.toggle("compared", compared);
    if (compared) this.body.prepend(this.now, this.controls);
    else this.panels.after(this.controls);
  }

  buildCharts(compared) {
    const { runs } = this,
      high = Math.max(this.steps[this.last], ...runs.map((r) => (r.curves ? r.curves.step.at(-1) : 0)));
    const axis = { high, perEpoch: this.perEpoch },
      changes = (r) => ({ ...axis, changes: r.meta.log });
    const stroke = { g: "6 3", fake: "6 3" };
    const two = (names, title, unit, words, refer) => {
      // losses, or D's means: the same range for every run
      const shown = runs.map((r) => names.filter(([name]) => r.has(name)));
      if (!high || !shown.some((s) => s.length)) return;
      const references = runs.map((r, k) => refer(r, shown[k]));
      const range =
        unit === "probability"
          ? [0, 1, null]
          : linearRange(
              runs.flatMap((r, k) => shown[k].map(([name]) => r.curves[name])),
              references.flat(),
            );
      runs.forEach((run, k) => {
        if (!shown[k].length) return;
        const legend = shown[k].flatMap(([, kind], i) =>
          words[i] ? [make("span", { class: "entry" }, sign(kind), words[i])] : [],
        );
        const chart = this.chartFor([k, words.length], { title, unit, legend });
        chart.load(
          shown[k].map(([name, kind]) => ({
            run: k,
            xs: run.curves.step,
            ys: run.curves[name],
            kind,
            dash: stroke[kind],
            mark: kind,
          })),
          references[k],
          range,
          changes(run),
        );
        made.push([chart, k]);
      });
    };
    const made = [];
    const optimal = (r, shown) =>
      shown
        .filter(([name]) => isNumber(r.optimum[name]))
        .map(([name, kind]) => ({ y: r.optimum[name], kind, text: "" }));
    two(ROWS.slice(0, 2), "loss", "nats", ["D", "G"], optimal);
    two(
      ROWS.slice(2).map((r) => r),
      "D’s mean",
      "probability",
      ["real", "fake"],
      (r, shown) =>
        optimal(r, shown)
          .slice(0, 1)
          .map((o) => ({ ...o, kind: "ink" })),
    );
    for (const name of new Set(runs.flatMap((r) => r.others()))) two([[name, "ink"]], name, "", [""], () => []);
    const scored =
      runs.some((r) => r.fid.length > 1) && high ? this.fidChart(compared ? axis : changes(runs[0]), compared) : null;
    runs.forEach((_, k) => {
      const own = made.filter(([, of]) => of === k).at(-1);
      if (own && (compared || !scored)) own[0].last = true;
    });
    if (scored) scored.last = true;
    const before = this.chartList || [];
    this.chartList = [...made.map(([c]) => c), ...(scored ? [scored] : [])];
    if (
      this.chartList.length !== before.length ||
      this.chartList.some((c, k) => c !== before[k] || !c.node.isConnected)
    ) {
      this.columns.forEach((c) => c.querySelectorAll(".chart").forEach((n) => n.remove()));
      this.charts.replaceChildren(...(compared ? [] : made.map(([c]) => c.node)), ...(scored ? [scored.node] : []));
      if (compared) made.forEach(([c, k]) => this.columns[k].append(c.node));
    }
    this.root.classList.toggle("no-charts", !this.charts.childElementCount);
    this.hint.hidden = !this.chartList.length;
  }

  /** The same chart for a run that grows: it may be held by a pointer. */
  chartFor(of, { title, unit, legend, log = false }) {
    const key = JSON.stringify([title, unit, of]),
      old = (this.chartList || []).find((c) => c.key === key);
    return Object.assign(old || new Chart(this, { title, unit, legend, log, unitKind: unit }), { key, last: false });
  }

  fidChart(axis, compared) {
    const { runs } = this,
      score = (r, i) => r.meta.frames.scores[i].fid;
    const floors = [...new Set(runs.map((r) => (r.meta.scoring || {}).fid_floor).filter(isNumber))];
    const { log, range } = fidRange(
      runs.flatMap((r) => r.fid.map((i) => score(r, i))),
      floors,
    );
    const legend = compared
      ? runs.map((r, k) =>
          make(
            "span",
            { class: "entry" },
            make("b", { class: `badge run${k}` }, String.fromCharCode(65 + k)),
            r.meta.title,
          ),
        )
      : [];
    const chart = this.chartFor(compared ? runs.map((r) => r.meta.title) : [], {
      title: "FID",
      unit: `${log ? "log scale, " : ""}lower is better`,
      legend,
      log,
    });
    chart.node.classList.add("fid");
    chart.load(
      runs.map((r, k) => ({
        run: k,
        exact: true,
        xs: r.fid.map((i) => r.steps[i]),
        ys: r.fid.map((i) => score(r, i)),
        kind: `run${k}`,
        dash: RUN_DASH[k % RUN_DASH.length],
        letter: compared ? String.fromCharCode(65 + k) : "",
      })),
      floors.map((y) => ({ y, kind: "ink", text: `floor ${fidText(y)}` })),
      range,
      axis,
    );
    return chart;
  }

  /* -------- where it stands */

  /** "epoch 37", "of 100 · step 34,706"; early: "step 4", "epoch 0.004 of 100". */
  words() {
    const step = this.steps[this.frame],
      end = this.steps[this.last];
    if (!this.perEpoch) return [`step ${whole(step)}`, end ? `of ${whole(end)}` : ""];
    const single = this.runs.length === 1 ? this.runs[0] : null;
    const epoch = single ? single.epoch(this.frame) : step / this.perEpoch;
    const total = epochText(single ? single.epoch(this.last) : end / this.perEpoch);
    if (!end) return [`step ${whole(step)}`, "before training"];
    return epoch < 0.01
      ? [`step ${whole(step)}`, `epoch ${epochText(epoch)} of ${total}`]
      : [`epoch ${epochText(epoch)}`, `of ${total} · step ${whole(step)}`];
  }
  say() {
    const [big, small] = this.words(),
      step = this.steps[this.frame];
    const one = (run, name) => {
      const scores = run.scores(Math.max(0, run.at(step)));
      const parts = [
        ["D loss", fixed(run.curve("d_loss", step))],
        ["G loss", fixed(run.curve("g_loss", step))],
        ["FID", fidText(scores?.fid)],
      ];
      const told = parts
        .filter(([, value]) => value !== "–")
        .map(([label, value]) => `${label} ${value}`)
        .join(", ");
      return told && name + told;
    };
    const rest = this.runs
      .map((run, k) => one(run, this.runs.length > 1 ? `${String.fromCharCode(65 + k)}: ` : ""))
      .filter(Boolean);
    return [`${big} ${small}`.trim().replace(" · ", ", "), ...rest].join(this.runs.length > 1 ? "; " : ", ");
  }

  go(frame) {
    // moved by the learner or by another view of the same model:
    this.clock = null; // if it plays, it goes on from there, at the same speed
    this.setFrame(frame);
  }
  goToStep(step) {
    this.go(nearest(this.steps, step));
  }
  setFrame(frame) {
    const next = clamp(Math.round(frame) || 0, 0, this.last);
    if (next === this.frame) {
      this.slider.value = next;
      return;
    }
    this.frame = next;
    this.slider.value = next;
    this.draw();
    this.frameListeners.forEach((tell) => tell(next));
  }
  update(recordings) {
    const followed = this.frame === this.last,
      step = this.steps[this.frame];
    this.load(recordings);
    const next = followed ? this.last : Math.max(0, lastAtOrBefore(this.steps, step)),
      moved = next !== this.frame;
    this.frame = next;
    this.slider.value = next;
    this.draw();
    if (moved) this.frameListeners.forEach((tell) => tell(next));
  }

  /* -------- drawing: at most once a screen refresh */

  draw() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
    });
  }
  paint() {
    const hidden = !this.root.clientWidth; // as for a moment while JupyterLab changes its theme
    if (!hidden && (this.resized || this.grids[0].ratio !== window.devicePixelRatio)) {
      this.alignTitles();
      [...this.grids, ...this.chartList].forEach((part) => part.measure());
      this.drawScale();
      this.resized = false;
    }
    const step = this.steps[this.frame],
      frames = this.runs.map((r) => r.at(step)),
      say = this.say();
    const [big, small] = this.words();
    [this.big.textContent, this.small.textContent] = [big, small];
    this.slider.value = this.frame;
    this.slider.setAttribute("aria-valuetext", say);
    this.runs.forEach((run, k) => {
      this.grids[k].draw(frames[k], this.state.verdict, say);
      this.numbers[k].draw(frames[k]);
      this.columns[k].own.textContent = this.ownStep(run, frames[k], step);
    });
    this.chartList.forEach((chart) => chart.draw(step, frames));
  }
  /** Titles of compared runs take the same height, so that their pictures stand in line. */
  alignTitles() {
    const heads = this.titles.map((title) => title.parentNode);
    heads.forEach((head) => {
      head.style.minHeight = "";
    });
    const most = Math.max(...heads.map((head) => head.offsetHeight));
    heads.forEach((head) => {
      head.style.minHeight = `${most}px`;
    });
  }
  ownStep(run, frame, step) {
    if (frame < 0) return "not started";
    const over = frame === run.steps.length - 1 && step > run.steps[frame];
    return `${run.meta.steps_of ? "at" : "frame of"} step ${whole(run.steps[frame])}${over ? ", its last" : ""}`;
  }
  /** The slider goes by frame; early frames stand closer together in training, so a scale says where epochs fall. */
  drawScale() {
    const width = this.slider.clientWidth;
    if (!width) return;
    const per = this.perEpoch || 1,
      end = this.steps[this.last] / per,
      thumb = 16;
    const wanted = [
        0,
        end,
        ...[1, 10, 100, 1000, 10000, 1e5, 3, 30, 300, 3000, 5, 50, 500, 2, 20, 200].filter((v) => v < end),
      ],
      taken = [];
    this.scale.replaceChildren(
      ...(this.last ? wanted : []).flatMap((value, k) => {
        const x = thumb / 2 + (nearest(this.steps, value * per) / this.last) * (width - thumb),
          text = k < 2 && !this.perEpoch ? whole(value) : +value.toFixed(2) >= 1000 ? whole(value) : epochText(value);
        const half = text.length * 3.5 + 5;
        if (taken.some(([a, b]) => x + half > a && x - half < b)) return [];
        taken.push([x - half, x + half]);
        const mark = make("span", {}, text);
        mark.style.left = `${x}px`;
        return [mark];
      }),
    );
  }

  /* -------- what a learner does */

  key(event) {
    const { key } = event,
      plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (!plain || (event.shiftKey && key === "Enter")) return; // save, run cell, … stay the notebook's
    event.stopPropagation(); // the rest would be a shortcut of the notebook: "b" inserts a cell
    const target = event.composedPath()[0],
      grid = this.grids.find((g) => g.canvas === target);
    if (grid && key.startsWith("Arrow")) {
      event.preventDefault();
      return grid.move(key);
    }
    const jump =
      {
        ArrowLeft: this.frame - 1,
        ArrowRight: this.frame + 1,
        ArrowDown: target === this.slider ? this.frame - 1 : null,
        ArrowUp: target === this.slider ? this.frame + 1 : null,
        PageUp: this.frame + 10,
        PageDown: this.frame - 10,
        Home: 0,
        End: this.last,
      }[key] ?? null;
    if (jump !== null) {
      event.preventDefault();
      this.go(jump);
    } else if (key === " " && target.localName !== "button") {
      event.preventDefault();
      this.playOrStep();
    }
  }
  playOrStep() {
    if (this.calm.matches) return this.go(this.frame === this.last ? 0 : this.frame + 1);
    this.set({ playing: !this.state.playing });
  }
  set(changes) {
    const next = { ...this.state };
    for (const name of ["verdict", "loop", "playing"]) if (name in changes) next[name] = Boolean(changes[name]);
    if (SPEEDS.includes(changes.speed)) next.speed = changes.speed;
    if (this.calm.matches || !this.last) next.playing = false;
    const was = this.state,
      differs = Object.keys(next).some((name) => next[name] !== was[name]);
    this.state = next;
    if (next.speed !== was.speed) this.clock = null;
    if (next.playing && !was.playing) this.start();
    if (!next.playing && was.playing) this.live.textContent = `paused at ${this.say()}`;
    this.showState();
    this.draw();
    if (differs || next.playing !== Boolean(changes.playing ?? next.playing))
      this.stateListeners.forEach((tell) => tell({ ...next }));
  }
  start() {
    this.live.textContent = "";
    this.clock = null;
    if (this.frame === this.last) this.setFrame(0);
    const tick = (now) => {
      if (!this.state.playing || this.gone) return;
      this.clock ??= { since: now, from: this.frame };
      const next =
        this.clock.from + Math.floor(((now - this.clock.since) / 1000) * FRAMES_PER_SECOND * this.state.speed);
      if (next > this.frame) this.advance(next);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
  advance(next) {
    if (next <= this.last) return this.setFrame(next);
    if (this.state.loop) {
      this.clock = null;
      return this.setFrame(0);
    }
    this.setFrame(this.last);
    this.set({ playing: false });
  }
  showState() {
    const { playing, verdict, loop, speed } = this.state,
      calm = this.calm.matches;
    const word = calm ? "Step" : playing ? "Pause" : "Play";
    if (this.play.dataset.word !== word)
      this.play.replaceChildren(icon(calm ? "on" : playing ? "pause" : "play"), word);
    this.play.dataset.word = word;
    for (const name of ["aria-label", "title"]) this.play.setAttribute(name, word);
    this.spaceDoes.textContent = calm ? "step" : "play";
    this.verdict.setAttribute("aria-checked", verdict);
    this.loop.setAttribute("aria-pressed", loop);
    this.speed.textContent = `${speed}×`;
    this.speed.setAttribute("aria-label", `speed ${speed}×`);
  }

  /* -------- what happens round it: size, theme, motion */

  watch() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.onCalm = () => this.set({});
    this.calm.addEventListener("change", this.onCalm);
    this.unfollow = followTheme(this.root);
    this.sizes = new ResizeObserver(() => {
      this.resized = true;
      this.draw();
    });
    this.sizes.observe(this.root);
  }
  destroy() {
    this.gone = true;
    cancelAnimationFrame(this.waiting);
    this.calm.removeEventListener("change", this.onCalm);
    this.unfollow();
    this.sizes.disconnect();
    this.grids.forEach((g) => g.atlas.close());
    this.host.remove();
  }
}

/** Shows recordings inside element; returns the handle that drives the view. */
export function mount(element, recordings, options = {}) {
  speak(options.words);
  const replay = new Replay(element, recordings, options);
  const listen = (set) => (tell) => {
    set.add(tell);
    return () => set.delete(tell);
  };
  return {
    get frame() {
      return replay.frame;
    },
    get frames() {
      return replay.steps.length;
    },
    get state() {
      return { ...replay.state };
    },
    setFrame: (frame) => replay.go(frame),
    onFrame: listen(replay.frameListeners),
    onState: listen(replay.stateListeners),
    update: (grown) => replay.update(grown),
    set: (changes) => replay.set(changes),
    destroy: () => replay.destroy(),
  };
}
