/* A part of a plane in SVG: rules and numbers round it, and what lies in it. */

import { scaleLinear } from "d3-scale";
import { linePath } from "../kit/axis.js";
import { draw, make } from "../kit/dom.js";
import { caption } from "../kit/layout.js";
import { signed } from "../kit/numbers.js";

/** @typedef {readonly [number, number]} Place */
/** @typedef {{marks: readonly number[], tell?: (mark: number) => string}} Side where an axis is labelled, and how */

const NEAR = 0.4; // pixels: who would cover the one before is left out
const ROOM = { left: 32, right: 8, top: 9, bottom: 21 }; // round the plane, in pixels

export class Plot {
  /** @param {string} kind @param {string} title @param {string} words what it shows */
  constructor(kind, title, words) {
    this.kind = kind;
    this.svg = draw("svg", { class: "plot", role: "img" });
    this.inner = draw("g", { "clip-path": `url(#clip-${kind})` }); // what lies in the plane
    this.box = make("div", { class: `sheet ${kind}` }, this.svg);
    this.node = make("figure", {}, caption(make("b", {}, title), words), this.box);
    this.x = scaleLinear();
    this.y = scaleLinear();
    this.width = 0;
    this.height = 0;
  }
  /** Sizes are read before anything is drawn: to read one after a change makes the browser lay out everything anew. */
  measure() {
    [this.width, this.height] = [this.box.clientWidth, this.box.clientHeight];
    this.x.range([ROOM.left, this.width - ROOM.right]);
    this.y.range([this.height - ROOM.bottom, ROOM.top]);
  }
  /** The plane's edges, in pixels. */
  get edges() {
    const [[left, right], [bottom, top]] = [this.x.range(), this.y.range()];
    return { left, right, top, bottom };
  }
  /** Begins anew, with an empty plane.
   * @param {Place} xs from where to where @param {Place} ys @param {Side} across @param {Side} up */
  clear(xs, ys, across, up) {
    this.x.domain(xs);
    this.y.domain(ys);
    this.svg.setAttribute("width", String(this.width));
    this.svg.setAttribute("height", String(this.height));
    this.inner.replaceChildren();
    this.svg.replaceChildren(this.clip(), ...this.verticals(across), ...this.horizontals(up), this.inner);
  }
  clip() {
    const { left, right, top, bottom } = this.edges;
    const rect = draw("rect", { x: left, y: top, width: right - left, height: bottom - top });
    return draw("clipPath", { id: `clip-${this.kind}` }, rect);
  }
  /** @param {Side} side */
  verticals({ marks, tell = plainly }) {
    const { top, bottom, right } = this.edges;
    return marks.flatMap((mark) => {
      const [x, words] = [this.x(mark), tell(mark)];
      const anchor = words.length > 2 && x > right - ROOM.right ? "end" : "middle"; // a long number would be cut off
      return [
        draw("path", { class: ruleOf(mark), d: `M${x} ${top}V${bottom}` }),
        draw("text", { x, y: this.height - 6, "text-anchor": anchor }, words),
      ];
    });
  }
  /** @param {Side} side */
  horizontals({ marks, tell = plainly }) {
    const { left, right } = this.edges;
    return marks.flatMap((mark) => [
      draw("path", { class: ruleOf(mark), d: `M${left} ${this.y(mark)}H${right}` }),
      draw("text", { x: left - 5, y: this.y(mark) + 4, "text-anchor": "end" }, tell(mark)),
    ]);
  }
  /** @param {string} kind @param {string} d */
  path(kind, d) {
    this.inner.append(draw("path", { class: kind, d }));
  }
  /** The whole height from one x to another. @param {string} kind @param {number} from @param {number} to */
  stripe(kind, from, to) {
    const { top, bottom } = this.edges;
    this.path(kind, `M${this.x(from)} ${top}H${this.x(to)}V${bottom}H${this.x(from)}Z`);
  }
  /** @param {string} kind @param {readonly Place[]} points */
  line(kind, points) {
    this.path(kind, linePath(this.apart(points), this.x, this.y));
  }
  /** @param {string} kind @param {readonly Place[]} points */
  dots(kind, points) {
    const places = this.apart(points).map(([x, y]) => `M${spot(this.x(x), this.y(y))}h0`);
    this.path(kind, places.join(""));
  }
  /** Points without those that would cover the one before. @param {readonly Place[]} points */
  apart(points) {
    let last = [Number.NaN, Number.NaN];
    return points.filter(([x, y]) => {
      const at = [this.x(x), this.y(y)];
      if (Math.abs(at[0] - last[0]) < NEAR && Math.abs(at[1] - last[1]) < NEAR) return false;
      last = at;
      return true;
    });
  }
  /** Words over the middle of the plane, above its lower edge. @param {string} words @param {number} above in pixels */
  note(words, above) {
    const { left, right, bottom } = this.edges;
    const place = { x: (left + right) / 2, y: bottom - above };
    this.svg.append(draw("text", { class: "halo", ...place, "text-anchor": "middle" }, words));
  }
}

/** @param {number} mark */
const ruleOf = (mark) => (mark === 0 ? "axis" : "rule");

/** A number with the digits that it has. @param {number} mark */
const plainly = (mark) => signed(mark, Number.isInteger(mark) ? 0 : 1);

/** A place in a path. @param {number} x @param {number} y in pixels */
export const spot = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
