/* What the latent explorer draws: sheets of small pictures, one of them large, the lengths along a walk. */

import { fixed, isNumber, make, ticks } from "../kit/before.js";
import { Atlas, toBlob } from "../kit/atlas.js";
import { LAST } from "./view.js";

/** What the kernel sent for one view: a PNG of small pictures, many of which are shown at once. */
export class Sheet extends Atlas {
  async load(sent) {
    if (!sent.png || sent === this.wanted) return;
    this.wanted = sent;
    try {
      const bitmap = await createImageBitmap(toBlob(sent.png));
      if (sent !== this.wanted) return bitmap.close(); // a newer one came meanwhile
      if (this.bitmap) this.bitmap.close();
      Object.assign(this, { sent, bitmap, error: null }); // until here the old one stays
    } catch (problem) {
      this.error = problem.message || String(problem);
    }
    this.onReady();
  }
  find(frame) {
    if (!this.bitmap || frame >= this.sent.columns * this.sent.rows) return null;
    const { columns, frame_width: w, frame_height: h } = this.sent;
    return { bitmap: this.bitmap, x: (frame % columns) * w, y: Math.floor(frame / columns) * h, w, h };
  }
  close() {
    this.wanted = null;
    if (this.bitmap) this.bitmap.close();
    this.bitmap = null;
  }
}

/** Canvas that shows one picture of a sheet at the screen's own pixels. */
export class Picture {
  constructor(sheet, attributes = { "aria-hidden": "true" }) {
    this.sheet = sheet;
    this.canvas = make("canvas", attributes);
  }
  measure() {
    const { canvas } = this,
      ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (width && (canvas.width !== width || canvas.height !== height)) {
      [canvas.width, canvas.height] = [width, height];
      this.shown = null;
    }
  }
  draw(frame) {
    const { bitmap } = this.sheet,
      { shown } = this;
    if (shown && shown[0] === frame && shown[1] === bitmap) return;
    const context = this.canvas.getContext("2d"),
      drawn = this.sheet.draw(context, frame);
    if (!drawn) context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.shown = drawn ? [frame, bitmap] : null;
  }
}

export const badge = (mark) => make("b", { class: "badge" }, mark.toUpperCase());
export const sides = (length, [low, high]) =>
  !isNumber(length)
    ? "outside the band"
    : length < low
      ? "below the band"
      : length > high
        ? "above the band"
        : "in the band";

/** The lengths of the latents on both paths, over the band of lengths that training saw. */
export class LengthPlot {
  constructor(view) {
    this.svg = make("svg:svg", { class: "plot", "aria-hidden": "true" });
    this.over = make("svg:svg", { class: "over", "aria-hidden": "true" });
    this.box = make("div", { class: "length-box" }, this.svg, this.over);
    const entry = (dash, words) =>
      make(
        "span",
        { class: "entry" },
        make(
          "svg:svg",
          { viewBox: "0 0 18 10", class: "sign", "aria-hidden": "true" },
          make("svg:path", { d: "M0 5h18", class: "line", "stroke-dasharray": dash }),
        ),
        words,
      );
    this.node = make(
      "div",
      { class: "lengths" },
      make(
        "div",
        { class: "legend" },
        make("b", {}, "length of z"),
        make("i", { class: "push" }),
        entry("4 2", "linear"),
        entry(null, "spherical"),
        make("span", { class: "entry" }, make("i", { class: "swatch" }), (this.told = make("span"))),
      ),
      this.box,
    );
    const go = (event) =>
      view.go(((event.clientX - this.box.getBoundingClientRect().left - this.left) / (this.right - this.left)) * LAST);
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
  load(norms, band) {
    Object.assign(this, { norms, band, width: 0 });
    this.told.textContent = `training: ${fixed(band[0], 1)} to ${fixed(band[1], 1)}`;
  }
  measure() {
    const width = this.box.clientWidth,
      height = this.box.clientHeight;
    if (!width || !this.norms || (width === this.width && height === this.height)) return;
    const { norms, band } = this,
      high = Math.max(...[...norms, ...band].filter(isNumber)) * 1.05;
    Object.assign(this, { width, height, left: 26, right: width - 8 });
    const [top, bottom] = [6, height - 17],
      x = (k) => this.left + (k / LAST) * (this.right - this.left),
      y = (v) => bottom - (v / high) * (bottom - top);
    Object.assign(this, { x, y });
    for (const svg of [this.svg, this.over]) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
    }
    const text = (at, up, words, anchor) => make("svg:text", { x: at, y: up, "text-anchor": anchor }, words);
    const line = (from, dash) =>
      make("svg:path", {
        class: "series",
        "stroke-dasharray": dash,
        d: Array.from({ length: LAST + 1 }, (_, k) =>
          !isNumber(norms[from + k])
            ? ""
            : `${k && isNumber(norms[from + k - 1]) ? "L" : "M"}${x(k).toFixed(1)} ${y(norms[from + k]).toFixed(1)}`,
        ).join(""),
      });
    this.svg.replaceChildren(
      make("svg:rect", {
        class: "band",
        x: this.left,
        y: y(band[1]),
        width: this.right - this.left,
        height: y(band[0]) - y(band[1]),
      }),
      make("svg:path", { class: "axis", d: `M${this.left} ${bottom}H${this.right}` }),
      ...ticks(0, high, 2).map((t) => text(this.left - 5, y(t) + 4, String(t), "end")),
      text(x(0), bottom + 14, "A", "start"),
      text(x(LAST / 2), bottom + 14, "halfway", "middle"),
      text(x(LAST), bottom + 14, "B", "end"),
      line(0, "6 3"),
      line(LAST + 1, null),
    );
    this.cursor = make("svg:path", { class: "cursor", d: `M0 ${top}V${bottom}` });
    this.marks = [
      make("svg:path", { class: "mark", d: "M0-5 5 0 0 5-5 0z" }),
      make("svg:circle", { class: "mark", r: 4 }),
    ];
    this.over.replaceChildren(this.cursor, ...this.marks);
  }
  draw(k) {
    if (!this.width) return;
    this.cursor.setAttribute("transform", `translate(${this.x(k).toFixed(1)} 0)`);
    this.marks.forEach((mark, i) => {
      const norm = this.norms[i * (LAST + 1) + k];
      mark.setAttribute("visibility", isNumber(norm) ? "visible" : "hidden");
      if (isNumber(norm))
        mark.setAttribute("transform", `translate(${this.x(k).toFixed(1)} ${this.y(norm).toFixed(1)})`);
    });
  }
}
