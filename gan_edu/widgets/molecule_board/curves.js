/* The mean QED over training: a line a λ, the chosen one strong, and what the data have. A press goes to the nearest point. */

import { draw } from "../kit/dom.js";
import { whole } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { plain, spread } from "./board.js";

const APART = 11; // pixels between labels at the lines' ends

export class Curves {
  /** @param {import("./board.js").Board} board @param {(row: number, column: number) => void} go */
  constructor(board, go) {
    this.board = board;
    const margin = { left: 36, right: 50, top: 22, bottom: 36 };
    this.plot = new Plot("curves", { x: say("stepAxis"), y: say("qedAxis"), margin });
    const all = [board.data, ...board.points.flatMap((line) => line.map(({ qed }) => qed))];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const room = Math.max(0.02, (high - low) * 0.08);
    /** @type {[number, number]} */
    this.ends = [Math.max(0, low - room), Math.min(1, high + room)];
    this.plot.box.addEventListener("click", (event) => go(...this.nearest(event)));
  }
  /** The point of all lines that is nearest to a pointer, by share and step. @param {MouseEvent} event @returns {[number, number]} */
  nearest({ clientX, clientY }) {
    const { left, top } = this.plot.box.getBoundingClientRect();
    const { points, steps } = this.board;
    const far = (/** @type {[number, number]} */ [row, column]) => {
      const [x, y] = this.plot.pixel([steps[column], points[row][column].qed]);
      return Math.hypot(x - clientX + left, y - clientY + top);
    };
    const all = points.flatMap((line, row) => line.map((_, column) => /** @type {[number, number]} */ ([row, column])));
    return all.reduce((best, each) => (far(each) < far(best) ? each : best));
  }
  /** @param {number} row the chosen λ @param {number} column the step @param {string} words for screen readers */
  show(row, column, words) {
    const { plot, board } = this;
    const { steps, points, data, shares } = board;
    const lines = points.map((line) =>
      line.map(({ qed }, k) => /** @type {import("../kit/plot.js").Place} */ ([steps[k], qed])),
    );
    const last = steps[steps.length - 1];
    plot.clear([steps[0], last], this.ends, { ticks: plot.x.domain([steps[0], last]).ticks(3), text: whole });
    plot.line("reference", [
      [steps[0], data],
      [last, data],
    ]);
    for (const [k, line] of lines.entries()) if (k !== row) plot.line("other-line", line);
    plot.line("chosen-line", lines[row]);
    const [x, y] = plot.pixel(lines[row][column]);
    plot.svg.append(draw("circle", { class: "mark", r: 4.5, cx: x, cy: y }));
    this.labels(row, [...points.map((line) => line[line.length - 1].qed), data], shares);
    plot.svg.setAttribute("aria-label", words);
  }
  /** What each line is, beside its end. @param {number} row @param {number[]} ends @param {number[]} shares */
  labels(row, ends, shares) {
    const { plot } = this;
    const { right, bottom } = plot.edges;
    const places = spread(
      ends.map((qed) => plot.y(qed) + 4),
      APART,
      bottom,
    );
    for (const [k, y] of places.entries()) {
      const words = k < shares.length ? `λ ${plain(shares[k])}` : say("data");
      plot.svg.append(draw("text", { class: k === row ? "strong" : "", x: right + 8, y }, words));
    }
  }
}
