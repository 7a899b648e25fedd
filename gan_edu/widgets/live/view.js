import { icon, isNumber, make, PATIENCE, TO_NO_AVAIL, whole } from "../kit/before.js";
import { speak } from "../kit/words.js";
import { Replay } from "../replay/view.js";
import LIVE_STYLE from "./live.css";

/* The live view: the replay of a run that is still growing, with the controls of its training above it.
 *
 * This text follows the replay's texts in one module and uses its Replay, make, icon and words. The kernel sends the whole film
 * (the trait `film`) when a model is made, and then messages {news, status} with the pictures of new frames;
 * the views send {do, token, …} and hear {heard: token}. All texts of the kernel are shown as text, never as markup.
 */

const SURE = 4000; // ms in which a second click on Reset counts
const PHASES = { ready: "not started", training: "training", paused: "paused", failed: "stopped by an error" };

/* ---------------------------------------------------------------- what the kernel told */

/** The film of one model, put together from what the kernel sends. All views of the model share it. */
export class Film {
  constructor(model) {
    this.model = model;
    this.views = new Set();
    this.asked = -Infinity;
    this.take(model.get("film"));
    model.on("change:film", () => this.take(model.get("film")));
    model.on("msg:custom", (message, buffers) => this.hear(message, buffers || []));
  }
  take({ film, version, meta, pictures, status }) {
    Object.assign(this, {
      number: film,
      version,
      meta: { ...meta, frames: { ...meta.frames }, curves: { ...meta.curves } },
      pictures: [...pictures],
      status,
    });
    this.tell();
  }
  hear({ heard, news, status }, buffers) {
    if (heard !== undefined) this.views.forEach((view) => view.heard(heard));
    if (!news || news.film < this.number || (news.film === this.number && news.version <= this.version)) return;
    if (news.film > this.number || news.version > this.version + 1 || !this.add(news, buffers)) return this.askForAll();
    [this.version, this.status] = [news.version, { ...this.status, ...status }];
    this.tell();
  }
  /** Adds what is new; false where something before it is missing. */
  add({ frames, curves, about, log }, buffers) {
    const { meta } = this;
    if (frames.keep) {
      for (const name of Object.keys(meta.frames)) meta.frames[name] = frames.keep.map((i) => meta.frames[name][i]);
      this.pictures = frames.keep.map((i) => this.pictures[i]);
    }
    if (
      frames.from !== this.pictures.length ||
      curves.from > meta.curves.step.length ||
      buffers.length !== frames.step.length
    )
      return false;
    if (frames.scored) meta.frames.scores[frames.from - 1] = frames.scored;
    for (const name of Object.keys(meta.frames)) meta.frames[name] = [...meta.frames[name], ...frames[name]];
    const { from, ...added } = curves;
    for (const [name, values] of Object.entries(added))
      meta.curves[name] = [...(meta.curves[name] || []).slice(0, from), ...values];
    this.pictures = [...this.pictures, ...buffers];
    Object.assign(meta, about, log ? { log } : {});
    return true;
  }
  askForAll() {
    const wait = this.asked + 1000 - performance.now();
    if (wait > 0) {
      this.later ||= setTimeout(() => {
        this.later = 0;
        this.askForAll();
      }, wait);
      return;
    }
    this.asked = performance.now();
    this.model.send({ do: "all", token: "" });
  }
  /** The recording that a replay shows. */
  recording() {
    const { columns, rows, tile_width, tile_height } = this.meta.grid;
    const atlas = { columns: 1, rows: 1, frame_width: columns * tile_width, frame_height: rows * tile_height };
    return { meta: { ...this.meta, atlas }, atlas: this.pictures };
  }
  tell() {
    // at most once a screen refresh; a hidden page catches up later
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.views.forEach((view) => view.update());
    });
  }
}

/* ---------------------------------------------------------------- one view */

const duration = (s) =>
  `${s >= 3600 ? `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}` : Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

/** The next value of a setting: whole numbers by doubling, or by one where they are small; rates along 1, 2, 5, 10, … */
function nextValue(name, value, up) {
  if (name === "d_steps") return Math.max(1, value + (up ? 1 : -1));
  if (name === "batch_size")
    return Math.max(1, up ? 2 ** (Math.floor(Math.log2(value)) + 1) : 2 ** (Math.ceil(Math.log2(value)) - 1));
  if (value <= 1e-7) return up ? 1e-6 : 0;
  const power = Math.floor(Math.log10(value) + 1e-9),
    ladder = [power - 1, power, power + 1].flatMap((p) => [1, 2, 5].map((m) => +`${m}e${p}`));
  const near = value * (up ? 1 + 1e-6 : 1 - 1e-6);
  return Math.min(1, up ? ladder.find((x) => x > near) : ladder.findLast((x) => x < near));
}

/** A button that asks once more where something would be lost: a second click within SURE ms is meant. */
export class Twice {
  constructor(button, words, question, loses, act) {
    Object.assign(this, { button, words, question, sure: 0 });
    button.addEventListener("click", () => {
      const ask = loses() && !this.sure;
      this.forget();
      if (!ask) return act();
      this.sure = setTimeout(() => this.forget(), SURE);
      this.show();
    });
    this.show();
  }
  forget() {
    clearTimeout(this.sure);
    this.sure = 0;
    this.show();
  }
  show() {
    this.button.replaceChildren(this.sure ? this.question : this.words);
    this.button.setAttribute("aria-label", this.sure ? `${this.question} What was trained is lost.` : this.words);
  }
}

export class LiveView {
  constructor(element, film) {
    speak(film.model.get("words"));
    this.film = film;
    this.replay = new Replay(element, [film.recording()], { frame: film.pictures.length - 1 });
    this.replay.host.shadowRoot.append(make("style", {}, LIVE_STYLE));
    this.replay.root.classList.add("living");
    this.dials = {};
    this.build();
    this.replay.frameListeners.add(() => this.follow());
    film.views.add(this);
    this.phase = film.status.phase;
    this.show();
  }

  build() {
    const { replay } = this,
      button = (name, label, title, act, ...children) => {
        const node = make("button", { type: "button", class: name, title, "aria-label": label }, ...children);
        node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && act());
        return node;
      };
    this.go = button("main", "Start", "", () => this.toggle());
    this.step = button("step", "one step", "train one step", () => this.ask("step"), "Step");
    this.epoch = button(
      "epoch",
      "one epoch",
      "train to the end of this pass over the data",
      () => this.ask("epoch"),
      "Epoch",
    );
    this.reset = button(
      "reset",
      "Reset",
      "begin anew with fresh networks; the settings of the cell",
      () => {},
      "Reset",
    );
    this.twice = new Twice(
      this.reset,
      "Reset",
      "Really reset?",
      () => this.film.status.step > 0,
      () => this.ask("reset"),
    );
    this.where = make("div", { class: "where" });
    this.hint = make("p", { class: "hint", hidden: "" });
    this.trouble = make("p", { class: "trouble", role: "alert", hidden: "" });
    this.settings = make("div", { class: "dials", role: "group", "aria-label": "settings, changed while it trains" });
    this.changes = make("ol");
    this.count = make("summary");
    this.log = make("details", { class: "log", hidden: "" }, this.count, this.changes);
    this.panel = make(
      "div",
      { class: "trainer", role: "group", "aria-label": "training" },
      make("div", { class: "acts" }, this.go, this.step, this.epoch, this.reset, this.where),
      this.hint,
      this.trouble,
      this.settings,
      this.log,
    );
    replay.head.after(this.panel);
    this.newest = button(
      "newest",
      "newest frame",
      "go to the newest frame and follow it",
      () => replay.go(replay.last),
      "Now",
    );
    replay.controls.append(this.newest);
    replay.playOrStep = () => this.toggle(); // space: what stands still or moves here is the training
    this.space = make("span");
    replay.spaceDoes.replaceWith(this.space);
  }

  dial(name, label) {
    const wrong = make("p", { class: "wrong", role: "alert" }),
      input = make("input", {
        type: "text",
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": label,
        "aria-describedby": `wrong-${name}`,
      });
    wrong.id = `wrong-${name}`;
    const move = (up) => this.set(name, nextValue(name, +this.film.status.knobs[name].value, up));
    const nudge = (up) => {
      const node = make(
        "button",
        { type: "button", "aria-label": `${up ? "raise" : "lower"} ${label}`, title: up ? "higher" : "lower" },
        up ? "+" : "−",
      );
      node.addEventListener("click", () => move(up));
      return node;
    };
    const commit = () => {
      if (input.value.trim() !== this.valueText(name)) this.set(name, input.value.trim());
    };
    input.addEventListener("change", commit);
    input.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
      event.stopPropagation(); // neither a shortcut of the notebook nor a move of the slider
      const up = { ArrowUp: true, ArrowDown: false }[event.key];
      if (up !== undefined) {
        event.preventDefault();
        move(up);
      }
      if (event.key === "Escape") input.value = this.valueText(name);
    });
    const nudges = [nudge(false), nudge(true)];
    const node = make(
      "div",
      { class: `dial ${name}` },
      make("span", { class: "label", "aria-hidden": "true" }, label),
      make("div", { class: "stepper" }, nudges[0], input, nudges[1]),
      wrong,
    );
    return { node, input, wrong, nudges, until: 0 };
  }
  valueText(name) {
    return String(this.film.status.knobs[name].value);
  }

  /* -------- what a learner does */

  ask(what, more = {}) {
    this.pending = { token: `${Math.random()}` };
    this.pausing = what === "pause"; // is said until it has
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.late = true;
      this.show();
    }, PATIENCE);
    this.film.model.send({ do: what, token: this.pending.token, ...more });
    this.show();
  }
  heard(token) {
    if (!this.pending || token !== this.pending.token) return;
    clearTimeout(this.timer);
    [this.pending, this.late] = [null, false];
    this.show();
  }
  toggle() {
    const { phase, inline } = this.film.status;
    if (!inline) this.ask(phase === "training" ? "pause" : "start");
  }
  set(name, value) {
    const { input } = this.dials[name];
    input.value = String(value);
    this.dials[name].until = performance.now() + 1000; // the kernel's old value must not come in between
    this.ask("set", { name, value });
  }

  /* -------- what it shows */

  update() {
    const { replay, film } = this,
      fresh = film.number !== this.number;
    this.number = film.number;
    if (fresh) replay.frame = replay.last; // another run: show what is newest in it
    replay.update([film.recording()]);
    this.show();
  }
  follow() {
    this.newest.setAttribute("aria-pressed", this.replay.frame === this.replay.last);
  }

  show() {
    const { status, meta } = this.film,
      { phase, inline } = status,
      training = phase === "training";
    this.pausing &&= training;
    const word = this.pausing ? "Pausing" : training ? "Pause" : "Start";
    if (this.go.dataset.word !== word) this.go.replaceChildren(icon(training ? "pause" : "play"), word);
    this.go.dataset.word = word;
    this.go.setAttribute("aria-label", word);
    this.go.title = training ? "stop after this step" : status.step ? "train on" : "train";
    this.go.hidden = inline;
    this.epoch.hidden = inline || status.epoch === null;
    for (const node of [this.step, this.epoch]) node.setAttribute("aria-disabled", training);
    this.space.textContent = training ? "pause" : "start";
    this.space.parentNode.firstChild.hidden = this.space.hidden = inline;
    this.say(status);
    this.showDials(status);
    this.showLog(meta.log || []);
    this.follow();
    if (phase !== this.phase)
      this.replay.live.textContent = training
        ? "training"
        : phase === "failed"
          ? ""
          : phase === "paused"
            ? `paused at step ${whole(status.step)}`
            : "begun anew";
    this.phase = phase;
  }
  say({ phase, step, epoch, rate, seconds, inline, error, notice }) {
    const words = [
      PHASES[phase],
      `step ${whole(step)}`,
      ...(isNumber(epoch) ? [`epoch ${epoch < 10 ? epoch.toFixed(2) : epoch.toFixed(1)}`] : []),
      ...(phase === "training" && isNumber(rate) ? [`${rate < 10 ? rate.toFixed(1) : whole(rate)} steps/s`] : []),
      duration(seconds),
    ];
    this.where.replaceChildren(
      ...words.map((word, k) => make("span", k === words.length - 1 ? { title: "time spent training" } : {}, word)),
    );
    const hint = this.late
      ? TO_NO_AVAIL
      : !inline
        ? phase === "ready"
          ? "Press Start. The film grows while it trains; slide back in it at any time."
          : ""
        : phase === "training"
          ? "It trains in the cell. The stop button of the notebook pauses it."
          : "This kernel trains in a cell: live.train_to(steps). Stopped, run the cell again: it goes on.";
    [this.hint.textContent, this.hint.hidden] = [hint, !hint];
    const trouble = error || (notice.text && !this.film.status.knobs[notice.at] ? notice.text : "");
    if (this.trouble.textContent !== trouble) this.trouble.textContent = trouble;
    this.trouble.hidden = !trouble;
  }
  showDials({ knobs, notice }) {
    for (const [name, { label, value }] of Object.entries(knobs)) {
      if (!this.dials[name]) this.settings.append((this.dials[name] = this.dial(name, label)).node);
      const dial = this.dials[name],
        { input, wrong } = dial,
        text = notice.at === name ? notice.text : "";
      if (wrong.textContent !== text) {
        wrong.textContent = text;
        dial.until = 0;
      }
      input.setAttribute("aria-invalid", Boolean(text));
      dial.nudges.forEach((node, up) => {
        // there is nothing lower than the least
        const end = nextValue(name, +value, Boolean(up)) === +value;
        node.setAttribute("aria-disabled", end);
        node.title = end ? `${value} is the ${up ? "most" : "least"}` : up ? "higher" : "lower";
      });
      const edited = input.matches(":focus") && input.value !== dial.told; // somebody is typing
      if ((!edited && performance.now() > dial.until) || String(value) === input.value) {
        input.value = dial.told = String(value);
        dial.until = 0;
      }
    }
  }
  showLog(log) {
    if (log === this.logged) return;
    this.logged = log;
    this.log.hidden = !log.length;
    this.count.textContent = log.length === 1 ? "1 change" : `${log.length} changes`;
    this.changes.replaceChildren(
      ...log
        .slice()
        .reverse()
        .map(({ step, change }) => make("li", {}, `step ${whole(step)}: ${change}`)),
    );
  }
  destroy() {
    clearTimeout(this.timer);
    this.twice.forget();
    this.film.views.delete(this);
    this.replay.destroy();
  }
}
