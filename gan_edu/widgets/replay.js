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

const SPEEDS = [0.5, 1, 2, 4];                              // × FRAMES_PER_SECOND
const FRAMES_PER_SECOND = 8;
const MOST_PIXELS = 24e6;                                   // of decoded pictures kept, where each frame is one of its own
const BALANCE_TOP = 0.25;                                   // the share at which a class bar is full
const RUN_DASH = ["", "7 3", "2 3", "9 3 2 3", "1 4"];      // how lines of compared runs differ, beside their letter

/* ---------------------------------------------------------------- text and numbers */

const whole = (x) => Math.round(x).toLocaleString("en");
const isNumber = (x) => typeof x === "number" && Number.isFinite(x);
const fixed = (x, digits = 2) => (isNumber(x) ? x.toFixed(digits).replace("-", "−") : "–");
const fidText = (x) => (isNumber(x) ? fixed(x, x >= 100 ? 0 : x >= 10 ? 1 : 2) : "–");
const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
const optimumText = (x) => (x === 0.5 ? "½" : isNumber(x) ? fixed(x, 3) : "");
const looks = (p) => (p > 0.5 ? "looks real" : p < 0.5 ? "looks fake" : "undecided");

function epochText(epoch) {
  if (epoch < 1) return String(+epoch.toFixed(epoch < 0.01 ? 4 : 2));
  const near = Math.round(epoch);
  return Math.abs(epoch - near) < 0.02 ? whole(near) : epoch.toFixed(epoch < 10 ? 1 : 0);
}

/** Index of the last entry of an ascending list that is <= value; -1 when there is none. */
function lastAtOrBefore(list, value) {
  let low = 0, high = list.length;
  while (low < high) { const mid = (low + high) >> 1; if (list[mid] <= value) low = mid + 1; else high = mid; }
  return low - 1;
}

function nearest(list, value) {
  const left = lastAtOrBefore(list, value);
  if (left < 0) return 0;
  return left + 1 < list.length && list[left + 1] - value < value - list[left] ? left + 1 : left;
}

function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999) * power;
  const out = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-6; t += step) out.push(+t.toPrecision(12));
  return out;
}

/* ---------------------------------------------------------------- elements */

function make(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
                                      : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children);                                 // strings become text nodes
  return node;
}

const ICONS = {
  play: "M4 2.5v11l9.5-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M12 3v10L5.5 8zM3.5 3h1.7v10H3.5z", on: "M4 3v10l6.5-5zM10.8 3h1.7v10h-1.7z",
  loop: "M11 2l3 2.7-3 2.7V5.5H6A2.5 2.5 0 0 0 3.5 8v.5H2V8a4 4 0 0 1 4-4h5zM5 14l-3-2.7L5 8.6v1.9h5A2.5 2.5 0 0 0 12.500 8v-.5H14V8a4 4 0 0 1-4 4H5z",
};
const icon = (name) => make("svg:svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" },
                            make("svg:path", { d: ICONS[name] }));

/** The little sign that stands for a series, in the numbers and in the legends. */
function sign(kind) {
  const box = make("svg:svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: `sign ${kind}` });
  box.append({
    d: () => make("svg:path", { d: "M1 5h16", class: "line" }),
    g: () => make("svg:path", { d: "M1 5h16", class: "line", "stroke-dasharray": "4 2" }),
    real: () => make("svg:circle", { cx: 9, cy: 5, r: 4 }),
    fake: () => make("svg:path", { d: "M9 .8 13.600 9H4.400z" }),
    "box-real": () => make("svg:rect", { x: 2, y: -1, width: 13, height: 12, class: "line" }),
    "box-fake": () => make("svg:rect", { x: 2, y: -1, width: 13, height: 12, class: "line", "stroke-dasharray": "3.250 2" }),
  }[kind]());
  return box;
}

/* ---------------------------------------------------------------- one recording */

/** What the views ask of a recording: its frame at a step, its curves, its scores. */
class Run {
  constructor({ meta, atlas }) {
    this.meta = meta;
    this.sources = Array.isArray(atlas) ? atlas : [atlas];
    this.steps = meta.frames.step;
    this.perEpoch = meta.steps_per_epoch || null;
    this.curves = meta.curves && meta.curves.step && meta.curves.step.length ? meta.curves : null;
    this.optimum = meta.optimum || {};
    this.scored = (meta.frames.scores || []).flatMap((s, i) => (s ? [i] : []));
    this.fid = this.scored.filter((i) => isNumber(meta.frames.scores[i].fid));
  }
  at(step) { return lastAtOrBefore(this.steps, step); }     // -1: it has not started yet
  epoch(frame) {
    const told = this.meta.frames.epoch && this.meta.frames.epoch[frame];
    return !this.perEpoch ? null : isNumber(told) ? told : this.steps[frame] / this.perEpoch;
  }
  curve(name, step) {
    const values = this.curves && this.curves[name];
    return values ? values[nearest(this.curves.step, step)] : null;
  }
  has(name) { return Boolean(this.curves && this.curves[name] && this.curves[name].some(isNumber)); }
  probabilities(frame) {
    const logits = this.meta.frames.logits && this.meta.frames.logits[frame];
    return logits && logits.length ? logits.map((l) => (isNumber(l) ? sigmoid(l) : null)) : null;
  }
  /** The newest scores at or before a frame, and the frame they belong to. */
  scores(frame) {
    const k = lastAtOrBefore(this.scored, frame);
    return k < 0 ? null : { ...this.meta.frames.scores[this.scored[k]], frame: this.scored[k] };
  }
}

/* ---------------------------------------------------------------- the frames */

function toBlob(source) {
  if (source instanceof Blob) return source;
  if (typeof source === "string") {
    const [head, body] = source.split(",", 2), text = atob(body);
    return new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))], { type: head.slice(5).split(";")[0] });
  }
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Blob([bytes], { type: bytes[0] === 0x89 ? "image/png" : "image/webp" });
}

/** Decodes the pictures of a run when they come, or, where they are many, when they are asked for; draws one frame. */
class Atlas {
  constructor(onReady) { Object.assign(this, { onReady, sources: [], bitmaps: new Map(), broken: new Map(), decoding: new Set(), shown: null, error: null }); }
  load(run) {
    [this.sources, this.layout] = [run.sources, run.meta.atlas];
    const { columns, rows, frame_width, frame_height } = this.layout, wanted = new Set(this.sources);
    this.room = Math.max(1, Math.floor(MOST_PIXELS / (columns * rows * frame_width * frame_height)));
    for (const source of [...this.bitmaps.keys()]) if (!wanted.has(source) && source !== this.shown?.source) this.forget(source);
    this.sources.slice(-this.room).forEach((source) => this.decode(source));
  }
  async decode(source) {
    if (!source || this.bitmaps.has(source) || this.decoding.has(source) || this.broken.has(source)) return;
    this.decoding.add(source);
    try {
      const bitmap = await createImageBitmap(toBlob(source)), { columns, frame_width, frame_height } = this.layout;
      if (!this.sources.includes(source)) return bitmap.close();
      if (bitmap.width < columns * frame_width || bitmap.height < frame_height)
        throw new Error(`the image is ${bitmap.width}×${bitmap.height} pixels, too small for its frames`);
      this.bitmaps.set(source, bitmap);
      for (const old of [...this.bitmaps.keys()].slice(0, -this.room)) if (old !== this.shown?.source) this.forget(old);
    } catch (problem) { this.broken.set(source, problem.message || String(problem)); }
    finally { this.decoding.delete(source); }
    this.onReady();
  }
  forget(source) { this.bitmaps.get(source).close(); this.bitmaps.delete(source); }
  /** Where a frame's picture lies. Until it is decoded, what was shown last stands in for it. */
  find(frame) {
    const { columns, rows, frame_width: w, frame_height: h } = this.layout, room = columns * rows;
    const source = this.sources[Math.floor(frame / room)], bitmap = this.bitmaps.get(source), place = frame % room;
    const [x, y] = [(place % columns) * w, Math.floor(place / columns) * h];
    this.error = this.broken.get(source) || null;
    if (!bitmap || y + h > bitmap.height) { this.decode(source); return this.error ? null : this.shown; }
    this.bitmaps.delete(source);                            // put it last: the first are given up where they are too many
    this.bitmaps.set(source, bitmap);
    const before = this.shown;
    this.shown = { source, bitmap, x, y, w, h };
    if (before && before.source !== source && !this.sources.includes(before.source)) this.forget(before.source);
    return this.shown;
  }
  /** Draws a frame over the whole canvas; false when its picture is not there yet. */
  draw(context, frame) {
    const found = this.find(frame);
    if (!found) return false;
    const { bitmap, x, y, w, h } = found, { width, height } = context.canvas, factor = Math.ceil(width / w);
    context.imageSmoothingEnabled = width !== factor * w;
    context.imageSmoothingQuality = "high";
    if (factor === 1 || width === factor * w) context.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
    else {                                                  // even, sharp pixels: enlarge by a whole number, then shrink
      const big = (this.big ||= document.createElement("canvas"));
      if (big.width !== w * factor || big.height !== h * factor) [big.width, big.height] = [w * factor, h * factor];
      const enlarged = big.getContext("2d");
      enlarged.imageSmoothingEnabled = false;
      enlarged.drawImage(bitmap, x, y, w, h, 0, 0, big.width, big.height);
      context.drawImage(big, 0, 0, width, height);
    }
    return true;
  }
  close() { this.sources = []; [...this.bitmaps.keys()].forEach((source) => this.forget(source)); this.shown = null; }
}

/** The grid of samples: a canvas, D's verdict round each tile, and a line that says what D thinks of one of them. */
class Grid {
  constructor(view) {
    this.view = view;
    this.tile = null;
    this.canvas = make("canvas", { tabindex: 0, role: "img" });
    this.message = make("div", { class: "message", hidden: "" });
    this.readout = make("div", { class: "readout" });
    this.node = make("div", { class: "grid" }, make("div", { class: "frame" }, this.canvas, this.message), this.readout);
    this.atlas = new Atlas(() => view.draw());
    const point = (event) => {
      const box = this.canvas.getBoundingClientRect(), { rows, columns } = this.run.meta.grid;
      const column = clamp(Math.floor((event.clientX - box.left) / box.width * columns), 0, columns - 1);
      const row = clamp(Math.floor((event.clientY - box.top) / box.height * rows), 0, rows - 1);
      this.pick(row * columns + column);
    };
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerdown", point);
    this.canvas.addEventListener("pointerleave", () => this.pick(null));
    this.canvas.addEventListener("focus", () => this.canvas.matches(":focus-visible") && this.pick(this.tile ?? 0));
    this.canvas.addEventListener("blur", () => this.pick(null));
  }
  load(run) {
    this.run = run;
    const { frame_width, frame_height } = run.meta.atlas;
    this.canvas.parentNode.style.aspectRatio = `${frame_width} / ${frame_height}`;
    this.atlas.load(run);
  }
  pick(tile) { if (tile !== this.tile) { this.tile = tile; this.view.draw(); } }
  /** Arrow keys on the focused grid walk over its samples. */
  move(key) {
    const { rows, columns } = this.run.meta.grid, tile = this.tile ?? 0;
    const [row, column] = [Math.floor(tile / columns), tile % columns];
    const down = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0, right = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    this.readout.setAttribute("aria-live", "polite");
    this.pick(clamp(row + down, 0, rows - 1) * columns + clamp(column + right, 0, columns - 1));
  }
  measure() {
    const { canvas } = this, ratio = (this.ratio = window.devicePixelRatio || 1), box = canvas.parentNode;
    const [width, height] = [Math.max(1, Math.round(box.clientWidth * ratio)), Math.max(1, Math.round(box.clientHeight * ratio))];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  }
  draw(frame, verdict, say) {
    const context = this.canvas.getContext("2d"), { canvas, run, ratio } = this;
    const drawn = frame >= 0 && this.atlas.draw(context, frame);
    if (!drawn) context.clearRect(0, 0, canvas.width, canvas.height);
    const message = frame < 0 ? `starts at step ${whole(run.steps[0])}` : drawn ? ""
      : this.atlas.error ? `The samples could not be decoded: ${this.atlas.error}. The numbers and curves still work.` : "decoding …";
    [this.message.textContent, this.message.hidden] = [message, !message];
    const p = frame < 0 ? null : run.probabilities(frame);
    if (drawn && p) for (const [tile, value] of p.entries()) if (verdict && value !== null) this.border(context, tile, value, ratio);
    if (drawn && this.tile !== null) this.ring(context, this.tile, ratio);
    this.tell(p, verdict);
    canvas.setAttribute("aria-label", `${run.meta.grid.rows * run.meta.grid.columns} samples of ${run.meta.title}, ${say}. `
      + "Arrow keys walk over the samples.");
  }
  place(tile) {
    const { rows, columns } = this.run.meta.grid, [w, h] = [this.canvas.width / columns, this.canvas.height / rows];
    return [(tile % columns) * w, Math.floor(tile / columns) * h, w, h];
  }
  border(context, tile, p, ratio) {                         // blue and solid: real; orange and dashed: fake
    const [x, y, w, h] = this.place(tile), sure = Math.abs(p - 0.5) * 2;
    const wide = (0.9 + 1.1 * sure) * ratio * clamp(w / ratio / 34, 0.7, 1.4), inset = wide / 2 + ratio;
    context.globalAlpha = 0.3 + 0.7 * sure;
    for (const [colour, more] of [["#000", ratio], [p >= 0.5 ? "#56B4E9" : "#F0954B", 0]]) {   // on light images a dark rim carries it
      [context.strokeStyle, context.lineWidth] = [colour, wide + more];
      context.setLineDash(p >= 0.5 ? [] : [w * 0.15, w * 0.1]);
      context.strokeRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }
  ring(context, tile, ratio) {
    const [x, y, w, h] = this.place(tile);
    for (const [colour, inset] of [["#fff", 0.75], ["#1b1f24", 2.25]]) {
      [context.strokeStyle, context.lineWidth] = [colour, 1.5 * ratio];
      context.strokeRect(x + inset * ratio, y + inset * ratio, w - 2 * inset * ratio, h - 2 * inset * ratio);
    }
  }
  tell(p, verdict) {
    if (!p) return void this.readout.replaceChildren();
    const value = this.tile === null ? null : p[this.tile];
    if (this.tile !== null) {
      const text = `sample ${this.tile + 1}: D says ${fixed(value)}` + (isNumber(value) ? `, ${looks(value)}` : "");
      this.canvas.title = text;
      return void this.readout.replaceChildren(...(isNumber(value) ? [sign(value >= 0.5 ? "box-real" : "box-fake")] : []), text);
    }
    this.canvas.removeAttribute("title");
    const real = p.filter((q) => q !== null && q >= 0.5).length;
    this.readout.replaceChildren(...(verdict
      ? [sign("box-real"), `looks real ${real}`, make("i", { class: "gap" }), sign("box-fake"), `looks fake ${p.length - real}`]
      : ["point at a sample"]));
  }
}

/* ---------------------------------------------------------------- the numbers */

const ROWS = [["d_loss", "d", "loss of D"], ["g_loss", "g", "loss of G"],
              ["d_real", "real", "D(x) on real"], ["d_fake", "fake", "D(G(z)) on fake"]];

/** The numbers beside a grid: measured now, and at the theoretical optimum. */
class Numbers {
  constructor(compared) { this.compared = compared; this.node = make("div", { class: "numbers" }); }
  load(run) {
    this.run = run;
    const rows = ROWS.filter(([name]) => run.has(name)), ideal = rows.some(([name]) => isNumber(run.optimum[name]));
    const wide = ideal && !this.compared, shape = JSON.stringify([rows, run.optimum, run.meta.scoring, run.fid.length > 0, run.scored.length > 0]);
    if (shape === this.shape) return;                       // a growing run: the same rows with other numbers
    this.shape = shape;
    this.cells = {};
    const row = (name, label, last) => make("tr", {}, make("th", { scope: "row" }, ...label),
      (this.cells[name] = make("td")), ...(wide || last ? [make("td", { class: "ideal" }, last || "")] : []));
    const body = rows.map(([name, kind, text]) => row(name, [sign(kind), text], wide ? optimumText(run.optimum[name]) : ""));
    const scoring = run.meta.scoring || {};
    if (run.fid.length) {
      const floor = isNumber(scoring.fid_floor) ? `floor ${fidText(scoring.fid_floor)}` : "";
      body.push(row("fid", [make("i", { class: "sign" }), "FID"], this.compared ? "" : floor));
    }
    if (run.scored.length) body.push(row("confidence", [make("i", { class: "sign" }), make("span", { title: "mean probability that the classifier gives its first choice" }, "confidence")]));
    const head = wide ? [make("tr", { class: "head" }, make("td"), make("td", {}, "now"), make("td", {}, "optimum"))] : [];
    this.table = make("table", {}, ...head, ...body);
    this.note = make("div", { class: "note" });
    this.note.hidden = !run.scored.length;
    this.balance = run.scored.some((i) => (run.meta.frames.scores[i].histogram || []).length) ? this.makeBalance() : null;
    this.node.replaceChildren(...(body.length ? [this.table] : []), this.note, ...(this.balance ? [this.balance] : []));
  }
  makeBalance() {
    const size = this.run.scored.map((i) => (this.run.meta.frames.scores[i].histogram || []).length).find(Boolean);
    this.bars = Array.from({ length: size }, () => make("i"));
    const line = make("div", { class: "level" });
    line.style.bottom = `${100 / size / BALANCE_TOP}%`;
    return make("figure", { class: "balance", role: "img" },
      make("figcaption", {}, "what it draws ", make("small", {}, `line: balanced, ${+(100 / size).toFixed(1)} %`)),
      make("div", { class: "bars" }, ...this.bars, line),
      make("div", { class: "classes" }, ...this.bars.map((_, k) => make("span", {}, String(k)))));
  }
  draw(frame) {
    const { run } = this, step = frame < 0 ? null : run.steps[frame], scores = frame < 0 ? null : run.scores(frame);
    for (const [name] of ROWS) if (this.cells[name]) this.cells[name].textContent = step === null ? "–" : fixed(run.curve(name, step));
    if (this.cells.fid) this.cells.fid.textContent = fidText(scores && scores.fid);
    if (this.cells.confidence) this.cells.confidence.textContent = fixed(scores && scores.confidence);
    const samples = (run.meta.scoring || {}).samples;
    this.note.textContent = scores ? `${samples ? `${whole(samples)} samples` : "scored"} at step ${whole(run.steps[scores.frame])}` : "not scored yet";
    if (!this.balance) return;
    const shares = (scores && scores.histogram) || [];
    this.bars.forEach((bar, k) => {
      bar.style.height = `${Math.min(1, (shares[k] || 0) / BALANCE_TOP) * 100}%`;
      bar.classList.toggle("over", (shares[k] || 0) > BALANCE_TOP);
    });
    this.balance.setAttribute("aria-label", "share of each class among the samples: "
      + (shares.length ? shares.map((s, k) => `${k}: ${Math.round(s * 100)} %`).join(", ") : "not scored yet"));
  }
}

/* ---------------------------------------------------------------- the curves */

/** One chart over training: lines, dotted references, and a cursor that shows where the slider stands. */
class Chart {
  /* lines: [{xs, ys, kind, letter?, dash?, mark?}]; references: [{y, kind, text}]; axis: {high, perEpoch, changes?: [{step}]} */
  constructor(view, { title, unit, legend, log = false }) {
    Object.assign(this, { view, log, last: false });
    this.svg = make("svg:svg", { class: "plot", "aria-hidden": "true" });
    this.over = make("svg:svg", { class: "over", "aria-hidden": "true" });
    this.box = make("div", { class: "chart-box" }, this.svg, this.over);
    this.note = make("span", { class: "cut" });
    this.node = make("div", { class: "chart" }, make("div", { class: "legend" },
      make("b", {}, title), make("span", { class: `unit ${unit}` }, unit), this.note, make("i", { class: "push" }), ...legend), this.box);
    const go = (event) => view.goToStep(this.stepAt(event.clientX - this.box.getBoundingClientRect().left));
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.box.setPointerCapture(event.pointerId);
      this.dragging = true;
      go(event);
    });
    this.box.addEventListener("pointermove", (event) => this.dragging && go(event));
    for (const end of ["pointerup", "pointercancel"]) this.box.addEventListener(end, () => { this.dragging = false; });
  }
  stepAt(x) { return clamp((x - this.left) / Math.max(1, this.right - this.left), 0, 1) * this.axis.high; }
  x(step) { return this.left + (this.axis.high ? step / this.axis.high : 0) * (this.right - this.left); }
  y(value) {
    const f = this.log ? Math.log10 : (v) => v, [low, high] = [f(this.low), f(this.high)];
    return this.bottom - (f(this.log ? Math.max(value, this.low) : value) - low) / (high - low) * (this.bottom - this.top);
  }
  load(lines, references, range, axis) { Object.assign(this, { lines, references, axis, low: range[0], high: range[1], cut: range[2] }); this.width = 0; }
  measure() {
    const width = this.box.clientWidth, height = this.box.clientHeight;
    const ends = this.last || getComputedStyle(this.node).getPropertyValue("--in-a-row").trim() === "1";
    if (!width || (width === this.width && height === this.height && ends === this.ends)) return;
    this.ends = ends;                                       // charts in a stack share the axis of training below the last
    Object.assign(this, { width, height, left: 36, right: width - (this.lines.some((l) => l.letter) ? 16 : 8), top: 6, bottom: height - (this.ends ? 17 : 6) });
    this.note.textContent = this.cut ? `cut off at ${fixed(this.high, 1)}; peak ${fixed(this.cut, 1)}` : "";
    for (const svg of [this.svg, this.over]) { svg.setAttribute("width", width); svg.setAttribute("height", height); }
    this.tails = [];
    this.svg.replaceChildren(...this.axes(), ...this.references.flatMap((r) => this.reference(r)), ...this.lines.flatMap((l) => this.line(l)), ...this.letters());
    this.cursor = make("svg:path", { class: "cursor", d: `M0 ${this.top - 4}V${this.bottom}` });
    this.marks = this.lines.map((l) => (l.mark === "fake" ? make("svg:path", { class: `mark ${l.kind}`, d: "M0-5 4.800 4H-4.800z" })
                                                         : make("svg:circle", { class: `mark ${l.kind}`, r: 4 })));
    this.over.replaceChildren(this.cursor, ...this.marks);
  }
  axes() {
    const out = [make("svg:path", { class: "axis", d: `M${this.left} ${this.bottom}H${this.right}` })];
    const text = (x, y, value, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, value);
    const decades = this.log ? [0.01, 0.1, 1, 10, 100, 1000, 10000].filter((t) => t >= this.low && t <= this.high) : null;
    for (const t of decades || ticks(this.low, this.high, 3)) {
      out.push(text(this.left - 6, this.y(t) + 4, String(t), "end"));
      if (t > this.low) out.push(make("svg:path", { class: "rule", d: `M${this.left} ${this.y(t)}H${this.right}` }));
    }
    for (const { step } of this.axis.changes || [])         // where a setting was changed
      if (step <= this.axis.high) out.push(make("svg:path", { class: "change", d: `M${this.x(step).toFixed(1)} ${this.bottom}l-4 -7h8z` }));
    if (!this.ends || !this.axis.high) return out;
    const scale = this.axis.perEpoch || 1, marks = ticks(0, this.axis.high / scale, this.right - this.left < 120 ? 1 : clamp((this.right - this.left) / 80, 2, 5));
    const name = this.axis.perEpoch ? "epoch" : "step";
    for (const t of marks) {
      const x = this.x(t * scale), anchor = t === 0 ? "start" : x > this.right - 12 ? "end" : "middle";
      out.push(make("svg:path", { class: "axis", d: `M${x} ${this.bottom}v3` }));
      out.push(text(x, this.bottom + 15, t === 0 ? `${name} 0` : Number.isInteger(t) ? whole(t) : String(t), anchor));
    }
    return out;
  }
  reference({ y, kind, text }) {
    if (y < this.low || y > this.high) return [];
    const at = this.y(y);
    return [make("svg:path", { class: `reference ${kind}`, d: `M${this.left} ${at}H${this.right}` }),
            ...(text ? [make("svg:text", { x: this.left + 5, y: at < this.top + 14 ? at + 11 : at - 4, class: "halo" }, text)] : [])];
  }
  line({ xs, ys, kind, dash, letter }) {
    let d = "", pen = false, last = null;
    xs.forEach((step, i) => {
      if (!isNumber(ys[i])) { pen = false; return; }
      last = [this.x(step), clamp(this.y(ys[i]), this.top - 2, this.bottom)];
      d += `${pen ? "L" : "M"}${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
      pen = true;
    });
    const path = make("svg:path", { class: `series ${kind}`, d, "stroke-dasharray": dash || null });
    if (letter && last) this.tails.push({ x: last[0], y: last[1], kind, letter });
    return [path];
  }
  /** The letters of compared runs where their lines end, in the lines' order and none over another. */
  letters() {
    const placed = [];
    return this.tails.sort((a, b) => a.y - b.y).map(({ x, y, kind, letter }) => {
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
      const i = line.exact ? lastAtOrBefore(line.xs, step) : nearest(line.xs, step), value = i < 0 ? null : line.ys[i];
      const shown = isNumber(value) && frames[line.run] >= 0;
      this.marks[k].setAttribute("visibility", shown ? "visible" : "hidden");
      if (shown) this.marks[k].setAttribute("transform",
        `translate(${this.x(step).toFixed(1)} ${clamp(this.y(value), this.top, this.bottom).toFixed(1)})`);
    });
  }
}

/** [low, high, peak when it is cut off] of a linear axis from 0: one early spike must not flatten the rest. */
function linearRange(lists, references) {
  const values = lists.flat().filter(isNumber).sort((a, b) => a - b);
  const most = values.at(-1) ?? 1, usual = values[Math.floor(values.length * 0.98)] ?? 1;
  const high = Math.max(most > 3 * usual ? usual * 1.3 : most, ...references.map((r) => r.y * 1.15), 1e-3);
  const low = Math.min(0, values[0] ?? 0);
  return [low, high * 1.04, most > 3 * usual ? most : null];
}

function fidRange(values, floors) {
  const [low, high] = [Math.min(...values, ...floors), Math.max(...values, ...floors)];
  const log = low > 0 && high / low > 20;
  return { log, range: log ? [low / 1.3, high * 1.3, null] : [0, high * 1.08 || 1, null] };
}

/* ---------------------------------------------------------------- the whole panel */

class Replay {
  constructor(element, recordings, options) {
    this.state = { verdict: Boolean(options.verdict), loop: Boolean(options.loop), speed: SPEEDS.includes(options.speed) ? options.speed : 1, playing: false };
    this.frameListeners = new Set();
    this.stateListeners = new Set();
    this.frame = 0;
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" });         // its keys are its own, not JupyterLab's
    this.root = make("section", { class: "replay", tabindex: -1 });
    this.host.attachShadow({ mode: "open" }).append(make("style", {}, STYLE), this.root);
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
    this.verdict = make("button", { type: "button", role: "switch", class: "switch" }, make("i", { class: "knob" }), "D’s verdict");
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
    this.speed.addEventListener("click", () => this.set({ speed: SPEEDS[(SPEEDS.indexOf(this.state.speed) + 1) % SPEEDS.length] }));
    this.loop = button("loop", "loop", icon("loop"));
    this.loop.addEventListener("click", () => this.set({ loop: !this.state.loop }));
    this.live = make("div", { class: "live", "aria-live": "polite" });
    const key = (name) => make("b", {}, name);
    this.spaceDoes = make("span", {}, "play");
    this.foot = make("footer", {}, make("span", {}, key("space"), " ", this.spaceDoes, " · ", key("← →"), " frame · ", key("PgUp PgDn"), " 10 · ",
      key("Home End")), (this.hint = make("span", {}, "click a curve to go there")));
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
    const { runs } = this, compared = runs.length > 1;
    this.steps = [...new Set(runs.flatMap((r) => r.steps))].sort((a, b) => a - b);
    this.last = this.steps.length - 1;
    this.perEpoch = runs.every((r) => r.perEpoch === runs[0].perEpoch) ? runs[0].perEpoch : null;
    if (this.grids.length !== runs.length) this.buildPanels(compared);
    runs.forEach((run, k) => {
      this.grids[k].load(run);
      this.numbers[k].load(run);
      this.titles[k].textContent = run.meta.title;
    });
    this.title.textContent = compared ? `${runs.length} runs at the same step` : runs[0].meta.title;
    this.subtitle.textContent = compared ? "each shows its newest frame at or before that step" : runs[0].meta.subtitle || "";
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
      const name = make("h4", {}, make("b", { class: `badge run${k}` }, String.fromCharCode(65 + k)), (this.titles[k] = make("span")));
      const own = make("div", { class: "own" }), column = make("div", { class: "column" },
        ...(compared ? [make("div", { class: "name" }, name, own)] : []), make("div", { class: "pair" }, this.grids[k].node,
          make("div", { class: "side" }, ...(compared ? [] : [this.now]), this.numbers[k].node)));
      return Object.assign(column, { own });
    });
    this.panels.replaceChildren(...this.columns);
    this.root.classList.toggle("compared", compared);
    if (compared) this.body.prepend(this.now, this.controls);
    else this.panels.after(this.controls);
  }

  buildCharts(compared) {
    const { runs } = this, high = Math.max(this.steps[this.last], ...runs.map((r) => (r.curves ? r.curves.step.at(-1) : 0)));
    const axis = { high, perEpoch: this.perEpoch }, changes = (r) => ({ ...axis, changes: r.meta.log });
    const stroke = { g: "6 3", fake: "6 3" };
    const two = (names, title, unit, words, refer) => {     // losses, or D's means: the same range for every run
      const shown = runs.map((r) => names.filter(([name]) => r.has(name)));
      if (!high || !shown.some((s) => s.length)) return;
      const references = runs.map((r, k) => refer(r, shown[k]));
      const range = unit === "probability" ? [0, 1, null]
        : linearRange(runs.flatMap((r, k) => shown[k].map(([name]) => r.curves[name])), references.flat());
      runs.forEach((run, k) => {
        if (!shown[k].length) return;
        const legend = shown[k].map(([, kind], i) => make("span", { class: "entry" }, sign(kind), words[i]));
        const chart = this.chartFor([k, words.length], { title, unit, legend });
        chart.load(shown[k].map(([name, kind]) => ({ run: k, xs: run.curves.step, ys: run.curves[name], kind, dash: stroke[kind], mark: kind })),
                   references[k], range, changes(run));
        made.push([chart, k]);
      });
    };
    const made = [];
    const optimal = (r, shown) => shown.filter(([name]) => isNumber(r.optimum[name])).map(([name, kind]) => ({ y: r.optimum[name], kind, text: "" }));
    two(ROWS.slice(0, 2), "loss", "nats", ["D", "G"], optimal);
    two(ROWS.slice(2).map((r) => r), "D’s mean", "probability", ["real", "fake"],
        (r, shown) => optimal(r, shown).slice(0, 1).map((o) => ({ ...o, kind: "ink" })));
    const scored = runs.some((r) => r.fid.length > 1) && high ? this.fidChart(compared ? axis : changes(runs[0]), compared) : null;
    runs.forEach((_, k) => { const own = made.filter(([, of]) => of === k).at(-1); if (own && (compared || !scored)) own[0].last = true; });
    if (scored) scored.last = true;
    const before = this.chartList || [];
    this.chartList = [...made.map(([c]) => c), ...(scored ? [scored] : [])];
    if (this.chartList.length !== before.length || this.chartList.some((c, k) => c !== before[k] || !c.node.isConnected)) {
      this.columns.forEach((c) => c.querySelectorAll(".chart").forEach((n) => n.remove()));
      this.charts.replaceChildren(...(compared ? [] : made.map(([c]) => c.node)), ...(scored ? [scored.node] : []));
      if (compared) made.forEach(([c, k]) => this.columns[k].append(c.node));
    }
    this.root.classList.toggle("no-charts", !this.charts.childElementCount);
    this.hint.hidden = !this.chartList.length;
  }

  /** The same chart for a run that grows: it may be held by a pointer. */
  chartFor(of, { title, unit, legend, log = false }) {
    const key = JSON.stringify([title, unit, of]), old = (this.chartList || []).find((c) => c.key === key);
    return Object.assign(old || new Chart(this, { title, unit, legend, log }), { key, last: false });
  }

  fidChart(axis, compared) {
    const { runs } = this, score = (r, i) => r.meta.frames.scores[i].fid;
    const floors = [...new Set(runs.map((r) => (r.meta.scoring || {}).fid_floor).filter(isNumber))];
    const { log, range } = fidRange(runs.flatMap((r) => r.fid.map((i) => score(r, i))), floors);
    const legend = compared ? runs.map((r, k) => make("span", { class: "entry" }, make("b", { class: `badge run${k}` }, String.fromCharCode(65 + k)), r.meta.title)) : [];
    const chart = this.chartFor(compared ? runs.map((r) => r.meta.title) : [], { title: "FID", unit: `${log ? "log scale, " : ""}lower is better`, legend, log });
    chart.node.classList.add("fid");
    chart.load(runs.map((r, k) => ({ run: k, exact: true, xs: r.fid.map((i) => r.steps[i]), ys: r.fid.map((i) => score(r, i)),
                                    kind: `run${k}`, dash: RUN_DASH[k % RUN_DASH.length], letter: compared ? String.fromCharCode(65 + k) : "" })),
               floors.map((y) => ({ y, kind: "ink", text: `floor ${fidText(y)}` })), range, axis);
    return chart;
  }

  /* -------- where it stands */

  /** "epoch 37", "of 100 · step 34,706"; early: "step 4", "epoch 0.004 of 100". */
  words() {
    const step = this.steps[this.frame], end = this.steps[this.last];
    if (!this.perEpoch) return [`step ${whole(step)}`, end ? `of ${whole(end)}` : ""];
    const single = this.runs.length === 1 ? this.runs[0] : null;
    const epoch = single ? single.epoch(this.frame) : step / this.perEpoch;
    const total = epochText(single ? single.epoch(this.last) : end / this.perEpoch);
    if (!end) return [`step ${whole(step)}`, "before training"];
    return epoch < 0.01 ? [`step ${whole(step)}`, `epoch ${epochText(epoch)} of ${total}`]
                        : [`epoch ${epochText(epoch)}`, `of ${total} · step ${whole(step)}`];
  }
  say() {
    const [big, small] = this.words(), step = this.steps[this.frame];
    const one = (run, name) => {
      const scores = run.scores(Math.max(0, run.at(step)));
      const parts = [["D loss", fixed(run.curve("d_loss", step))], ["G loss", fixed(run.curve("g_loss", step))], ["FID", fidText(scores && scores.fid)]];
      const told = parts.filter(([, value]) => value !== "–").map(([label, value]) => `${label} ${value}`).join(", ");
      return told && name + told;
    };
    const rest = this.runs.map((run, k) => one(run, this.runs.length > 1 ? `${String.fromCharCode(65 + k)}: ` : "")).filter(Boolean);
    return [`${big} ${small}`.trim().replace(" · ", ", "), ...rest].join(this.runs.length > 1 ? "; " : ", ");
  }

  go(frame) {                                               // moved by the learner or by another view of the same model:
    this.clock = null;                                      // if it plays, it goes on from there, at the same speed
    this.setFrame(frame);
  }
  goToStep(step) { this.go(nearest(this.steps, step)); }
  setFrame(frame) {
    const next = clamp(Math.round(frame) || 0, 0, this.last);
    if (next === this.frame) { this.slider.value = next; return; }
    this.frame = next;
    this.slider.value = next;
    this.draw();
    this.frameListeners.forEach((tell) => tell(next));
  }
  update(recordings) {
    const followed = this.frame === this.last, step = this.steps[this.frame];
    this.load(recordings);
    const next = followed ? this.last : Math.max(0, lastAtOrBefore(this.steps, step)), moved = next !== this.frame;
    this.frame = next;
    this.slider.value = next;
    this.draw();
    if (moved) this.frameListeners.forEach((tell) => tell(next));
  }

  /* -------- drawing: at most once a screen refresh */

  draw() { this.waiting ||= requestAnimationFrame(() => { this.waiting = 0; this.paint(); }); }
  paint() {
    const hidden = !this.root.clientWidth;                  // as for a moment while JupyterLab changes its theme
    if (!hidden && (this.resized || this.grids[0].ratio !== window.devicePixelRatio)) {
      this.alignTitles();
      [...this.grids, ...this.chartList].forEach((part) => part.measure());
      this.drawScale();
      this.resized = false;
    }
    const step = this.steps[this.frame], frames = this.runs.map((r) => r.at(step)), say = this.say();
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
    heads.forEach((head) => { head.style.minHeight = ""; });
    const most = Math.max(...heads.map((head) => head.offsetHeight));
    heads.forEach((head) => { head.style.minHeight = `${most}px`; });
  }
  ownStep(run, frame, step) {
    if (frame < 0) return "not started";
    const over = frame === run.steps.length - 1 && step > run.steps[frame];
    return `frame of step ${whole(run.steps[frame])}${over ? ", its last" : ""}`;
  }
  /** The slider goes by frame; early frames stand closer together in training, so a scale says where epochs fall. */
  drawScale() {
    const width = this.slider.clientWidth;
    if (!width) return;
    const per = this.perEpoch || 1, end = this.steps[this.last] / per, thumb = 16;
    const wanted = [0, end, ...[1, 10, 100, 1000, 10000, 1e5, 3, 30, 300, 3000, 5, 50, 500, 2, 20, 200].filter((v) => v < end)], taken = [];
    this.scale.replaceChildren(...(this.last ? wanted : []).flatMap((value, k) => {
      const x = thumb / 2 + nearest(this.steps, value * per) / this.last * (width - thumb), text = k < 2 && !this.perEpoch ? whole(value) : +value.toFixed(2) >= 1000 ? whole(value) : epochText(value);
      const half = text.length * 3.5 + 5;
      if (taken.some(([a, b]) => x + half > a && x - half < b)) return [];
      taken.push([x - half, x + half]);
      const mark = make("span", {}, text);
      mark.style.left = `${x}px`;
      return [mark];
    }));
  }

  /* -------- what a learner does */

  key(event) {
    const { key } = event, plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (!plain || (event.shiftKey && key === "Enter")) return;   // save, run cell, … stay the notebook's
    event.stopPropagation();                                // the rest would be a shortcut of the notebook: "b" inserts a cell
    const target = event.composedPath()[0], grid = this.grids.find((g) => g.canvas === target);
    if (grid && key.startsWith("Arrow")) { event.preventDefault(); return grid.move(key); }
    const jump = { ArrowLeft: this.frame - 1, ArrowRight: this.frame + 1, ArrowDown: target === this.slider ? this.frame - 1 : null,
      ArrowUp: target === this.slider ? this.frame + 1 : null, PageUp: this.frame + 10, PageDown: this.frame - 10, Home: 0, End: this.last }[key] ?? null;
    if (jump !== null) { event.preventDefault(); this.go(jump); }
    else if (key === " " && target.localName !== "button") { event.preventDefault(); this.playOrStep(); }
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
    const was = this.state, differs = Object.keys(next).some((name) => next[name] !== was[name]);
    this.state = next;
    if (next.speed !== was.speed) this.clock = null;
    if (next.playing && !was.playing) this.start();
    if (!next.playing && was.playing) this.live.textContent = `paused at ${this.say()}`;
    this.showState();
    this.draw();
    if (differs || next.playing !== Boolean(changes.playing ?? next.playing)) this.stateListeners.forEach((tell) => tell({ ...next }));
  }
  start() {
    this.live.textContent = "";
    this.clock = null;
    if (this.frame === this.last) this.setFrame(0);
    const tick = (now) => {
      if (!this.state.playing || this.gone) return;
      this.clock ??= { since: now, from: this.frame };
      const next = this.clock.from + Math.floor((now - this.clock.since) / 1000 * FRAMES_PER_SECOND * this.state.speed);
      if (next > this.frame) this.advance(next);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
  advance(next) {
    if (next <= this.last) return this.setFrame(next);
    if (this.state.loop) { this.clock = null; return this.setFrame(0); }
    this.setFrame(this.last);
    this.set({ playing: false });
  }
  showState() {
    const { playing, verdict, loop, speed } = this.state, calm = this.calm.matches;
    const word = calm ? "Step" : playing ? "Pause" : "Play";
    if (this.play.dataset.word !== word) this.play.replaceChildren(icon(calm ? "on" : playing ? "pause" : "play"), word);
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
    this.night = matchMedia("(prefers-color-scheme: dark)");
    this.onCalm = () => this.set({});
    this.onTheme = () => { this.root.dataset.theme = isDark(this.night) ? "dark" : "light"; };
    this.calm.addEventListener("change", this.onCalm);
    this.night.addEventListener("change", this.onTheme);
    this.themes = new MutationObserver(this.onTheme);
    for (const node of [document.documentElement, document.body])
      this.themes.observe(node, { attributes: true, attributeFilter: ["class", "theme", "data-jp-theme-light", "data-vscode-theme-kind"] });
    this.sizes = new ResizeObserver(() => { this.resized = true; this.draw(); });
    this.sizes.observe(this.root);
    this.onTheme();
  }
  destroy() {
    this.gone = true;
    cancelAnimationFrame(this.waiting);
    this.calm.removeEventListener("change", this.onCalm);
    this.night.removeEventListener("change", this.onTheme);
    this.themes.disconnect();
    this.sizes.disconnect();
    this.grids.forEach((g) => g.atlas.close());
    this.host.remove();
  }
}

/** The host's theme where it tells one (Jupyter, VS Code, Colab), else the system's. */
function isDark(night) {
  const { body, documentElement: page } = document, jupyter = body.dataset.jpThemeLight, code = body.dataset.vscodeThemeKind || body.className;
  if (jupyter) return jupyter === "false";
  if (/vscode-(dark|high-contrast(?!-light))/.test(code)) return true;
  if (/vscode-(light|high-contrast-light)/.test(code)) return false;
  return page.getAttribute("theme") ? page.getAttribute("theme") === "dark" : night.matches;
}

/** Shows recordings inside element; returns the handle that drives the view. */
export function mount(element, recordings, options = {}) {
  const replay = new Replay(element, recordings, options);
  const listen = (set) => (tell) => { set.add(tell); return () => set.delete(tell); };
  return {
    get frame() { return replay.frame; },
    get frames() { return replay.steps.length; },
    get state() { return { ...replay.state }; },
    setFrame: (frame) => replay.go(frame),
    onFrame: listen(replay.frameListeners),
    onState: listen(replay.stateListeners),
    update: (grown) => replay.update(grown),
    set: (changes) => replay.set(changes),
    destroy: () => replay.destroy(),
  };
}

/* ---------------------------------------------------------------- anywidget */

function render({ model, el }) {
  const states = ["verdict", "loop", "speed", "playing"];
  const recordings = () => model.get("metas").map((meta, k) => ({ meta, atlas: model.get("atlases")[k] }));
  const state = () => Object.fromEntries(states.map((name) => [name, model.get(name)]));
  const handle = mount(el, recordings(), { frame: model.get("frame"), ...state() });
  handle.onFrame((frame) => { if (model.get("frame") !== frame) { model.set("frame", frame); model.save_changes(); } });
  handle.onState((now) => {
    const changed = states.filter((name) => model.get(name) !== now[name]);
    changed.forEach((name) => model.set(name, now[name]));
    if (changed.length) model.save_changes();
  });
  let growing = false;
  const grow = () => {                                      // metas and atlases change in one message: one update
    if (!growing) queueMicrotask(() => { growing = false; handle.update(recordings()); });
    growing = true;
  };
  const listeners = [["change:frame", () => model.get("frame") !== handle.frame && handle.setFrame(model.get("frame"))],
    ["change:metas", grow], ["change:atlases", grow], ...states.map((name) => [`change:${name}`, () => handle.set({ [name]: model.get(name) })])];
  listeners.forEach(([name, listener]) => model.on(name, listener));
  return () => { listeners.forEach(([name, listener]) => model.off(name, listener)); handle.destroy(); };
}

export default { render };

/* ---------------------------------------------------------------- the look */

const STYLE = `
:host { display: block; all: initial; display: block }
.replay {
  --ink: #1b1f24; --soft: #5b6570; --line: #d9dee4; --field: #f5f7f9; --edge: #87919c; --focus: #1a73e8;
  --card: var(--jp-layout-color1, var(--vscode-editor-background, #fff));
  --real: #0072B2; --fake: #D55E00; --d: #00795A; --g: #A0458A;
  --run0: #1b1f24; --run1: #8a6100; --run2: #c2255c; --run3: #5f3dc4; --run4: #5b6570;
  container: replay / inline-size; box-sizing: border-box; max-width: 1120px; padding: 16px 18px 10px; outline: none;
  background: var(--card); color: var(--ink); border: 1px solid var(--line); border-radius: 10px; color-scheme: light;
  font: 14px/1.45 var(--jp-ui-font-family, var(--vscode-font-family, system-ui, sans-serif)); font-variant-numeric: tabular-nums;
}
.replay[data-theme=dark] {
  --ink: #e8eaed; --soft: #9aa4ae; --line: #39414a; --field: #272c32; --edge: #6b7682; --focus: #8ab4f8;
  --card: var(--jp-layout-color1, var(--vscode-editor-background, #1e2227));
  --real: #56B4E9; --fake: #F0954B; --d: #3FC49B; --g: #D98BC6;
  --run0: #e8eaed; --run1: #e0b040; --run2: #ff8aa8; --run3: #b3a1ff; --run4: #9aa4ae; color-scheme: dark;
}
* { box-sizing: border-box } [hidden] { display: none !important }
h3, h4, p, figure { margin: 0 } h3 { font-size: 15px; font-weight: 600 } .subtitle { color: var(--soft); font-size: 12.5px; margin-top: 2px }
header { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: flex-start; justify-content: space-between; margin-bottom: 12px }
.titles { flex: 1 1 200px; min-width: 0; overflow-wrap: anywhere }
button { font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--line); border-radius: 7px; height: 30px; min-width: 34px;
  padding: 0 9px; margin: 0; display: inline-flex; align-items: center; justify-content: center; gap: 5px; cursor: pointer; touch-action: manipulation }
button:hover { border-color: var(--edge) }
button.main { background: var(--ink); color: var(--card); border-color: var(--ink); min-width: 82px }
button.main:hover { opacity: .88 } .icon { width: 13px; height: 13px; fill: currentColor; flex: none }
button[aria-pressed=true] { background: color-mix(in srgb, var(--ink) 16%, var(--card)); border-color: var(--edge) }
button:focus-visible, input:focus-visible, canvas:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px }
.switch { background: none; border-color: transparent; padding: 0; height: 26px; gap: 8px; white-space: nowrap } .switch:hover { border-color: transparent }
.knob { width: 30px; height: 17px; border-radius: 9px; background: var(--card); border: 1.5px solid var(--edge); position: relative; flex: none }
.knob::after { content: ""; position: absolute; left: 2px; top: 2px; width: 10px; height: 10px; border-radius: 50%; background: var(--edge); transition: left .12s }
[aria-checked=true] .knob { background: var(--ink); border-color: var(--ink) } [aria-checked=true] .knob::after { left: 15px; background: var(--card) }
.column { min-width: 0 } .pair { display: flex; gap: 16px } .grid { flex: 0 1 min(336px, 50%); min-width: 0 } .side { flex: 1 0 246px; min-width: 0 }
.frame { position: relative; width: 100%; background: #000; border-radius: 6px; overflow: hidden }
canvas { display: block; width: 100%; height: 100%; image-rendering: pixelated; border-radius: 6px; cursor: crosshair; touch-action: pan-y }
canvas:focus-visible { outline-offset: -2px }
.message { position: absolute; inset: 0; display: grid; place-items: center; text-align: center; padding: 16px; color: #e8eaed; background: #1e2227; font-size: 13px; overflow-wrap: anywhere; pointer-events: none }
.readout { color: var(--soft); font-size: 12px; min-height: 18px; margin-top: 5px; display: flex; align-items: center; gap: 4px; white-space: nowrap; overflow: hidden }
.readout .gap { width: 8px } .now .big { font-size: 26px; font-weight: 650; line-height: 1.1 } .now .small { color: var(--soft); font-size: 13px; margin: 4px 0 10px }
.sign { width: 18px; height: 10px; flex: none; margin-right: 5px; display: inline-block; vertical-align: middle; overflow: visible; fill: currentColor }
.sign .line { fill: none; stroke: currentColor; stroke-width: 2.2 }
.sign.d { color: var(--d) } .sign.g { color: var(--g) } .sign.real, .sign.box-real { color: var(--real) } .sign.fake, .sign.box-fake { color: var(--fake) }
table { width: 100%; border-collapse: collapse; font: inherit; color: inherit } th { text-align: left; font-weight: 400; font-size: 13.5px; color: var(--soft); padding: 2px 6px 2px 0; white-space: nowrap }
td { text-align: right; font-weight: 600; padding: 2px 0; white-space: nowrap } .head td, td.ideal { color: var(--soft); font-weight: 400; padding-left: 10px; font-size: 12.5px }
.head td { font-size: 11.5px; padding-top: 0 } small { font-size: 11.5px; color: var(--soft); font-weight: 400 }
.note, .own { color: var(--soft); font-size: 12px }
.balance { margin-top: 8px } figcaption { color: var(--soft); font-size: 12px; display: flex; justify-content: space-between; gap: 0 8px; flex-wrap: wrap }
.bars { position: relative; height: 34px; display: flex; align-items: flex-end; gap: 3px; border-bottom: 1px solid var(--edge); margin-top: 4px }
.bars i { flex: 1; background: var(--edge); border-radius: 2px 2px 0 0; min-height: 0 }
.bars i.over { background: linear-gradient(var(--card) 0 3px, var(--edge) 3px 6px, var(--card) 6px 8px, var(--edge) 8px) }
.level { position: absolute; left: 0; right: 0; border-top: 1.5px dotted var(--ink) }
.classes { display: flex; gap: 3px; color: var(--soft); font-size: 10.5px; line-height: 1.3 } .classes span { flex: 1; text-align: center }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 12px 0 6px } .still .controls { display: none }
.slide { flex: 1 1 150px; min-width: 0; position: relative; padding: 7px 2px 15px; margin: 0 2px } .slide input { display: block; width: 100%; margin: 0; height: 16px; accent-color: var(--ink); cursor: pointer }
.controls button { margin-bottom: 8px }
.scale { position: absolute; left: 2px; right: 2px; bottom: 1px; height: 13px; color: var(--soft); font-size: 10.5px; line-height: 13px } .scale span { position: absolute; transform: translateX(-50%); white-space: nowrap }
.speed { min-width: 46px }
.chart { margin-top: 6px; min-width: 0 } .legend { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; font-size: 12px; color: var(--soft) } .legend > b { color: var(--ink); font-weight: 600 }
.push { flex: 1 } .entry { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 100% } .entry .sign { margin-right: 3px }
.chart-box { position: relative; height: 84px; cursor: pointer; touch-action: pan-y; user-select: none } .chart:last-child .chart-box { height: 98px }
.chart-box svg { position: absolute; inset: 0; display: block } .over { will-change: transform; overflow: visible }
svg text { fill: var(--soft); font-size: 11px } svg .halo { paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round } svg .letter { font-weight: 700; fill: var(--ink) }
.change { fill: var(--ink) } .axis { stroke: var(--edge); stroke-width: 1; fill: none } .rule { stroke: var(--line); stroke-width: 1; fill: none }
.series { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round } .mark { fill: currentColor; stroke: var(--card); stroke-width: 1.2 }
.reference { fill: none; stroke: currentColor; stroke-width: 1.4; stroke-dasharray: 1.5 3.5; stroke-linecap: round }
.plot .d, .over .d { color: var(--d) } .plot .g, .over .g { color: var(--g) } .plot .real, .over .real { color: var(--real) } .plot .fake, .over .fake { color: var(--fake) } .plot .ink { color: var(--ink) }
.cursor { stroke: var(--ink); stroke-width: 1.5; fill: none }
.run0 { color: var(--run0) } .run1 { color: var(--run1) } .run2 { color: var(--run2) } .run3 { color: var(--run3) } .run4 { color: var(--run4) }
.badge { display: inline-grid; place-items: center; width: 17px; height: 17px; border-radius: 4px; font-size: 11px; font-weight: 700; margin-right: 6px; flex: none; border: 1.5px solid currentColor }
footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; color: var(--soft); font-size: 12px; border-top: 1px solid var(--line); padding-top: 8px; margin-top: 8px } footer b { font-weight: 600; white-space: nowrap }
.still footer { display: none }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.compared .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 160px), 1fr)); gap: 18px 20px; margin-bottom: 10px }
.compared .column { container: column / inline-size } .compared .pair { flex-direction: column; gap: 6px } .compared .grid, .compared .side { flex: none; width: 100% }
.compared .name { margin-bottom: 6px } .compared h4 { font-size: 13px; font-weight: 600; display: flex; align-items: flex-start; line-height: 1.35; overflow-wrap: anywhere } .compared th { font-size: 12.5px }
.compared .now { display: flex; align-items: baseline; gap: 10px } .compared .now .small { margin: 0 }
.compared .controls { position: sticky; top: 0; z-index: 1; background: var(--card); margin: 4px 0 6px; padding: 6px 0 0 }
@container column (min-width: 400px) { .compared .pair { flex-direction: row; gap: 16px } .compared .grid { flex: 0 1 336px; width: auto } .compared .side { flex: 1 0 178px; width: auto } }
.compared .chart-box { height: 78px } .compared .fid .chart-box { height: 120px }
@container replay (max-width: 480px) {
  .slide { order: 1; flex-basis: 100% } .loop { margin-left: auto } .controls { gap: 4px 8px }
  .replay:not(.compared) :is(.panels, .column, .pair, .side) { display: contents } .replay:not(.compared) .grid { width: 100% }
  .replay:not(.compared) .body { display: flex; flex-direction: column } .replay:not(.compared) .now { order: 1; margin-top: 6px } .replay:not(.compared) .now .small { margin: 2px 0 0 }
  .replay:not(.compared) .controls { order: 2 } .replay:not(.compared) .numbers { order: 3; margin: 6px 0 10px } .replay:not(.compared) .charts { order: 4 }
  .compared .panels { grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 16px 14px }
}
@container column (max-width: 230px) { .readout { white-space: normal; flex-wrap: wrap; min-height: 38px; align-content: flex-start } .readout .gap { width: 100% } }
@container column (max-width: 180px) {
  .sign { width: 12px; margin-right: 3px } .compared th { font-size: 11.5px; padding-right: 2px; white-space: normal } td { font-size: 12.5px } .unit { display: none }
}
@container replay (min-width: 640px) and (max-width: 939.9px) {
  .replay:not(.compared) .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 20px; --in-a-row: 1 }
  .replay:not(.compared) .chart-box { height: 112px } .replay:not(.compared) .numbers { max-width: 400px }
  .replay:not(.compared) .legend { flex-wrap: nowrap; gap: 6px } .replay:not(.compared) .legend .sign { width: 13px } .entry { flex: none } .legend > b { white-space: nowrap }
  .unit { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
}
@container replay (min-width: 640px) and (max-width: 790px) { .unit.probability { display: none } }
@container replay (min-width: 940px) {
  .replay:not(.compared, .no-charts) .body { display: grid; grid-template: "panels charts" auto "controls controls" auto / minmax(598px, 11fr) minmax(0, 9fr); column-gap: 28px }
  .replay:not(.compared) .panels { grid-area: panels } .replay:not(.compared) .controls { grid-area: controls }
  .replay:not(.compared) .charts { grid-area: charts; display: flex; flex-direction: column } .replay:not(.compared) .charts .chart { flex: 1; display: flex; flex-direction: column; margin-top: 4px }
  .replay:not(.compared) .chart-box { flex: 1; height: auto; min-height: 78px }
}
@media (prefers-reduced-motion: reduce) { .knob::after { transition: none } }
@media (pointer: coarse) { button { height: 40px; min-width: 42px } .switch { height: 40px } .slide input { height: 28px } .slide { padding-top: 4px } }
`;
