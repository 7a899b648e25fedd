/* A recording as the views read it: one run, its pictures, and the grid of samples with D's verdict. */

import { Atlas, toBlob } from "../kit/atlas.js";
import {
  clamp,
  fixed,
  isNumber,
  lastAtOrBefore,
  looks,
  make,
  NO_NUMBER,
  nearest,
  sigmoid,
  sign,
  whole,
} from "../kit/before.js";
import { ROWS } from "./plots.js";

export { Atlas, toBlob }; // for who imports them from here

/** What the views ask of a recording: its frame at a step, its curves, its scores. */
export class Run {
  constructor({ meta, atlas }) {
    this.meta = meta;
    this.sources = Array.isArray(atlas) ? atlas : [atlas];
    this.steps = meta.frames.step;
    this.perEpoch = meta.steps_per_epoch || null;
    this.curves = meta.curves && meta.curves.step && meta.curves.step.length ? meta.curves : null;
    this.optimum = meta.optimum || {};
    this.scored = (meta.frames.scores || []).flatMap((s, i) => (s ? [i] : []));
    this.fid = this.scored.filter((i) => meta.frames.scores[i].fid !== undefined); // null among them: a gap
  }
  at(step) {
    return lastAtOrBefore(this.steps, step);
  } // -1: it has not started yet
  epoch(frame) {
    const told = this.meta.frames.epoch && this.meta.frames.epoch[frame];
    return !this.perEpoch ? null : isNumber(told) ? told : this.steps[frame] / this.perEpoch;
  }
  curve(name, step) {
    const values = this.curves && this.curves[name];
    return values ? values[nearest(this.curves.step, step)] : undefined;
  }
  /** Further values that its steps left behind: a penalty, a reward. */
  others() {
    return Object.keys(this.curves || {}).filter(
      (name) => name !== "step" && !ROWS.some(([known]) => known === name) && this.has(name),
    );
  }
  has(name) {
    return Boolean(this.curves && this.curves[name] && this.curves[name].some(isNumber));
  }
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

/** The grid of samples: a canvas, D's verdict round each tile, and a line that says what D thinks of one of them. */
export class Grid {
  constructor(view) {
    this.view = view;
    this.tile = null;
    this.canvas = make("canvas", { tabindex: 0, role: "img" });
    this.message = make("div", { class: "message", hidden: "" });
    this.readout = make("div", { class: "readout" });
    this.node = make(
      "div",
      { class: "grid" },
      make("div", { class: "frame" }, this.canvas, this.message),
      this.readout,
    );
    this.atlas = new Atlas(() => view.draw());
    const point = (event) => {
      const box = this.canvas.getBoundingClientRect(),
        { rows, columns } = this.run.meta.grid;
      const column = clamp(Math.floor(((event.clientX - box.left) / box.width) * columns), 0, columns - 1);
      const row = clamp(Math.floor(((event.clientY - box.top) / box.height) * rows), 0, rows - 1);
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
    Object.assign(this.canvas.parentNode.style, {
      aspectRatio: `${frame_width} / ${frame_height}`,
      maxWidth: `calc(1000px * ${frame_width} / ${frame_height})`,
    });
    this.atlas.load(run);
  }
  pick(tile) {
    if (tile !== this.tile) {
      this.tile = tile;
      this.view.draw();
    }
  }
  /** Arrow keys on the focused grid walk over its samples. */
  move(key) {
    const { rows, columns } = this.run.meta.grid,
      tile = this.tile ?? 0;
    const [row, column] = [Math.floor(tile / columns), tile % columns];
    const down = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0,
      right = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    this.readout.setAttribute("aria-live", "polite");
    this.pick(clamp(row + down, 0, rows - 1) * columns + clamp(column + right, 0, columns - 1));
  }
  measure() {
    const { canvas } = this,
      ratio = (this.ratio = window.devicePixelRatio || 1),
      box = canvas.parentNode;
    const [width, height] = [
      Math.max(1, Math.round(box.clientWidth * ratio)),
      Math.max(1, Math.round(box.clientHeight * ratio)),
    ];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  }
  draw(frame, verdict, say) {
    const context = this.canvas.getContext("2d"),
      { canvas, run, ratio } = this;
    const drawn = frame >= 0 && this.atlas.draw(context, frame);
    if (!drawn) context.clearRect(0, 0, canvas.width, canvas.height);
    const message =
      frame < 0
        ? `starts at step ${whole(run.steps[0])}`
        : drawn
          ? ""
          : this.atlas.error
            ? `The samples could not be decoded: ${this.atlas.error}. The numbers and curves still work.`
            : "decoding …";
    [this.message.textContent, this.message.hidden] = [message, !message];
    const p = frame < 0 ? null : run.probabilities(frame);
    if (drawn && p)
      for (const [tile, value] of p.entries()) if (verdict && value !== null) this.border(context, tile, value, ratio);
    if (drawn && this.tile !== null) this.ring(context, this.tile, ratio);
    this.tell(p, verdict);
    canvas.setAttribute(
      "aria-label",
      `${run.meta.grid.rows * run.meta.grid.columns} samples of ${run.meta.title}, ${say}. ` +
        "Arrow keys walk over the samples.",
    );
  }
  place(tile) {
    const { rows, columns } = this.run.meta.grid,
      [w, h] = [this.canvas.width / columns, this.canvas.height / rows];
    return [(tile % columns) * w, Math.floor(tile / columns) * h, w, h];
  }
  border(context, tile, p, ratio) {
    // blue and solid: real; orange and dashed: fake
    const [x, y, w, h] = this.place(tile),
      sure = Math.abs(p - 0.5) * 2;
    const wide = (0.9 + 1.1 * sure) * ratio * clamp(w / ratio / 34, 0.7, 1.4),
      inset = wide / 2 + ratio;
    context.globalAlpha = 0.3 + 0.7 * sure;
    for (const [colour, more] of [
      ["#000", ratio],
      [p >= 0.5 ? "#56B4E9" : "#F0954B", 0],
    ]) {
      // on light images a dark rim carries it
      [context.strokeStyle, context.lineWidth] = [colour, wide + more];
      context.setLineDash(p >= 0.5 ? [] : [w * 0.15, w * 0.1]);
      context.strokeRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }
  ring(context, tile, ratio) {
    const [x, y, w, h] = this.place(tile);
    for (const [colour, inset] of [
      ["#fff", 0.75],
      ["#1b1f24", 2.25],
    ]) {
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
      return void this.readout.replaceChildren(
        ...(isNumber(value) ? [sign(value >= 0.5 ? "box-real" : "box-fake")] : []),
        text,
      );
    }
    this.canvas.removeAttribute("title");
    const judged = p.filter(isNumber),
      real = judged.filter((q) => q >= 0.5).length,
      lost = p.length - judged.length,
      gap = make("i", { class: "gap" });
    this.readout.replaceChildren(
      ...(verdict
        ? [
            sign("box-real"),
            `looks real ${real}`,
            gap,
            sign("box-fake"),
            `looks fake ${judged.length - real}`,
            ...(lost ? [gap.cloneNode(), `${NO_NUMBER} ${lost}`] : []),
          ]
        : ["point at a sample"]),
    );
  }
}
