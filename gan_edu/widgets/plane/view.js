import {
  clamp,
  icon,
  inNats,
  isDark,
  isNumber,
  lastAtOrBefore,
  make,
  nearest,
  PATIENCE,
  put,
  roomFor,
  sign,
  TO_NO_AVAIL,
  whole,
} from "../kit/before.js";
import STYLE from "../kit/look.css";
import { paletteStyle } from "../kit/palette.js";
import { Twice } from "../live/view.js";
import { lostWords, PlaneCanvas, unpackFrame } from "./canvas.js";
import { Drawing, Settings } from "./controls.js";
import { inflate, PlaneFilm, plane, stillPlane } from "./film_strip.js";
import { aloneWords, CodePanel, PlaneCharts, PlaneNumbers, percent, runBadge } from "./panels.js";
import PLANE_STYLE from "./plane.css";

/* The plane: a GAN whose samples are points, live or recorded, alone or beside another run.
 *
 * It follows the replay's texts, live.js, plane_canvas.js and plane_controls.js in one module and uses their make, Chart, Film.
 *
 *   plane(element, film, beside) → {destroy}
 *
 * film: a PlaneFilm of a model, or what `stillFilm(recording)` makes where there is no kernel. All texts are shown as text.
 */

export const CHART_EVERY = 220,
  SLOW_EVERY = 1400,
  PLAY_RATE = 8; // ms between two drawings of the charts; of sub-steps; frames a second
const LAYERS = [
  ["real", "real"],
  ["fake", "fake"],
  ["field", "D(x), the map"],
  ["sheet", "generator’s sheet"],
  ["pulls", "pull on the fakes"],
];
const LAYER_HINTS = {
  field: "D’s probability that a point is real",
  sheet: "the image of a grid of noise: dense where its cells are small",
  pulls: "where each fake would go to lower the generator’s loss, D held still",
};

export class PlaneView {
  constructor(element, film, beside) {
    Object.assign(this, {
      film,
      beside: beside || null,
      following: true,
      step: 0,
      slow: null,
      drawing: false,
      morph: 1,
      asked: {},
      drawn: -Infinity,
      codeTold: "",
    });
    this.layers = { real: true, fake: true, field: true, sheet: false, pulls: false };
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" });
    this.root = make("section", { class: "replay plane-view", tabindex: -1 });
    this.host.attachShadow({ mode: "open" }).append(make("style", {}, paletteStyle() + STYLE + PLANE_STYLE), this.root);
    this.build();
    element.append(this.host);
    this.watch();
    film.views.add(this);
    this.update();
  }

  /* -------- what there is */

  build() {
    this.title = make("h3");
    this.where = make("div", { class: "where" });
    this.live = make("div", { class: "live", "aria-live": "polite" });
    this.trouble = make("p", { class: "trouble", role: "alert", hidden: "" });
    this.hint = make("p", { class: "hint", hidden: "" });
    this.canvas = new PlaneCanvas(this);
    this.other = new PlaneCanvas(this);
    this.other.node.hidden = true;
    this.otherName = make("h4");
    this.ownName = make("h4");
    this.readout = make("div", { class: "readout", "aria-live": "off" });
    this.slider = make("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": "history: step on show" });
    this.slider.addEventListener("input", () => this.go(+this.slider.value));
    this.newest = this.button("Now", "go to the newest step and follow it", () => this.go(this.steps.length));
    this.history = make(
      "div",
      { class: "history" },
      this.slider,
      (this.moment = make("span", { class: "moment" })),
      this.newest,
    );
    this.drawer = new Drawing(this);
    const legend = make(
      "p",
      { class: "caption", title: "σ of D’s logit" },
      "D(x): ",
      make("b", {}, "0 looks fake"),
      make("i", { class: "ramp" }),
      make("b", {}, "1 looks real"),
    );
    this.stage = make(
      "div",
      { class: "stage" },
      this.drawer.node,
      make(
        "div",
        { class: "pictures" },
        make("div", {}, this.ownName, this.canvas.node),
        (this.otherBox = make("div", { hidden: "" }, this.otherName, this.other.node)),
      ),
      this.history,
      legend,
      this.readout,
    );
    this.layerBoxes = LAYERS.map(([name, words]) => this.layer(name, words));
    this.morphInput = make("input", {
      type: "range",
      min: 0,
      max: 100,
      value: 100,
      "aria-label": "from the noise to its image",
      "aria-valuetext": "image",
    });
    this.morphInput.addEventListener("input", () => {
      this.morph = this.morphInput.value / 100;
      if (!this.layers.sheet) this.toggle("sheet", true);
      this.paint();
    });
    const layers = make(
      "fieldset",
      { class: "group layers" },
      make("legend", {}, "Layers"),
      ...this.layerBoxes.map(({ node }) => node),
      make("label", { class: "setting morph" }, make("span", {}, "noise → G(noise)"), this.morphInput),
    );
    this.settings = this.film.live ? new Settings(this, this.film.controls) : null;
    this.side = make("div", { class: "left" }, ...(this.settings ? [this.settings.node] : []), layers);
    this.numbers = new PlaneNumbers(this);
    this.code = new CodePanel(this);
    this.charts = new PlaneCharts(this);
    this.right = make("div", { class: "right" }, this.code.node, this.numbers.node, this.charts.rest);
    this.stage.append(this.charts.first);
    this.acts = make("div", { class: "acts" });
    this.root.append(
      make("header", {}, make("div", { class: "titles" }, this.title), this.where),
      this.acts,
      this.hint,
      this.trouble,
      this.code.programBox,
      make("div", { class: "columns" }, this.side, this.stage, this.right),
      this.live,
    );
    this.buildActs();
    this.root.addEventListener("keydown", (event) => this.key(event));
  }
  button(words, title, act, kind = "") {
    const node = make(
      "button",
      { type: "button", class: kind, title, "aria-label": title && title.length < 40 ? title : words },
      words,
    );
    node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && act());
    return node;
  }
  layer(name, words) {
    const input = make("input", { type: "checkbox" }),
      ofSign = { real: "real", fake: "fake" }[name];
    input.checked = this.layers[name];
    input.addEventListener("change", () => this.toggle(name, input.checked));
    return {
      name,
      input,
      node: make(
        "label",
        { class: `layer ${name}`, title: LAYER_HINTS[name] || "" },
        make("span", {}, ...(ofSign ? [sign(ofSign)] : []), words),
        input,
      ),
    };
  }
  toggle(name, on) {
    this.layers[name] = on;
    this.layerBoxes.find((each) => each.name === name).input.checked = on;
    this.paint();
  }
  buildActs() {
    const { live, can } = this.film;
    this.go_ = this.button("Play", "", () => this.playOrPause(), "main");
    this.single = live
      ? [
          [can.d, "D step", "one step of D alone, counted", "d"],
          [can.g, "G step", "one step of G alone, counted", "g"],
          [true, "Both", "one step of both", "step"],
        ]
          .filter(([there]) => there)
          .map(([, words, title, what]) =>
            this.button(words, title, () => {
              this.leaveSlow();
              this.follow();
              this.ask(what);
            }),
          )
      : [];
    this.slowly =
      live && can.substeps
        ? [this.button("Slow motion", "one step, sub-step by sub-step", () => (this.follow(), this.ask("slow")))]
        : [];
    this.reset = live
      ? [
          ["Reset", "Really reset?", "begin anew; the settings stay", "reset"],
          ["Defaults", "Really the defaults?", "begin anew with the settings of the cell", "defaults"],
        ].map(
          ([words, question, title, what]) =>
            new Twice(
              this.button(words, title, () => {}, what),
              words,
              question,
              () => this.loses(what),
              () => {
                this.leaveSlow();
                this.ask(what);
              },
            ),
        )
      : [];
    this.pins = make("select", { "aria-label": "compare with another run", class: "compare" });
    this.pins.addEventListener("change", () => this.compare(this.pins.value));
    const show = live
      ? [this.button("Show the code", "the run as a program", () => this.code.toggle(), "show-code")]
      : [];
    this.acts.append(
      this.go_,
      ...this.single,
      ...this.slowly,
      ...this.reset.map(({ button }) => button),
      make("i", { class: "push" }),
      ...(live ? [this.pins] : []),
      ...show,
    );
    this.fillPins();
  }
  fillPins() {
    const options = [
      ["", "Compare with …"],
      ["pin", "this run as it is now"],
      ...(this.film.live ? this.film.model.get("film").shelf || [] : []),
      ...(this.beside ? [["off", "nothing"]] : []),
    ];
    this.pins.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
  }

  /* -------- what a learner does */

  ask(what, more = {}, then = null) {
    const token = `${Math.random()}`;
    this.asked[token] = then || (() => {});
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.late = true;
      this.paint();
    }, PATIENCE);
    this.film.model.send({ do: what, token, ...more });
  }
  heard(token) {
    const then = this.asked[token];
    if (!then) return;
    delete this.asked[token];
    clearTimeout(this.timer);
    this.late = false;
    then();
    this.paint();
  }
  /** Whether beginning anew would lose something: what was trained, or settings that were chosen. */
  loses(what) {
    const {
      status: { step, settings },
      defaults,
    } = this.film;
    return (
      step > 0 ||
      (what === "defaults" && Object.keys(defaults).some((name) => String(defaults[name]) !== String(settings[name])))
    );
  }
  playOrPause() {
    if (!this.film.live) return this.playing ? this.stop() : this.play();
    if (this.film.status.inline) return;
    this.leaveSlow();
    this.follow();
    this.ask(this.film.status.phase === "training" ? "pause" : "start");
  }
  play() {
    if (this.calm.matches) return this.go(this.place >= this.steps.length - 1 ? 0 : this.place + 1);
    if (this.place >= this.steps.length - 1) this.go(0);
    const tick = () => {
      if (this.place >= this.steps.length - 1) return this.stop();
      this.go(this.place + 1);
    };
    this.playing = setInterval(tick, 1000 / PLAY_RATE);
    this.paint();
  }
  stop() {
    clearInterval(this.playing);
    this.playing = 0;
    this.paint();
  }
  follow() {
    this.following = true;
    this.paint();
  }
  go(place) {
    this.following = this.film.live && place >= this.steps.length;
    this.step = this.steps[clamp(place, 0, this.steps.length - 1)];
    this.paint();
  }
  goToStep(step) {
    this.leaveSlow();
    this.go(nearest(this.steps, step));
  }
  draw(on) {
    this.drawing = on;
    this.drawer.node.hidden = !on;
    this.canvas.node.classList.toggle("drawn-on", on);
    this.settings.all.data.draws(on);
    this.drawer.show();
    if (on) {
      this.canvas.canvas.focus();
      this.canvas.point(this.canvas.pointer || [0, 0]);
      this.drawer.node.scrollIntoView({ block: "nearest" });
    }
    this.paint();
  }
  stroke(point, starts) {
    this.drawer.add(point, starts);
    this.paint();
  }
  async compare(what) {
    if (what === "pin") this.pin();
    else if (what === "off") this.beside = null;
    else if (what) this.ask("beside", { name: what });
    this.fillPins();
    this.measure();
    this.paint();
  }
  pin() {
    const { meta, pictures, status } = this.film;
    this.beside = {
      meta: {
        ...meta,
        title: `pinned at step ${whole(status.step)}`,
        frames: { ...meta.frames },
        curves: { ...meta.curves },
      },
      pictures: [...pictures],
    };
  }
  async told({ slow, code, beside }, buffers) {
    if (code !== undefined) this.code.tell(code);
    if (slow) {
      const goesOn = !this.slow || this.code.clock; // held: the next step's first sub-step waits, too
      this.slow = { stills: slow, frames: buffers, at: 0 };
      if (goesOn) this.code.begin();
    }
    if (beside) {
      this.beside = { meta: beside, pictures: await inflate(beside, buffers[0]) };
      this.fillPins();
      this.measure();
    }
    this.paint();
  }
  leaveSlow() {
    if (this.slow) {
      this.slow = null;
      this.code.end();
      this.paint();
    }
  }
  slowTo(at) {
    if (at >= this.slow.stills.length) return (this.follow(), this.ask("slow"));
    this.slow.at = Math.max(0, at);
    this.paint();
  }
  key(event) {
    const { key } = event,
      plain = !(event.ctrlKey || event.metaKey || event.altKey),
      target = event.composedPath()[0];
    if (!plain || (event.shiftKey && key === "Enter")) return;
    event.stopPropagation();
    if (target === this.canvas.canvas || target === this.other.canvas) {
      const canvas = target === this.canvas.canvas ? this.canvas : this.other;
      this.readout.setAttribute("aria-live", "polite");
      if (canvas.key(key, event.shiftKey)) return event.preventDefault();
      if (this.drawing && (key === "Enter" || key === " ") && canvas.pointer) {
        event.preventDefault();
        return this.stroke(canvas.pointer, true);
      }
    }
    if (key === " " && !["button", "input", "select", "summary"].includes(target.localName)) {
      event.preventDefault();
      this.playOrPause();
    }
    if (key === "Escape") {
      if (this.drawing) this.draw(false);
      else this.leaveSlow();
    }
  }

  /* -------- what it shows */

  update() {
    const { film } = this,
      own = film.meta.frames.step;
    if (film.number !== this.number) {
      [this.number, this.following] = [film.number, film.live];
      if (!film.live) this.step = own[0];
      this.slow = null;
    }
    const other = this.beside ? this.beside.meta.frames.step : [];
    this.steps = !this.beside
      ? own
      : [...new Set([...own, ...other.filter((step) => !film.live || step <= own.at(-1))])].sort((a, b) => a - b);
    this.paint();
  }
  paint() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.paintNow();
    });
  }
  paintNow() {
    const { film } = this;
    if (!roomFor(this, () => this.paint())) return;
    if (this.resized) this.measure();
    const now = this.following && film.now ? film.now.step : film.meta.frames.step.at(-1);
    if (this.following) this.step = now;
    this.place = this.following ? this.steps.length : Math.max(0, lastAtOrBefore(this.steps, this.step));
    this.slider.max = this.steps.length - (film.live ? 0 : 1);
    this.slider.value = this.place;
    const own = this.slow ? this.still() : this.at(film, this.step, this.following ? film.now : null);
    const pulled = this.slow && own.line.includes("loss_G.backward"); // there the pull is what is to be seen
    this.canvas.draw({
      ...own,
      layers: pulled ? { ...this.layers, pulls: true } : this.layers,
      morph: this.morph,
      dark: this.dark,
      strokes: this.drawing ? this.drawer.points : null,
      hideFakes: this.drawing || own.hideFakes,
      text: this.say(own),
    });
    if (this.beside) {
      const other = this.at(this.beside, this.step, null);
      this.other.draw({
        ...other,
        layers: this.layers,
        morph: this.morph,
        dark: this.dark,
        text: `${this.beside.meta.title}: ${this.say(other)}`,
      });
      [
        [this.ownName, film.live ? "this run" : film.meta.title, own, 0],
        [this.otherName, this.beside.meta.title, other, 1],
      ].forEach(([node, words, run, k]) =>
        node.replaceChildren(runBadge(k), ` ${words}, step ${whole(run.step)}${run.ended ? ", its last" : ""}`),
      );
      this.numbers.show([own, other], [film.meta, this.beside.meta]);
    } else this.numbers.show([own], [film.meta]);
    this.otherBox.hidden = this.other.node.hidden = this.ownName.hidden = !this.beside;
    this.root.classList.toggle("compared-planes", Boolean(this.beside));
    put(this.moment, this.following ? "now" : `step ${whole(this.step)}`);
    this.slider.setAttribute(
      "aria-valuetext",
      `step ${whole(this.step)}${this.following ? ", now" : ""}, JS ${inNats(own.scores.js, 3)}`,
    );
    this.newest.hidden = !film.live;
    this.newest.setAttribute("aria-pressed", this.following);
    const probed = [this.canvas, this.other].map((canvas) => canvas.told()).find(Boolean);
    put(this.readout, probed || (this.drawing ? "" : "point at the picture for values"));
    this.morphInput.setAttribute(
      "aria-valuetext",
      `${Math.round(this.morph * 100)} % of the way from the noise to its image`,
    );
    this.code.show(this.slow);
    this.showStatus();
    if (performance.now() - this.drawn > CHART_EVERY || film.status.phase !== "training") {
      this.drawn = performance.now();
      this.charts.load(film.meta, this.beside && this.beside.meta, this.steps.at(-1));
    }
    this.charts.draw(this.step);
  }
  /** What a run shows at a step: its newest frame at or before it. */
  at(film, step, now) {
    const { meta, pictures } = film,
      k = Math.max(0, lastAtOrBefore(meta.frames.step, step)),
      of = now && now.bytes ? now.step : meta.frames.step[k];
    const reals = meta.reals.filter((each) => each.from <= of),
      real = reals.at(-1) || meta.reals[0];
    const scores = now && now.bytes ? { ...(meta.frames.scores[k] || {}), ...now.scores } : meta.frames.scores[k] || {};
    return {
      grid: meta.grid,
      noise: meta.noise,
      frame: unpackFrame(meta.grid, now && now.bytes ? now.bytes : pictures[k]),
      real: real.points,
      told: real,
      scores,
      step: of,
      ended: step > meta.frames.step.at(-1),
    };
  }
  still() {
    const { stills, frames, at } = this.slow,
      { meta } = this.film,
      shot = stills[at];
    return {
      grid: meta.grid,
      noise: meta.noise,
      frame: unpackFrame(meta.grid, frames[at]),
      real: shot.real,
      told: meta.reals.at(-1),
      scores: { ...meta.frames.scores.at(-1), ...shot.scores },
      step: shot.step,
      hideFakes: !shot.fake,
      line: this.film.lines[shot.line][0],
    };
  }
  say({ step, scores, told, frame, grid }) {
    return (
      `The plane at step ${whole(step)}: ${told.name}, real and generated points over D’s field. JS ${inNats(scores.js, 3)}` +
      (isNumber(scores.modes) && told.modes
        ? `, ${scores.modes} of ${told.modes} modes covered, ${percent(scores.quality)} of the samples near one`
        : "") +
      `${lostWords(frame, grid)}. Arrow keys move a probe.`
    );
  }
  showStatus() {
    const { status, live, meta } = this.film,
      training = status.phase === "training";
    const word = live ? (training ? "Pause" : "Play") : this.calm.matches ? "Step" : this.playing ? "Pause" : "Play";
    if (this.go_.dataset.word !== word)
      this.go_.replaceChildren(icon(word === "Pause" ? "pause" : word === "Step" ? "on" : "play"), word);
    this.go_.dataset.word = word;
    this.go_.setAttribute("aria-label", word);
    this.go_.hidden = Boolean(status.inline);
    put(
      this.hint,
      this.late
        ? TO_NO_AVAIL
        : status.inline
          ? "This kernel trains in a cell: plane.train_to(steps). Stopped, run the cell again: it goes on."
          : "",
    );
    this.hint.hidden = !this.hint.textContent;
    put(this.title, meta.title);
    const step = live ? (this.film.now ? this.film.now.step : status.step) : this.step;
    const words = [
      ...(live ? [] : [meta.subtitle]),
      `step ${whole(step)}${aloneWords(meta.log, step)}`,
      ...(training && isNumber(status.rate) ? [`${whole(status.rate)} steps/s`] : []),
      ...(live ? [`seed ${status.seed}`] : []),
    ];
    if (this.words !== String(words)) this.where.replaceChildren(...words.map((each) => make("span", {}, each)));
    this.words = String(words);
    const notice = status.notice || {},
      own = this.settings && this.settings.all[notice.at];
    const trouble = status.error || (notice.text && !own ? notice.text : "");
    if (this.trouble.textContent !== trouble) this.trouble.textContent = trouble;
    this.trouble.hidden = !trouble;
    if (this.settings) {
      this.settings.show(status.settings, notice);
      this.code.tellPieces(this.film.controls, status.settings);
    }
    if (status.phase !== this.phase && this.phase)
      this.live.textContent = training
        ? "training"
        : status.phase === "paused"
          ? `paused at step ${whole(status.step)}`
          : "";
    this.phase = status.phase;
  }
  measure() {
    this.resized = false;
    [this.canvas, ...(this.beside ? [this.other] : [])].forEach((canvas) => canvas.measure());
    this.drawn = -Infinity;
  }

  /* -------- what happens round it */

  watch() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.night = matchMedia("(prefers-color-scheme: dark)");
    this.onTheme = () => {
      this.dark = isDark(this.night);
      this.root.dataset.theme = this.dark ? "dark" : "light";
      this.paint();
    };
    for (const query of [this.calm, this.night]) query.addEventListener("change", this.onTheme);
    this.themes = new MutationObserver(this.onTheme);
    for (const node of [document.documentElement, document.body])
      this.themes.observe(node, {
        attributes: true,
        attributeFilter: ["class", "theme", "data-jp-theme-light", "data-vscode-theme-kind"],
      });
    this.sizes = new ResizeObserver(() => {
      this.resized = true;
      this.paint();
    });
    [this.root, this.canvas.node, this.other.node].forEach((node) => this.sizes.observe(node));
    this.onTheme();
  }
  destroy() {
    clearInterval(this.playing);
    clearTimeout(this.timer);
    this.reset.forEach((button) => button.forget());
    this.code.end();
    cancelAnimationFrame(this.waiting);
    for (const query of [this.calm, this.night]) query.removeEventListener("change", this.onTheme);
    this.themes.disconnect();
    this.sizes.disconnect();
    this.film.views.delete(this);
    this.host.remove();
  }
}

/* ---------------------------------------------------------------- anywidget, and a page without a kernel */
