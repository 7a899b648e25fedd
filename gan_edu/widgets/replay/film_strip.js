/* A recording as the views read it: one run, its pictures, and the grid of samples with D's verdict. */

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

const MOST_PIXELS = 24e6; // of decoded pictures kept, where each frame is one of its own

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

/* ---------------------------------------------------------------- the frames */

export function toBlob(source) {
  if (source instanceof Blob) return source;
  if (typeof source === "string") {
    const [head, body] = source.split(",", 2),
      text = atob(body);
    return new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))], { type: head.slice(5).split(";")[0] });
  }
  const bytes =
    source instanceof ArrayBuffer
      ? new Uint8Array(source)
      : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Blob([bytes], { type: bytes[0] === 0x89 ? "image/png" : "image/webp" });
}

/** Decodes the pictures of a run when they come, or, where they are many, when they are asked for; draws one frame. */
export class Atlas {
  constructor(onReady) {
    Object.assign(this, {
      onReady,
      sources: [],
      bitmaps: new Map(),
      broken: new Map(),
      decoding: new Set(),
      shown: null,
      error: null,
    });
  }
  load(run) {
    [this.sources, this.layout] = [run.sources, run.meta.atlas];
    const { columns, rows, frame_width, frame_height } = this.layout,
      wanted = new Set(this.sources);
    this.room = Math.max(1, Math.floor(MOST_PIXELS / (columns * rows * frame_width * frame_height)));
    for (const source of [...this.bitmaps.keys()])
      if (!wanted.has(source) && source !== this.shown?.source) this.forget(source);
    this.sources.slice(-this.room).forEach((source) => this.decode(source));
  }
  async decode(source) {
    if (!source || this.bitmaps.has(source) || this.decoding.has(source) || this.broken.has(source)) return;
    this.decoding.add(source);
    try {
      const bitmap = await createImageBitmap(toBlob(source)),
        { columns, frame_width, frame_height } = this.layout;
      if (!this.sources.includes(source)) return bitmap.close();
      if (bitmap.width < columns * frame_width || bitmap.height < frame_height)
        throw new Error(`the image is ${bitmap.width}×${bitmap.height} pixels, too small for its frames`);
      this.bitmaps.set(source, bitmap);
      for (const old of [...this.bitmaps.keys()].slice(0, -this.room)) if (old !== this.shown?.source) this.forget(old);
    } catch (problem) {
      this.broken.set(source, problem.message || String(problem));
    } finally {
      this.decoding.delete(source);
    }
    this.onReady();
  }
  forget(source) {
    this.bitmaps.get(source).close();
    this.bitmaps.delete(source);
  }
  /** Where a frame's picture lies. Until it is decoded, what was shown last stands in for it. */
  find(frame) {
    const { columns, rows, frame_width: w, frame_height: h } = this.layout,
      room = columns * rows;
    const source = this.sources[Math.floor(frame / room)],
      bitmap = this.bitmaps.get(source),
      place = frame % room;
    const [x, y] = [(place % columns) * w, Math.floor(place / columns) * h];
    this.error = this.broken.get(source) || null;
    if (!bitmap || y + h > bitmap.height) {
      this.decode(source);
      return this.error ? null : this.shown;
    }
    this.bitmaps.delete(source); // put it last: the first are given up where they are too many
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
    const { bitmap, x, y, w, h } = found,
      { width, height } = context.canvas,
      factor = Math.ceil(width / w);
    context.imageSmoothingEnabled = width !== factor * w;
    context.imageSmoothingQuality = "high";
    if (factor === 1 || width === factor * w) context.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
    else {
      // even, sharp pixels: enlarge by a whole number, then shrink
      const big = (this.big ||= document.createElement("canvas"));
      if (big.width !== w * factor || big.height !== h * factor) [big.width, big.height] = [w * factor, h * factor];
      const enlarged = big.getContext("2d");
      enlarged.imageSmoothingEnabled = false;
      enlarged.drawImage(bitmap, x, y, w, h, 0, 0, big.width, big.height);
      context.drawImage(big, 0, 0, width, height);
    }
    return true;
  }
  close() {
    this.sources = [];
    [...this.bitmaps.keys()].forEach((source) => this.forget(source));
    this.shown = null;
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
