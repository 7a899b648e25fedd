import { clamp, make, put, sign, whole } from "../kit/before.js";

/* The plane's settings: one control for each that the kernel told, all of them choices out of a list of values.
 *
 * A slider sends its value when it is let go, so that a drag is one change; one message of a control is under way at a
 * time. What needs fresh networks asks first where something was trained.
 */

export const valueWords = (value) =>
  Array.isArray(value)
    ? "a drawing"
    : typeof value !== "number"
      ? String(value)
      : value > 0 && value < 0.01
        ? value.toExponential(0).replace("-", "−")
        : value >= 1000
          ? whole(value)
          : String(value);
const UNITS = { latent_dim: (v) => `${v} dim${v > 1 ? "s" : ""}` };
const GROUP_KIND = { Discriminator: "d", Generator: "g" };
const DRAW = "draw your own …",
  OWN = "your own drawing";
const MOST_POINTS = 1500,
  MOST_LEARNED = 400; // of a drawing; as MOST_DRAWN of widgets/plane/settings.py
const SHAPES = {
  heart: (t) => [
    0.075 * 16 * Math.sin(t) ** 3,
    0.075 * (13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)) + 0.15,
  ],
  star: (t) => {
    const k = (t / Math.PI) * 5,
      i = Math.floor(k),
      f = k - i,
      at = (n) => {
        const r = n % 2 ? 0.42 : 1.05,
          a = (n * Math.PI) / 5;
        return [r * Math.sin(a), r * Math.cos(a)];
      },
      [a, b] = [at(i), at(i + 1)];
    return [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f];
  },
  "figure of eight": (t) => [1.05 * Math.sin(t), 1.05 * Math.sin(t) * Math.cos(t)],
};

/** The index of the value in the list that is nearest. */
const placeOf = (values, value) => {
  const exact = values.indexOf(value);
  return exact >= 0
    ? exact
    : values.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(values[best] - value) ? i : best), 0);
};

class Setting {
  constructor(panel, name, control) {
    Object.assign(this, { panel, name, control, until: 0 });
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.question = make("div", { class: "question", role: "alert", hidden: "" });
    this.words = make("b");
    const label = GROUP_KIND[control.group] ? `${control.label} of the ${control.group.toLowerCase()}` : control.label;
    this.ranged = typeof control.values[0] === "number";
    if (this.ranged) {
      this.input = make("input", {
        type: "range",
        min: 0,
        max: control.values.length - 1,
        step: 1,
        "aria-label": label,
      });
      this.input.addEventListener("input", () => {
        this.held = true;
        this.say(control.values[+this.input.value]);
      });
      this.input.addEventListener("change", () => this.wish(control.values[+this.input.value]));
      for (const end of ["change", "pointerup", "pointercancel", "blur"])
        this.input.addEventListener(end, () => {
          this.held = false;
          this.until ||= 1;
        }); // 1: long ago
      this.node = make("label", { class: `setting ${name}` }, make("span", {}, control.label), this.input, this.words);
    } else {
      this.input = make("select", { "aria-label": label });
      this.fill();
      this.input.addEventListener("change", () => this.choose(this.input.value));
      const alone = name === "data" || name === "loss";
      this.node = make(
        "label",
        { class: `setting chosen ${name}${alone ? " alone" : ""}` },
        make("span", alone ? { class: "hidden" } : {}, control.label),
        this.input,
      );
    }
    this.label = this.node;
    this.node = make("div", {}, this.label, this.question, this.wrong);
  }
  fill() {
    const options = [
      ...this.control.values,
      ...(this.own || this.drawing ? [OWN] : []),
      ...(this.name === "data" ? [DRAW] : []),
    ];
    this.input.replaceChildren(...options.map((value) => make("option", { value }, value)));
  }
  /** own: the drawing that was learned last, which the menu keeps. */
  choose(value) {
    if (value === DRAW) return this.panel.view.draw(true);
    if (this.drawing) this.panel.view.draw(false);
    return this.wish(value === OWN ? this.own : value);
  }
  draws(on) {
    this.drawing = on;
    this.fill();
    this.until ||= 1;
    if (on) this.input.value = OWN;
    else this.show(this.panel.view.film.status.settings.data);
  }
  /** Sends a value; first asks where it needs fresh networks and those at hand were trained. */
  wish(value) {
    const { step } = this.panel.view.film.status,
      end = (act) => () => {
        this.question.hidden = true;
        act();
        this.input.focus();
      };
    if (!this.control.fresh || !step || value === this.told) {
      this.question.hidden = true;
      return this.send(value);
    }
    this.say(value);
    const button = (words, act) => {
      const node = make("button", { type: "button" }, words);
      node.addEventListener("click", end(act));
      return node;
    };
    this.question.replaceChildren(
      make(
        "p",
        {},
        `This needs fresh networks: what ${whole(step)} step${step > 1 ? "s" : ""} have trained would be lost.`,
      ),
      button("Begin anew", () => this.send(value)),
      button("Keep them", () => {
        this.until = 1;
        this.show(this.told);
      }),
    );
    this.question.hidden = false;
  }
  /** One message under way at a time; of those that wait, the last. */
  send(value) {
    this.until = performance.now() + 1200; // the kernel's old value must not come in between
    this.say(value);
    if (this.busy) {
      this.waiting = [value];
      return;
    }
    this.busy = true;
    this.panel.view.ask("set", { name: this.name, value }, () => {
      this.busy = false;
      if (!this.waiting) return;
      const [next] = this.waiting;
      this.waiting = null;
      this.send(next);
    });
  }
  say(value) {
    const words = value === this.control.off ? "off" : (UNITS[this.name] || valueWords)(value);
    this.words.textContent = words;
    this.input.setAttribute("aria-valuetext", words);
  }
  show(value, wrong = "") {
    if (!this.panel.view.film.status.step) this.question.hidden = true;
    if (String(value) === String(this.told) && !this.until && wrong === this.wrong.textContent) return;
    if (Array.isArray(value) && String(value) !== String(this.own)) {
      this.own = value;
      this.fill();
      this.until ||= 1;
    }
    this.told = value;
    if (this.ranged) this.label.dataset.told = placeOf(this.control.values, value); // what the kernel has
    if (this.wrong.textContent !== wrong) {
      this.wrong.textContent = wrong;
      this.until = 0;
    }
    if (this.held || this.drawing || !this.question.hidden) return;
    if ((!this.busy && performance.now() > this.until) || this.current() === value) {
      this.input.value = this.ranged ? placeOf(this.control.values, value) : Array.isArray(value) ? OWN : value;
      this.until = 0;
      this.say(value);
    }
  }
  current() {
    return this.ranged ? this.control.values[+this.input.value] : this.input.value;
  }
}

/** All settings, in groups; what is seldom used is folded away. */
export class Settings {
  constructor(view, controls) {
    this.view = view;
    this.all = Object.fromEntries(
      Object.entries(controls).map(([name, control]) => [name, new Setting(this, name, control)]),
    );
    const groups = [...new Set(Object.values(controls).map((control) => control.group))];
    this.groups = groups.map((group) => {
      const of = Object.values(this.all).filter((each) => each.control.group === group);
      const [usual, more] = [of.filter((each) => !each.control.more), of.filter((each) => each.control.more)];
      const legend = make("legend", {}, ...(GROUP_KIND[group] ? [sign(GROUP_KIND[group])] : []), group);
      return make(
        "fieldset",
        { class: `group ${GROUP_KIND[group] || ""}` },
        legend,
        ...usual.map((each) => each.node),
        ...(more.length
          ? [
              make(
                "details",
                {},
                make("summary", {}, GROUP_KIND[group] ? "optimiser" : "more"),
                ...more.map((each) => each.node),
              ),
            ]
          : []),
      );
    });
    this.node = make(
      "div",
      { class: "settings", role: "group", "aria-label": "settings, changed while it trains" },
      ...this.groups,
    );
  }
  show(values, notice) {
    for (const [name, each] of Object.entries(this.all)) each.show(values[name], notice.at === name ? notice.text : "");
    for (const letter of ["d", "g"])
      for (const beta of ["beta1", "beta2"]) {
        const each = this.all[`${letter}_${beta}`];
        if (each) each.node.hidden = values[`${letter}_optimizer`] !== "Adam";
      }
  }
}

/** What is drawn before it is learned: strokes of a pointer, a pen moved by keys, or a shape from the list. */
export class Drawing {
  constructor(view) {
    this.view = view;
    this.points = [];
    const button = (words, act, kind = "") => {
      const node = make("button", { type: "button", class: kind }, words);
      node.addEventListener("click", act);
      return node;
    };
    this.learn = button("Learn it", () => this.done(), "learn");
    this.count = make("p", { role: "status" });
    this.node = make(
      "div",
      { class: "drawing", role: "group", "aria-label": "draw your own data", hidden: "" },
      make(
        "p",
        {},
        make("b", {}, "Your own data. "),
        "Draw in the picture, or take a shape; then let the GAN learn it. With keys: arrows move the pen, Enter puts a point, Esc leads back.",
      ),
      this.learn,
      button("Back, without it", () => view.draw(false)),
      ...Object.keys(SHAPES).map((name) => button(name, () => this.shape(name))),
      button("Clear", () => {
        this.points = [];
        view.paint();
        this.show();
      }),
      this.count,
    );
    this.show();
  }
  /** A pointer's stroke: points at even distances along it. */
  add([x, y], starts) {
    const last = starts ? null : this.points.at(-1),
      far = last ? Math.hypot(x - last[0], y - last[1]) : 0,
      parts = Math.max(1, Math.round(far / 0.03));
    if (last && far < 0.03) return;
    for (let k = 1; k <= parts; k++) {
      const t = k / parts,
        [a, b] = last ? [last[0] + (x - last[0]) * t, last[1] + (y - last[1]) * t] : [x, y];
      if (this.points.length < MOST_POINTS)
        this.points.push([clamp(+a.toFixed(3), -1.45, 1.45), clamp(+b.toFixed(3), -1.45, 1.45)]);
      if (!last) break;
    }
    this.show();
  }
  shape(name) {
    this.points = Array.from({ length: 160 }, (_, k) =>
      SHAPES[name]((k / 160) * 2 * Math.PI).map((v) => +v.toFixed(3)),
    );
    this.show();
    this.view.paint();
  }
  show() {
    const { length } = this.points,
      every = Math.ceil(length / MOST_LEARNED);
    this.learn.disabled = !length;
    put(
      this.count,
      `${whole(length)} point${length === 1 ? "" : "s"}${length >= MOST_POINTS ? ", the most there can be" : ""}${every > 1 ? `; learned is one in ${every}, evenly` : ""}`,
    );
  }
  done() {
    this.view.ask("set", { name: "data", value: this.points });
    this.points = [];
    this.view.draw(false);
  }
}
