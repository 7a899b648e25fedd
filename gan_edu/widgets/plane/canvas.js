import { clamp, fixed, isNumber, looks, make, put } from "../kit/before.js";

/* The plane's picture: D's map, the generator's sheet, data, samples and pulls, and what lies under the pointer.
 *
 * Frames are what core/recording/points_look.py packs: int16 fakes, pulls, sheet in thousandths, then uint8 probabilities, row by row
 * from the bottom. Blue discs are real, orange triangles are fake, in every theme.
 */

const LOST = -32768; // a coordinate that was not finite; the map has grid.lost_field

/** The numbers of one frame; lost: how many of the samples are not finite; away: how many lie beyond the picture's edge. */
export function unpackFrame(grid, bytes) {
  const { fakes, pulls, sheet, field, edge, unit } = grid,
    start = bytes.byteOffset || 0,
    buffer = bytes.buffer || bytes;
  const points = new Int16Array(buffer.slice(start, start + 4 * (fakes + pulls + sheet)));
  const cut = (from, count) => points.subarray(2 * from, 2 * (from + count));
  const samples = cut(0, fakes),
    count = (is) =>
      Array.from({ length: fakes }, (_, i) => is(samples[2 * i], samples[2 * i + 1])).filter(Boolean).length;
  return {
    fakes: samples,
    lost: count((x) => x === LOST),
    away: count((x, y) => x !== LOST && Math.max(Math.abs(x), Math.abs(y)) > edge * unit),
    pulls: cut(fakes, pulls),
    sheet: cut(fakes + pulls, sheet),
    field: new Uint8Array(
      buffer.slice(start + 4 * (fakes + pulls + sheet), start + 4 * (fakes + pulls + sheet) + field * field),
    ),
  };
}

const FIELD_INKS = {
  light: [
    [213, 94, 0],
    [255, 255, 255],
    [0, 114, 178],
  ],
  dark: [
    [200, 110, 45],
    [38, 43, 49],
    [56, 140, 195],
  ],
};
const mix = (a, b, t) => a.map((x, i) => x + (b[i] - x) * t);
/** From orange (0, looks fake) over the middle (½) to blue (1, looks real). */
const fieldInk = (p, dark) => {
  const [low, mid, high] = FIELD_INKS[dark ? "dark" : "light"],
    t = Math.abs(p - 0.5) * 2;
  return mix(mid, p > 0.5 ? high : low, (dark ? 0.5 : 0.62) * t); // pale, so that the samples stand out
};

/** Samples that are not to be seen, in words. */
export const lostWords = ({ lost, away }, { fakes }) =>
  (lost ? `; ${lost} of the ${fakes} samples on show are not numbers and not drawn` : "") +
  (away
    ? `; ${away === fakes ? `all ${fakes}` : `${away} of the ${fakes}`} samples on show lie outside the picture`
    : "");

/** One canvas: a run at one moment. */
export class PlaneCanvas {
  constructor(view, say) {
    Object.assign(this, { view, say, pointer: null, stroke: null, ratio: 1 });
    this.canvas = make("canvas", { tabindex: 0, role: "img", class: "plane" });
    this.readout = make("div", { class: "readout" });
    this.note = make("p", { class: "over-note" }); // what is not to be seen
    this.node = make("div", { class: "plane-box" }, this.canvas, this.note);
    this.fieldCanvas = document.createElement("canvas");
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect(),
        edge = this.edge || 1.5;
      return [
        (((event.clientX - box.left) / box.width) * 2 - 1) * edge,
        (1 - ((event.clientY - box.top) / box.height) * 2) * edge,
      ];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.point(at(event));
      if (!view.drawing || this !== view.canvas) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.held = true;
      view.stroke(this.pointer, true);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      this.point(at(event));
      if (this.held) view.stroke(this.pointer, false);
    });
    this.canvas.addEventListener("pointerleave", () =>
      view.drawing && this.canvas.matches(":focus") ? null : this.point(null),
    ); // the pen of the keys stays
    for (const end of ["pointerup", "pointercancel"])
      this.canvas.addEventListener(end, () => {
        this.held = false;
      });
    this.canvas.addEventListener(
      "focus",
      () => this.canvas.matches(":focus-visible") && this.point(this.pointer || [0, 0]),
    );
    this.canvas.addEventListener("blur", () => this.point(null));
  }
  point(where) {
    this.pointer = where;
    this.view.paint();
  }
  /** Arrow keys move the probe, or the pen. */
  key(key, far) {
    const by = far ? 0.2 : 0.05,
      [x, y] = this.pointer || [0, 0];
    const move = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] }[key];
    if (move) this.point([clamp(x + move[0], -1.45, 1.45), clamp(y + move[1], -1.45, 1.45)]);
    return Boolean(move);
  }
  measure() {
    const ratio = (this.ratio = window.devicePixelRatio || 1),
      size = Math.max(1, Math.round(this.node.clientWidth * ratio));
    if (this.canvas.width !== size || this.canvas.height !== size)
      [this.canvas.width, this.canvas.height] = [size, size];
  }

  /** shown: {grid, frame, real, noise, scores, layers, morph, strokes, dark, text}. */
  draw(shown) {
    const { canvas } = this,
      context = canvas.getContext("2d"),
      { grid, frame, layers, dark } = shown;
    this.edge = grid.edge;
    this.shown = shown;
    const size = canvas.width,
      scale = size / 2 / grid.edge,
      unit = 1 / grid.unit;
    this.X = (x) => size / 2 + x * scale;
    this.Y = (y) => size / 2 - y * scale;
    Object.assign(this, { context, unit, size, r: this.ratio * clamp(size / this.ratio / 160, 1.6, 2.8) });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = dark ? "#262b31" : "#fff";
    context.fillRect(0, 0, size, size);
    if (layers.field) this.field(frame.field, grid, dark);
    if (layers.sheet) this.sheet(frame.sheet, shown.noise, shown.morph, dark);
    context.globalAlpha = shown.strokes ? 0.3 : 1; // behind a drawing: what was learned until now
    if (layers.real) this.discs(shown.real, dark);
    context.globalAlpha = 1;
    if (layers.fake && !shown.hideFakes) this.triangles(frame.fakes, dark);
    if (layers.pulls && !shown.hideFakes) this.arrows(frame.fakes, frame.pulls, dark);
    if (shown.strokes) this.strokes(shown.strokes, dark);
    if (this.pointer) this.probe(dark);
    const gone = layers.fake && !shown.hideFakes && frame.away === grid.fakes;
    put(
      this.note,
      shown.strokes
        ? shown.strokes.length
          ? ""
          : "Draw here. Pale: the data so far"
        : gone
          ? `All ${grid.fakes} fakes have left the picture`
          : "",
    );
    canvas.setAttribute("aria-label", shown.text);
  }
  field(values, { field: side, lost_field: lost }, dark) {
    const small = this.fieldCanvas;
    if (small.width !== side || small.height !== side) [small.width, small.height] = [side, side];
    const context = small.getContext("2d"),
      image = context.createImageData(side, side);
    this.inks ||= {};
    const table = (this.inks[dark] ||= Uint8ClampedArray.from({ length: 256 }, (_, v) => v).reduce(
      (all, v) => (all.push(fieldInk(v / 255, dark)), all),
      [],
    ));
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const value = values[row * side + column],
          ink = value !== lost ? table[value] : (row + column) % 2 ? [118, 126, 134] : table[128],
          at = 4 * ((side - 1 - row) * side + column);
        [image.data[at], image.data[at + 1], image.data[at + 2], image.data[at + 3]] = [ink[0], ink[1], ink[2], 255];
      }
    context.putImageData(image, 0, 0);
    this.context.imageSmoothingEnabled = true;
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(small, 0, 0, this.size, this.size);
  }
  /** The image of a grid of latents; each cell holds the same share of the noise, so a small cell is dense. */
  sheet(image, noise, morph, dark) {
    const { context, unit } = this,
      count = image.length / 2,
      ink = dark ? "217,139,198" : "160,69,138",
      spread = noise.kind === "gaussian" ? 0.45 : 1;
    const at = (i, k) =>
      (noise.dim === 1 ? (k ? 0 : noise.points[i]) : noise.points[2 * i + k]) * spread * (1 - morph) +
      image[2 * i + k] * morph;
    const P = Array.from({ length: count }, (_, i) =>
      image[2 * i] === LOST ? null : [this.X(at(i, 0) * unit), this.Y(at(i, 1) * unit)],
    );
    context.lineJoin = "round";
    if (noise.dim === 1) {
      for (let i = 1; i < count; i++) {
        if (!P[i] || !P[i - 1]) continue;
        const length = Math.hypot(P[i][0] - P[i - 1][0], P[i][1] - P[i - 1][1]) / this.size;
        context.strokeStyle = `rgba(${ink},${clamp(0.006 / (length + 0.004), 0.12, 1)})`;
        context.lineWidth = 3 * this.ratio;
        context.beginPath();
        context.moveTo(...P[i - 1]);
        context.lineTo(...P[i]);
        context.stroke();
      }
      return;
    }
    const side = Math.round(Math.sqrt(count)),
      share = 1 / (side - 1) ** 2;
    for (let row = 0; row < side - 1; row++)
      for (let column = 0; column < side - 1; column++) {
        const corner = [
          row * side + column,
          row * side + column + 1,
          (row + 1) * side + column + 1,
          (row + 1) * side + column,
        ].map((i) => P[i]);
        if (!corner.every(Boolean)) continue;
        let area = 0;
        corner.forEach(([x, y], k) => {
          const [u, v] = corner[(k + 1) % 4];
          area += x * v - u * y;
        });
        area = Math.abs(area) / 2 / this.size ** 2;
        context.fillStyle = `rgba(${ink},${clamp(share / (area * 8 + share * 1.2), 0.02, 0.8)})`;
        context.strokeStyle = `rgba(${ink},.55)`;
        context.lineWidth = 0.6 * this.ratio;
        context.beginPath();
        corner.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
        context.closePath();
        context.fill();
        context.stroke();
      }
  }
  discs(points, dark) {
    this.stamp(points, dark, dark ? "#56B4E9" : "#0072B2", (context, r) => context.arc(0, 0, r, 0, 7));
  }
  triangles(points, dark) {
    this.stamp(points, dark, dark ? "#F0954B" : "#D55E00", (context, r) => {
      const s = r * 1.45;
      context.moveTo(0, -s);
      context.lineTo(s * 0.92, s * 0.7);
      context.lineTo(-s * 0.92, s * 0.7);
      context.closePath();
    });
  }
  /** A marker at each point: drawn once and copied, as hundreds are drawn for every view. */
  stamp(points, dark, ink, shape) {
    const { context, unit, r } = this,
      half = Math.ceil(r * 2 + this.ratio),
      key = `${ink} ${r}`;
    this.stamps ||= {};
    const small = (this.stamps[key] ||= Object.assign(document.createElement("canvas"), {
      width: 2 * half,
      height: 2 * half,
    }));
    if (!small.done) {
      const own = small.getContext("2d");
      small.done = true;
      Object.assign(own, { fillStyle: ink, strokeStyle: dark ? "#14171a" : "#fff", lineWidth: 0.7 * this.ratio });
      own.translate(half, half);
      own.beginPath();
      shape(own, r);
      own.fill();
      own.stroke();
    }
    for (let i = 0; i < points.length; i += 2)
      if (points[i] !== LOST)
        context.drawImage(small, this.X(points[i] * unit) - half, this.Y(points[i + 1] * unit) - half);
  }
  /** Where each sample is pulled; the longest arrow is a tenth of the picture, its value stands in the numbers. */
  arrows(fakes, pulls, dark) {
    const { context, unit } = this,
      longest = this.size / 10 / 30000;
    context.strokeStyle = dark ? "#e8eaed" : "#1b1f24";
    context.lineWidth = 1.2 * this.ratio;
    context.beginPath();
    for (let i = 0; i < pulls.length; i += 2) {
      if (fakes[i] === LOST || pulls[i] === LOST) continue;
      const x = this.X(fakes[i] * unit),
        y = this.Y(fakes[i + 1] * unit),
        u = pulls[i] * longest,
        v = -pulls[i + 1] * longest,
        length = Math.hypot(u, v);
      if (length < this.ratio) continue;
      const [a, b] = [(u / length) * 3 * this.ratio, (v / length) * 3 * this.ratio];
      context.moveTo(x, y);
      context.lineTo(x + u, y + v);
      context.moveTo(x + u - a - b, y + v - b + a);
      context.lineTo(x + u, y + v);
      context.lineTo(x + u - a + b, y + v - b - a);
    }
    context.stroke();
  }
  strokes(points, dark) {
    const { context } = this;
    context.fillStyle = dark ? "#56B4E9" : "#0072B2";
    for (const [x, y] of points) {
      context.beginPath();
      context.arc(this.X(x), this.Y(y), this.r * 1.6, 0, 7);
      context.fill();
    }
  }
  probe(dark) {
    const { context } = this,
      [x, y] = [this.X(this.pointer[0]), this.Y(this.pointer[1])],
      s = 7 * this.ratio;
    for (const [colour, wide] of [
      [dark ? "#14171a" : "#fff", 3],
      [dark ? "#e8eaed" : "#1b1f24", 1.2],
    ]) {
      [context.strokeStyle, context.lineWidth] = [colour, wide * this.ratio];
      context.beginPath();
      context.moveTo(x - s, y);
      context.lineTo(x + s, y);
      context.moveTo(x, y - s);
      context.lineTo(x, y + s);
      context.stroke();
    }
  }
  /** What the probe stands on, in words. */
  told() {
    if (!this.pointer || !this.shown) return "";
    const { grid, frame, scores } = this.shown,
      [x, y] = this.pointer,
      cell = (v) => clamp(Math.floor(((v + grid.edge) / 2 / grid.edge) * grid.field), 0, grid.field - 1);
    const level = frame.field[cell(y) * grid.field + cell(x)],
      p = level === grid.lost_field ? null : level / 255,
      u = 1 / grid.unit;
    let near = -1,
      least = 0.12;
    for (let i = 0; i < grid.pulls; i++) {
      const away = Math.hypot(frame.fakes[2 * i] * u - x, frame.fakes[2 * i + 1] * u - y);
      if (away < least) [near, least] = [i, away];
    }
    const size =
      near < 0 || frame.pulls[2 * near] === LOST
        ? null
        : (Math.hypot(frame.pulls[2 * near], frame.pulls[2 * near + 1]) / 30000) * (scores.most || 0);
    const pull = near < 0 ? "" : ` · sample ${near + 1}: pull ${fixed(size, 3)}`;
    return `x (${fixed(x)}, ${fixed(y)}) · D(x) = ${fixed(p)}${isNumber(p) ? `, ${looks(p)}` : ""}${pull}`;
  }
}
