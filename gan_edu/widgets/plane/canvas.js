/* One picture of the plane: a run at one moment, and a probe under the pointer or the arrow keys. */

import { make, put } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { onArrows, onKeys } from "../kit/keys.js";
import { clamp, fixed, isNumber, looks } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { probabilityAt, pullOn, sampleNear } from "./frames.js";
import { paintGround, paintMap, paintSheet } from "./ground.js";
import { Markers, paintCross, paintPulls, paintStrokes } from "./marks.js";
import { paperOf } from "./paper.js";
import { REACH } from "./strokes.js";
import { leftText, momentText } from "./texts.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./frames.js").Point} Point */
/** @typedef {Record<"real" | "fake" | "field" | "sheet" | "pulls", boolean>} Layers */
/** @typedef {object} Shown
 * @property {Moment} moment
 * @property {Layers} layers
 * @property {number} morph from the noise (0) to its image (1)
 * @property {boolean} dark
 * @property {string} [title] of the run, where there are two
 * @property {readonly Point[] | null} [strokes] what is being drawn, over the data so far
 */
/** @typedef {object} Tells
 * @property {() => void} moved the probe was
 * @property {() => void} keyed it was moved by a key
 * @property {() => boolean} draws whether the probe is a pen
 * @property {(point: Point, starts: boolean) => void} stroke where the pen was led
 */

export class PlaneCanvas {
  /** @param {Tells} tells */
  constructor(tells) {
    this.tells = tells;
    /** @type {Point | null} */
    this.pointer = null;
    /** @type {Moment | null} */
    this.moment = null;
    this.markers = new Markers();
    this.canvas = make("canvas", { tabindex: 0, role: "img", class: "plane" });
    this.note = make("p", { class: "over-note" }); // what is not to be seen
    this.node = make("div", { class: "plane-box" }, this.canvas, this.note);
    this.points();
    this.keys();
  }
  points() {
    const { canvas, tells } = this;
    const lead = (/** @type {PointerEvent} */ event, starts = false) => {
      const place = this.placeOf(event);
      this.point(place);
      if (tells.draws()) tells.stroke(place, starts);
    };
    dragged(canvas, { start: (event) => lead(event, true), move: lead });
    canvas.addEventListener("pointermove", (event) => this.point(this.placeOf(event)));
    canvas.addEventListener("pointerleave", () => {
      if (!tells.draws() || !canvas.matches(":focus")) this.point(null); // the pen of the keys stays
    });
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.point(this.pointer ?? [0, 0]);
    });
    canvas.addEventListener("blur", () => this.point(null));
  }
  /** Arrow keys move the probe, or the pen; Enter and the space bar put a point. */
  keys() {
    const { canvas, tells } = this;
    onArrows(canvas, {
      ...{ fine: 0.05, coarse: 0.2 },
      go: (right, up) => {
        const [x, y] = this.pointer ?? [0, 0];
        tells.keyed();
        this.point([clamp(x + right, -REACH, REACH), clamp(y + up, -REACH, REACH)]);
      },
    });
    const put = () => {
      if (!tells.draws() || !this.pointer) return false;
      tells.stroke(this.pointer, true);
      return true;
    };
    onKeys(canvas, { Enter: put, " ": put });
  }
  /** @param {PointerEvent} event @returns {Point} */
  placeOf(event) {
    const [right, down] = shareOf(event, this.canvas);
    const edge = this.moment?.grid.edge ?? 1.5;
    return [(2 * right - 1) * edge, (1 - 2 * down) * edge];
  }
  /** @param {Point | null} where */
  point(where) {
    this.pointer = where;
    this.tells.moved();
  }

  /** @param {Shown} shown */
  show(shown) {
    const { moment, layers, strokes = null } = shown;
    const fakes = layers.fake && !moment.bare && !strokes;
    this.moment = moment;
    this.paint(shown, fakes);
    const { grid, frame } = moment;
    put(this.note, fakes && frame.away === grid.fakes ? leftText(moment) : "");
    const text = momentText(moment);
    this.canvas.setAttribute("aria-label", shown.title ? say("titled", { title: shown.title, text }) : text);
  }
  /** @param {Shown} shown @param {boolean} fakes whether they are drawn */
  paint({ moment, layers, morph, dark, strokes }, fakes) {
    const { grid, frame } = moment;
    const paper = paperOf(this.canvas, grid.edge, dark);
    if (!paper) return;
    const { context } = paper;
    paintGround(paper);
    if (layers.field) paintMap(paper, grid, frame.field);
    if (layers.sheet && !strokes) paintSheet(paper, moment, morph);
    context.globalAlpha = strokes ? 0.3 : 1; // behind a drawing: what was learned until now
    if (layers.real) this.markers.paint(paper, "real", moment.real, grid.unit);
    context.globalAlpha = 1;
    if (fakes) this.markers.paint(paper, "fake", frame.fakes, grid.unit);
    if (layers.pulls && !moment.bare && !strokes) paintPulls(paper, frame, grid.unit);
    if (strokes) paintStrokes(paper, strokes);
    if (this.pointer) paintCross(paper, this.pointer);
  }
  /** What the probe stands on, in words. */
  told() {
    if (!this.pointer || !this.moment) return "";
    const { grid, frame, scores } = this.moment;
    const [x, y] = this.pointer.map((each) => fixed(each));
    const p = probabilityAt(grid, frame, this.pointer);
    const near = sampleNear(grid, frame, this.pointer);
    const pull = near < 0 ? null : pullOn(frame, near, scores.most ?? 0);
    const texts = [
      say("placeIs", { x, y }),
      say(isNumber(p) ? "probabilityLooks" : "probabilityIs", { p: fixed(p), looks: isNumber(p) ? looks(p) : "" }),
      ...(near < 0 ? [] : [say("samplePull", { sample: near + 1, pull: fixed(pull, 3) })]),
    ];
    return texts.join(" · ");
  }
}
