/* The loss explorer: losses and their slopes against the logit, and what gradient steps do to it.
 *
 * It follows the replay's texts in one module and uses its helpers (make, ticks, clamp, followTheme, STYLE). Python has
 * evaluated the losses at the logits spec.nodes; here they are read, and interpolated where a step ends between two.
 *
 *   exploreLosses(element, model)   model: {get, set, on, off, save_changes}, a widget's or what `still(state)` makes
 *
 * Names of losses are shown as text, never as markup.
 */

import { clamp, fixed, followTheme, lastAtOrBefore, make, put, roomFor, sigmoid, sound, ticks } from "../kit/before.js";
import STYLE from "../kit/look.css";
import { paletteStyle } from "../kit/palette.js";
import { RUN_DASH } from "../kit/chart.js";
import LOSS_STYLE from "./loss_explorer.css";

const TERMS = [
  ["real", "D on real"],
  ["fake", "D on fake"],
  ["g", "G"],
];
const SAYS = {
  real: "D's loss where it gives a real sample the logit l, and a fake one 0",
  fake: "D's loss where it gives a fake sample the logit l, and a real one 0",
  g: "G's loss where D gives a fake sample the logit l (and a real one 0, for losses that compare)",
};
const REACHES = [8, 24, 100],
  RATES = [0.1, 0.5, 1, 2],
  STEPS = [1, 10, 100],
  MOST_PICKED = 5;
const fails = (x) => !Number.isFinite(x);

/** A number as a reader wants it: four digits, the sign as a minus, and plainly so where it is none. */
function numeral(x) {
  if (Number.isNaN(x)) return "NaN";
  if (fails(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x),
    text = size && (size < 1e-3 || size >= 1e5) ? x.toExponential(2) : String(+x.toPrecision(4));
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** What Python evaluated: float32 [type][row][term][value, slope][node]. */
class LossTable {
  constructor(spec, source) {
    const bytes =
      typeof source === "string"
        ? Uint8Array.from(atob(source), (c) => c.charCodeAt(0))
        : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    Object.assign(this, { spec, nodes: spec.nodes, all: new Float32Array(bytes.slice().buffer) });
    this.rows = spec.names.length + Object.keys(spec.textbook).length;
  }
  columns(type, row, term) {
    const { spec, nodes } = this,
      size = nodes.length;
    const start =
      ((spec.types.indexOf(type) * this.rows + row) * spec.terms.length + spec.terms.indexOf(term)) * 2 * size;
    return [this.all.subarray(start, start + size), this.all.subarray(start + size, start + 2 * size)];
  }
  /** [value, slope] at any logit: at a node Python's own, between two the cubic through both values and slopes. */
  at([values, slopes], l) {
    const { nodes } = this,
      k = clamp(lastAtOrBefore(nodes, l), 0, nodes.length - 2),
      h = nodes[k + 1] - nodes[k],
      t = (l - nodes[k]) / h;
    if (t <= 0 || t >= 1) return [values[t <= 0 ? k : k + 1], slopes[t <= 0 ? k : k + 1]];
    const [a, b] = [values[k], values[k + 1]],
      [p, q] = [slopes[k] * h, slopes[k + 1] * h],
      s = 1 - t;
    return [
      a * s * s * (1 + 2 * t) + b * t * t * (3 - 2 * t) + p * t * s * s - q * t * t * s,
      slopes[k] * s + slopes[k + 1] * t,
    ];
  }
  /** The logits that gradient descent visits, `steps` times l ← l − rate · slope. It ends where a slope is no number. */
  descend(columns, l, rate, steps) {
    const path = [l],
      last = this.nodes[this.nodes.length - 1];
    for (let k = 0; k < steps && Math.abs(l) <= last; k++) path.push((l -= rate * this.at(columns, l)[1]));
    return path;
  }
}

/** Curves over the logit, a mark on each where the point stands, and the path of the steps. */
class LossChart {
  constructor(view, title, steep) {
    Object.assign(this, { view, steep });
    this.svg = make("svg:svg", { class: "plot", "aria-hidden": "true" });
    this.over = make("svg:svg", { class: "over", "aria-hidden": "true" });
    this.box = make("div", { class: "loss-box" }, this.svg, this.over);
    this.note = make("span");
    this.node = make(
      "div",
      { class: "loss-chart" },
      make("div", { class: "legend" }, make("b", {}, title), make("i", { class: "push" }), this.note),
      this.box,
    );
    const go = (event) =>
      view.go(
        ((event.clientX - this.box.getBoundingClientRect().left - this.left) / (this.right - this.left)) *
          2 *
          view.reach -
          view.reach,
      );
    this.box.addEventListener("pointerdown", (event) => {
      if (!event.button) {
        this.box.setPointerCapture(event.pointerId);
        this.held = true;
        go(event);
      }
    });
    this.box.addEventListener("pointermove", (event) => this.held && go(event));
    for (const end of ["pointerup", "pointercancel"])
      this.box.addEventListener(end, () => {
        this.held = false;
      });
  }
  x(l) {
    return this.left + ((l + this.view.reach) / (2 * this.view.reach)) * (this.right - this.left);
  }
  y(v) {
    return this.bottom - ((v - this.low) / (this.high - this.low)) * (this.bottom - this.top);
  }
  /** curves: [{k, columns, textbook}]; the axis shows what fits 1.25 × the reach, or slopes up to 3. */
  load(curves) {
    const { view, steep } = this,
      { nodes } = view.table,
      width = this.box.clientWidth,
      height = this.box.clientHeight;
    if (!width) return;
    const inside = nodes.flatMap((l, i) => (Math.abs(l) <= view.reach ? [i] : [])),
      bound = steep ? 3 : 1.25 * view.reach;
    const seen = curves.flatMap(({ columns }) => inside.map((i) => columns[+steep][i]).filter((v) => !fails(v)));
    const [least, most] = [Math.min(0, ...seen), Math.max(0, ...seen)],
      room = 0.06 * (Math.min(most, bound) - Math.max(least, -bound) || 1);
    Object.assign(this, {
      curves,
      low: Math.max(least, -bound) - room,
      high: Math.min(most, bound) + room,
      left: 40,
      right: width - 20,
      top: 4,
      bottom: height - 20,
    });
    this.note.textContent = least < -bound || most > bound ? `cut off at ±${bound}` : "";
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
    }
    const rule = (d, kind) => make("svg:path", { d, class: kind }),
      text = (x, y, words, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, words);
    const trace = (values) => {
      // a pen that lifts where there is no number
      let down = false;
      return inside
        .map((i) => {
          const v = values[i],
            word = fails(v)
              ? ""
              : `${down ? "L" : "M"}${this.x(nodes[i]).toFixed(1)} ${this.y(clamp(v, this.low - 9 * bound, this.high + 9 * bound)).toFixed(1)}`;
          down = !fails(v);
          return word;
        })
        .join("");
    };
    const name = `clip-${this.steep ? "slope" : "loss"}`,
      clip = make("svg:g", { "clip-path": `url(#${name})` });
    for (const { k, columns, textbook } of curves) {
      if (textbook)
        clip.append(
          ...this.broken(textbook, inside, k),
          make("svg:path", { class: `series textbook run${k}`, d: trace(textbook[+steep]) }),
        );
      clip.append(
        make("svg:path", {
          class: `series run${k}`,
          "stroke-dasharray": RUN_DASH[k] || null,
          d: trace(columns[+steep]),
        }),
      );
    }
    this.svg.replaceChildren(
      make(
        "svg:clipPath",
        { id: name },
        make("svg:rect", { x: this.left, y: this.top, width: this.right - this.left, height: this.bottom - this.top }),
      ),
      ...ticks(this.low, this.high, 4).flatMap((t) => [
        rule(`M${this.left} ${this.y(t)}H${this.right}`, t ? "rule" : "axis"),
        text(this.left - 6, this.y(t) + 4, numeral(t), "end"),
      ]),
      rule(`M${this.x(0)} ${this.top}V${this.bottom}`, "rule"),
      clip,
      ...ticks(-view.reach, view.reach, width < 360 ? 4 : 8).map((t) =>
        text(this.x(t), this.bottom + 15, numeral(t), "middle"),
      ),
      ...this.letters(inside),
    );
    this.marks = curves.map(({ k }) => make("svg:circle", { class: `mark run${k}`, r: 5 }));
    this.paths = curves.map(({ k }) => make("svg:path", { class: `way run${k}` }));
    this.ends = curves.map(({ k }) => make("svg:circle", { class: `end run${k}`, r: 4.5 }));
    this.cursor = rule(`M0 ${this.top}V${this.bottom}`, "cursor");
    this.over.replaceChildren(this.cursor, ...this.paths, ...this.ends, ...this.marks);
  }
  /** The stretches where a textbook form gives no number, value or slope: shaded, with words. */
  broken(textbook, inside, k) {
    const { nodes } = this.view.table,
      bad = inside.filter((i) => textbook.some((column) => fails(column[i])));
    const runs = bad.reduce((all, i) => {
      const last = all[all.length - 1];
      if (last && last[1] === i - 1) last[1] = i;
      else all.push([i, i]);
      return all;
    }, []);
    return runs.flatMap(([from, to]) => {
      const [left, right] = [this.x(nodes[from]), this.x(nodes[to])],
        middle = clamp((left + right) / 2, this.left + 40, this.right - 40);
      return [
        make("svg:rect", {
          class: "broken",
          "data-from": nodes[from],
          "data-to": nodes[to],
          x: left,
          y: this.top,
          width: Math.max(2, right - left),
          height: this.bottom - this.top,
        }),
        make(
          "svg:text",
          { class: "halo", x: middle, y: this.clear(inside, middle, k), "text-anchor": "middle" },
          `✕ textbook ${"ABCDE"[k]}`,
        ),
      ];
    });
  }
  /** How high words round x stand so that no curve strikes them through: of a few heights the one farthest from all. */
  clear(inside, x, k) {
    const beside = inside.filter((i) => Math.abs(this.x(this.view.table.nodes[i]) - x) < 48),
      { low, high } = this;
    const curves = this.curves.flatMap(({ columns }) =>
      beside
        .map((i) => columns[+this.steep][i])
        .filter((v) => !fails(v))
        .map((v) => this.y(clamp(v, low, high))),
    );
    const free = (y) => Math.min(30, ...curves.map((each) => Math.abs(each - y + 4))); // more room than that is no better
    const row = 14 * k,
      heights = [
        this.bottom - 8 - row,
        this.bottom - 34 - row,
        (this.top + this.bottom) / 2 - row,
        this.top + 16 + row,
      ];
    return heights.reduce((best, y) => (free(y) > free(best) ? y : best));
  }
  /** The letter of each curve beside its right end; letters that would overlap move apart. */
  letters(inside) {
    const places = this.curves
      .map(({ k, columns }) => {
        const last = [...inside].reverse().find((i) => !fails(columns[+this.steep][i])),
          v = last === undefined ? 0 : columns[+this.steep][last];
        return { k, y: clamp(this.y(clamp(v, this.low, this.high)) + 4, this.top + 10, this.bottom) };
      })
      .sort((a, b) => a.y - b.y);
    places.forEach((place, i) => {
      if (i) place.y = Math.max(place.y, places[i - 1].y + 12);
    });
    places.reduceRight((below, place) => (place.y = Math.min(place.y, below - 12)), this.bottom + 12);
    return places.map(({ k, y }) => make("svg:text", { x: this.right + 5, y, class: `letter run${k}` }, "ABCDE"[k]));
  }
  draw(l, states) {
    if (!this.marks) return;
    this.cursor.setAttribute("transform", `translate(${this.x(l).toFixed(1)} 0)`);
    const inside = (v) => !fails(v) && v >= this.low && v <= this.high;
    const put = (node, at, v) => {
      node.toggleAttribute("hidden", !inside(v) || Math.abs(at) > this.view.reach);
      if (!fails(v)) node.setAttribute("transform", `translate(${this.x(at).toFixed(1)} ${this.y(v).toFixed(1)})`);
    };
    states.forEach(({ values, way }, i) => {
      put(this.marks[i], l, values[+this.steep]);
      const dots = way.filter(([at, v]) => inside(v) && Math.abs(at) <= this.view.reach);
      this.paths[i].setAttribute(
        "d",
        dots.length > 1 && !this.steep
          ? dots.map(([at, v]) => `M${this.x(at).toFixed(1)} ${this.y(v).toFixed(1)}h0`).join("")
          : "",
      );
      const [at, v] = way[way.length - 1];
      put(this.ends[i], at, this.steep ? NaN : v);
    });
  }
}

/* ---------------------------------------------------------------- the whole panel */

class LossPanel {
  constructor(element, model) {
    Object.assign(this, {
      model,
      get: sound((name) => model.get(name)),
      table: new LossTable(model.get("spec"), model.get("table")),
    });
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" }); // its keys are its own, not JupyterLab's
    this.root = make("section", { class: "replay losses", tabindex: -1, "aria-label": "loss explorer" });
    this.host.attachShadow({ mode: "open" }).append(make("style", {}, paletteStyle() + STYLE, LOSS_STYLE), this.root);
    this.build();
    element.append(this.host);
    this.watch();
    this.load();
  }
  get reach() {
    return this.get("reach");
  }
  /** Logits move from node to node, so that what is read is what Python computed. */
  get grain() {
    return this.reach > 24 ? 0.5 : 0.125;
  }
  set(changes) {
    Object.entries(changes).forEach(([name, value]) => this.model.set(name, value));
    this.model.save_changes();
  }
  go(l) {
    const next = clamp(Math.round(l / this.grain) * this.grain, -this.reach, this.reach);
    if (next !== this.get("logit")) this.set({ logit: next });
    this.draw();
  }

  build() {
    const { spec } = this.table,
      key = (words) => make("b", {}, words);
    this.says = make("p", { class: "subtitle" });
    this.chips = spec.names.map((name) => {
      const chip = make(
        "button",
        { type: "button", class: "chip" },
        make("i", { class: "badge" }),
        make("span", {}, name),
      );
      chip.addEventListener("click", () => this.pick(name));
      return chip;
    });
    this.choices = []; // [trait, value, button]: rows of buttons of which one is down
    const row = (trait, label, options) =>
      make(
        "div",
        { class: "choice", role: "group", "aria-label": label },
        make("span", { "aria-hidden": "true" }, label),
        ...options.map(([value, words]) => {
          const button = make("button", { type: "button" }, words);
          button.addEventListener("click", () => this.set({ [trait]: value }));
          this.choices.push([trait, value, button]);
          return button;
        }),
      );
    this.charts = [new LossChart(this, "loss", false), new LossChart(this, "slope: dL/dl", true)];
    this.slider = make("input", { type: "range", "aria-label": "logit" });
    this.slider.addEventListener("input", () => this.go(+this.slider.value));
    this.reads = make("output", { class: "reads" });
    this.body = make("tbody");
    this.head = make("th", { scope: "col" });
    this.live = make("div", { class: "live", "aria-live": "polite" });
    this.root.append(
      make(
        "header",
        {},
        make("div", { class: "titles" }, make("h3", {}, "Loss explorer"), this.says),
        row("term", "whose loss", TERMS),
      ),
      make(
        "div",
        { class: "chips", role: "group", "aria-label": `losses to show, ${MOST_PICKED} at most` },
        ...this.chips,
        (this.limit = make("span", { class: "limit", role: "status" })),
      ),
      make("div", { class: "two" }, ...this.charts.map((chart) => chart.node)),
      make("div", { class: "point" }, make("span", {}, "logit l"), this.slider, this.reads),
      make(
        "div",
        { class: "scroll" },
        make(
          "table",
          {},
          make(
            "thead",
            {},
            make("tr", {}, ...["", "loss", "slope"].map((words) => make("th", { scope: "col" }, words)), this.head),
          ),
          this.body,
        ),
      ),
      make(
        "div",
        { class: "choices" },
        row(
          "precision",
          "computed in",
          spec.types.map((type) => [type, type]),
        ),
        row(
          "reach",
          "axis",
          REACHES.map((r) => [r, `±${r}`]),
        ),
        row(
          "rate",
          "step size η",
          RATES.map((r) => [r, String(r)]),
        ),
        row(
          "steps",
          "steps",
          STEPS.map((n) => [n, String(n)]),
        ),
      ),
      make(
        "footer",
        {},
        make("span", {}, "drag in a chart, or on the slider ", key("← →"), " · ", key("Home End")),
        make("span", {}, "● the point   ○ after the steps l ← l − η · slope"),
      ),
      this.live,
    );
    this.root.addEventListener("keydown", (event) => {
      // the rest would be a shortcut of the notebook: "b" inserts a cell
      if (!(event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")))
        event.stopPropagation();
    });
  }
  pick(name) {
    const picked = this.get("picked"),
      on = picked.includes(name);
    if (!on && picked.length >= MOST_PICKED) {
      this.live.textContent = `${MOST_PICKED} losses are the most: take one away first`;
      return;
    }
    this.set({ picked: on ? picked.filter((each) => each !== name) : [...picked, name] });
    this.live.textContent = `${name} ${on ? "taken away" : "shown"}`;
  }

  /** Takes over what was chosen, and draws the curves anew. */
  load() {
    const { table } = this,
      { spec } = table,
      [type, term] = [this.get("precision"), this.get("term")],
      picked = this.get("picked");
    this.says.textContent = SAYS[term];
    this.choices.forEach(([trait, value, button]) => button.setAttribute("aria-pressed", this.get(trait) === value));
    this.chips.forEach((chip, i) => {
      const k = picked.indexOf(spec.names[i]),
        full = k < 0 && picked.length >= MOST_PICKED;
      chip.setAttribute("aria-pressed", k >= 0);
      chip.setAttribute("aria-disabled", full);
      chip.className = `chip${k >= 0 ? ` run${k}` : ""}`;
      chip.firstChild.textContent = k >= 0 ? "ABCDE"[k] : "";
    });
    put(
      this.limit,
      picked.length < MOST_PICKED
        ? `${MOST_PICKED} at most`
        : `${MOST_PICKED} are shown, the most: take one away to add another`,
    );
    const columns = (row) => table.columns(type, row, term);
    this.curves = picked.map((name, k) => ({
      k,
      name,
      columns: columns(spec.names.indexOf(name)),
      textbook: Object.hasOwn(spec.textbook, name) ? columns(spec.textbook[name]) : null,
    }));
    this.buildRows();
    [this.slider.min, this.slider.max, this.slider.step] = [-this.reach, this.reach, this.grain];
    if (Math.abs(this.get("logit")) > this.reach)
      this.set({ logit: clamp(this.get("logit"), -this.reach, this.reach) });
    this.charts.forEach((chart) => chart.load(this.curves));
    this.draw();
  }
  buildRows() {
    const cells = (count) => Array.from({ length: count }, () => make("td"));
    const line = (k, kind = "") =>
      make(
        "svg:svg",
        { viewBox: "0 0 26 10", class: "sign wide", "aria-hidden": "true" },
        make("svg:path", {
          d: "M0 5h26",
          class: `line ${kind}`,
          "stroke-dasharray": kind ? null : RUN_DASH[k] || null,
        }),
      );
    this.rows = this.curves.map(({ k, name, textbook }) => {
      const row = cells(3),
        form = textbook ? cells(3) : null;
      return {
        row,
        form,
        nodes: [
          make(
            "tr",
            {},
            make(
              "th",
              { scope: "row" },
              make("span", { class: `run${k}` }, make("i", { class: "badge" }, "ABCDE"[k]), line(k)),
              name,
            ),
            ...row,
          ),
          ...(form
            ? [
                make(
                  "tr",
                  { class: "form" },
                  make(
                    "th",
                    { scope: "row" },
                    make("span", { class: `run${k}` }, make("i", { class: "badge none" }), line(k, "textbook")),
                    "textbook form",
                  ),
                  ...form,
                ),
              ]
            : []),
        ],
      };
    });
    this.body.replaceChildren(...this.rows.flatMap(({ nodes }) => nodes));
  }

  /* -------- drawing: at most once a screen refresh */

  draw() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      if (!this.gone && roomFor(this, () => this.draw())) this.paint();
    });
  }
  paint() {
    const { table } = this,
      l = this.get("logit"),
      rate = this.get("rate"),
      steps = this.get("steps");
    this.head.textContent = `${steps} step${steps > 1 ? "s" : ""} on: l`;
    const states = this.curves.map(({ columns }) => ({
      values: table.at(columns, l),
      way: table.descend(columns, l, rate, steps).map((at) => [at, table.at(columns, at)[0]]),
    }));
    const broken = (columns) => {
      const path = table.descend(columns, l, rate, steps);
      return path[path.length - 1];
    };
    const put = (cells, [value, slope], end) =>
      [value, slope, end].forEach((x, i) => {
        cells[i].textContent =
          i < 2 || fails(x) ? numeral(x) : Math.abs(x) > 104 ? `beyond ${x > 0 ? "" : "−"}104` : fixed(x, 3);
        cells[i].classList.toggle("fails", fails(x));
      });
    this.rows.forEach(({ row, form }, i) => {
      const { values, way } = states[i],
        { textbook } = this.curves[i];
      put(row, values, way[way.length - 1][0]);
      if (form) put(form, table.at(textbook, l), broken(textbook));
    });
    this.charts.forEach((chart) => chart.draw(l, states));
    this.slider.value = l;
    this.reads.textContent = `${numeral(l)}   σ(l) = ${l > 7 ? `1 − ${numeral(sigmoid(-l))}` : numeral(sigmoid(l))}`;
    const said = this.curves.map(
      ({ name, textbook }, i) =>
        `${name}: loss ${numeral(states[i].values[0])}, slope ${numeral(states[i].values[1])}` +
        (textbook && table.at(textbook, l).some(fails) ? ", its textbook form fails" : ""),
    );
    this.slider.setAttribute("aria-valuetext", [`l = ${numeral(l)}`, ...said].join("; "));
  }

  watch() {
    this.unfollow = followTheme(this.root);
    this.sizes = new ResizeObserver(() => this.load());
    this.charts.forEach((chart) => this.sizes.observe(chart.box));
    this.onLoad = () => {
      if (!this.gone) this.load();
    };
    this.onDraw = () => this.draw();
    this.listeners = [
      ...["picked", "term", "precision", "reach"].map((name) => [`change:${name}`, this.onLoad]),
      ["change:logit", this.onDraw],
      ...["rate", "steps"].map((name) => [`change:${name}`, this.onLoad]),
    ];
    this.listeners.forEach(([name, listener]) => this.model.on(name, listener));
  }
  destroy() {
    this.gone = true;
    cancelAnimationFrame(this.waiting);
    this.listeners.forEach(([name, listener]) => this.model.off(name, listener));
    this.unfollow();
    this.sizes.disconnect();
    this.host.remove();
  }
}

/** Shows an explorer inside element; returns what takes it away. */
export function exploreLosses(element, model) {
  const panel = new LossPanel(element, model);
  return () => panel.destroy();
}

/** A model without a kernel. */
export function still(state) {
  const listeners = {};
  return {
    get: (name) => state[name],
    set: (name, value) => {
      if (state[name] !== value) {
        state[name] = value;
        (listeners[`change:${name}`] || []).slice().forEach((tell) => tell());
      }
    },
    on: (name, tell) => (listeners[name] ||= []).push(tell),
    off: (name, tell) => {
      listeners[name] = (listeners[name] || []).filter((each) => each !== tell);
    },
    save_changes: () => {},
  };
}

/* ---------------------------------------------------------------- the look */
