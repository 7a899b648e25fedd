/* A function of two numbers as colours and contour lines, on the canvas beneath a plot. */

import { contours } from "d3-contour";
import { offscreen } from "./canvas.js";
import { colourMap, colourOf } from "./palette.js";

/** @typedef {import("./plot.js").Place} Place */
/** @typedef {import("./plot.js").Plot} Plot */

const SIDE = 81; // points a side where its value is taken
const LINES = 16; // as much of the plane lies between any two of them
const DARK_FROM = 0.4; // the share from which lines are dark, on ground that is light there
const MAP = colourMap("cividis");

export class Field {
  /** @param {(x: number, y: number) => number} value @param {Place} xs from where to where @param {Place} ys
   * @param {readonly number[]} [through] values that have a contour line besides: a saddle's, whose lines cross */
  constructor(value, [left, right], [low, high], through = []) {
    const line = Array.from({ length: SIDE }, (_, k) => k / (SIDE - 1));
    this.values = line.flatMap((t) => line.map((s) => value(left + s * (right - left), low + t * (high - low))));
    const sorted = [...this.values].sort((a, b) => a - b);
    this.least = sorted[0];
    this.most = sorted[sorted.length - 1];
    const quantiles = Array.from(
      { length: LINES - 1 },
      (_, k) => sorted[Math.floor(((k + 1) / LINES) * sorted.length)],
    );
    this.levels = [...quantiles, ...through];
    /** @type {{key: string, canvas: HTMLCanvasElement} | null} what was painted last */
    this.painted = null;
  }
  /** A value as a share of all that there are. @param {number} v */
  share(v) {
    return (v - this.least) / (this.most - this.least || 1);
  }
  /** @param {number} v */
  colour(v) {
    return MAP(this.share(v));
  }
  /** Paints it between the axes. @param {Plot} plot @param {{context: CanvasRenderingContext2D}} paper of the plot */
  paint({ edges: { left, right, top, bottom } }, { context }) {
    const size = /** @type {const} */ ([right - left, bottom - top, window.devicePixelRatio || 1]);
    if (this.painted?.key !== String(size)) this.painted = { key: String(size), canvas: this.picture(...size) };
    context.drawImage(this.painted.canvas, left, top, size[0], size[1]);
  }
  /** @param {number} width @param {number} height @param {number} ratio the screen's pixels to one of the page */
  picture(width, height, ratio) {
    const [canvas, context] = offscreen(Math.round(width * ratio), Math.round(height * ratio));
    context.scale(ratio, ratio);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.colours(), 0.5, 0.5, SIDE - 1, SIDE - 1, 0, 0, width, height); // from point to point
    context.globalAlpha = 0.5;
    for (const { value, coordinates } of contours().size([SIDE, SIDE]).thresholds(this.levels)(this.values)) {
      context.strokeStyle = colourOf(this.share(value) < DARK_FROM ? "paper" : "ink", false);
      context.beginPath();
      for (const ring of coordinates.flat())
        for (const [k, [x, y]] of ring.entries()) {
          const [right, up] = [(x - 0.5) / (SIDE - 1), (y - 0.5) / (SIDE - 1)];
          context[k ? "lineTo" : "moveTo"](right * width, (1 - up) * height);
        }
      context.stroke();
    }
    return canvas;
  }
  /** One pixel a point. */
  colours() {
    const [canvas, context] = offscreen(SIDE, SIDE);
    const pixels = new ImageData(SIDE, SIDE);
    for (const [k, v] of this.values.entries()) {
      const [row, column] = [SIDE - 1 - Math.floor(k / SIDE), k % SIDE];
      pixels.data.set([...this.colour(v), 255], 4 * (row * SIDE + column));
    }
    context.putImageData(pixels, 0, 0);
    return canvas;
  }
}

/** A dashed line, with a rim in the other tone so that it is seen on dark and on light ground.
 * @param {CanvasRenderingContext2D} context @param {readonly Place[]} points in pixels @param {number[]} dash */
export function trace(context, points, dash) {
  const rim = /** @type {const} */ ([colourOf("paper", false), 3.4]);
  const core = /** @type {const} */ ([colourOf("ink", false), 1.4]);
  context.setLineDash(dash);
  for (const [colour, wide] of [rim, core]) {
    context.strokeStyle = colour;
    [context.lineWidth, context.lineJoin] = [wide, "round"];
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  }
  context.setLineDash([]);
}
