/* The grid of samples: a canvas, D's verdict on each tile, and a line that says what D thinks of one of them. */

import { Atlas } from "../kit/atlas.js";
import { make, sign } from "../kit/dom.js";
import { shareOf } from "../kit/drag.js";
import { onArrows } from "../kit/keys.js";
import { clamp, fixed, isNumber, looks } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { ring, verdictOn } from "./tiles.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("../kit/numbers.js").Maybe} Maybe */

export class Grid {
  /** @param {{draw(): void}} view */
  constructor(view) {
    this.view = view;
    /** @type {Run | null} */
    this.run = null;
    /** @type {number | null} the sample that one points at */
    this.tile = null;
    this.canvas = make("canvas", { tabindex: 0, role: "img" });
    this.message = make("div", { class: "message", hidden: "" });
    this.readout = make("div", { class: "readout" });
    this.frame = make("div", { class: "frame" }, this.canvas, this.message);
    this.node = make("div", { class: "grid" }, this.frame, this.readout);
    this.atlas = new Atlas(() => view.draw());
    this.listen();
  }
  listen() {
    const { canvas } = this;
    const point = (/** @type {PointerEvent} */ event) => this.pick(this.tileAt(shareOf(event, canvas)));
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointerleave", () => this.pick(null));
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.pick(this.tile ?? 0);
    });
    canvas.addEventListener("blur", () => this.pick(null));
    onArrows(canvas, { fine: 1, coarse: 1, go: (right, up) => this.walk(right, -up) });
  }
  get size() {
    return this.run?.meta.grid ?? { rows: 1, columns: 1 };
  }
  /** @param {readonly [number, number]} share of the canvas */
  tileAt([x, y]) {
    const { rows, columns } = this.size;
    const column = clamp(Math.floor(x * columns), 0, columns - 1);
    return clamp(Math.floor(y * rows), 0, rows - 1) * columns + column;
  }
  /** @param {Run} run */
  load(run) {
    this.run = run;
    const { frame_width, frame_height } = run.meta.atlas;
    this.frame.style.aspectRatio = `${frame_width} / ${frame_height}`;
    this.frame.style.maxWidth = `calc(1000px * ${frame_width} / ${frame_height})`;
    this.atlas.load(run.sources, run.meta.atlas);
  }
  /** @param {number | null} tile */
  pick(tile) {
    if (tile === this.tile) return;
    this.tile = tile;
    this.view.draw();
  }
  /** Arrow keys on the focused grid walk over its samples. @param {number} right @param {number} down */
  walk(right, down) {
    const { rows, columns } = this.size;
    const tile = this.tile ?? 0;
    const row = clamp(Math.floor(tile / columns) + down, 0, rows - 1);
    this.readout.setAttribute("aria-live", "polite");
    this.pick(row * columns + clamp((tile % columns) + right, 0, columns - 1));
  }
  /** Gives the canvas as many pixels as the screen has there. */
  measure() {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.frame;
    const [width, height] = [clientWidth, clientHeight].map((side) => Math.max(1, Math.round(side * ratio)));
    if (this.canvas.width !== width || this.canvas.height !== height)
      [this.canvas.width, this.canvas.height] = [width, height];
  }
  /** @param {number} frame −1: it has not begun @param {boolean} verdict whether D's is drawn
   * @param {string} state in words */
  draw(frame, verdict, state) {
    const { canvas, run } = this;
    const context = canvas.getContext("2d");
    if (!run || !context) return;
    const drawn = frame >= 0 && this.atlas.draw(context, frame);
    if (!drawn) context.clearRect(0, 0, canvas.width, canvas.height);
    const message = drawn ? "" : this.missing(run, frame);
    [this.message.textContent, this.message.hidden] = [message, !message];
    const probabilities = frame < 0 ? null : run.probabilities(frame);
    if (drawn) this.mark(context, verdict ? (probabilities ?? []) : []);
    this.tell(probabilities, verdict);
    const count = this.size.rows * this.size.columns;
    canvas.setAttribute("aria-label", say("samplesOf", { count, title: run.meta.title, state }));
  }
  /** What stands where there is no picture. @param {Run} run @param {number} frame */
  missing(run, frame) {
    if (frame < 0) return say("startsAt", { step: run.steps[0] });
    return this.atlas.error ? say("notDecoded", { problem: this.atlas.error }) : say("decoding");
  }
  /** @param {CanvasRenderingContext2D} context @param {readonly Maybe[]} probabilities */
  mark(context, probabilities) {
    const ratio = window.devicePixelRatio || 1;
    for (const [tile, p] of probabilities.entries()) if (isNumber(p)) verdictOn(context, this.place(tile), p, ratio);
    if (this.tile !== null) ring(context, this.place(this.tile), ratio);
  }
  /** A tile's box. @param {number} tile @returns {import("./tiles.js").Box} */
  place(tile) {
    const { rows, columns } = this.size;
    const [w, h] = [this.canvas.width / columns, this.canvas.height / rows];
    return [(tile % columns) * w, Math.floor(tile / columns) * h, w, h];
  }
  /** @param {readonly Maybe[] | null} probabilities @param {boolean} verdict */
  tell(probabilities, verdict) {
    const { tile } = this;
    if (!probabilities) return this.readout.replaceChildren();
    if (tile !== null) return this.tellOf(tile, probabilities[tile]);
    this.canvas.removeAttribute("title");
    this.readout.replaceChildren(...(verdict ? counted(probabilities) : [say("pointAtSample")]));
  }
  /** @param {number} tile @param {Maybe} p */
  tellOf(tile, p) {
    const told = { number: tile + 1, value: fixed(p) };
    const text = isNumber(p) ? say("sampleLooks", { ...told, looks: looks(p) }) : say("sampleSays", told);
    this.canvas.title = text;
    this.readout.replaceChildren(...(isNumber(p) ? [sign(p >= 0.5 ? "box-real" : "box-fake")] : []), text);
  }
}

/** How many samples D takes for real, how many for fake. @param {readonly Maybe[]} probabilities */
function counted(probabilities) {
  const judged = probabilities.filter(isNumber);
  const real = judged.filter((p) => p >= 0.5).length;
  const lost = probabilities.length - judged.length;
  const gap = () => make("i", { class: "gap" });
  const found = [sign("box-real"), say("countLooksReal", { count: real }), gap()];
  found.push(sign("box-fake"), say("countLooksFake", { count: judged.length - real }));
  if (lost) found.push(gap(), say("countNotANumber", { count: lost }));
  return found;
}
