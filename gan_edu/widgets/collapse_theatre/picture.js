/* The samples of a frame: points in the plane beside the data, or a grid of pictures. */

import { Atlas } from "../kit/atlas.js";
import { sharp } from "../kit/canvas.js";
import { make, sign } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { unpackFrame } from "../plane/frames.js";
import { Markers } from "../plane/marks.js";
import { paperOf } from "../plane/paper.js";

/** @typedef {import("./reel.js").Part} Part */

const FAINT = 0.3; // of the data
const EDGE = 1.3; // where the picture ends
const LARGER = 1.6; // than in the plane, where there are more

export class Picture {
  /** @param {() => void} ready called when a picture is decoded */
  constructor(ready) {
    this.ready = ready;
    this.canvas = make("canvas", { role: "img" });
    const legend = [make("span", {}, sign("real"), say("realOnes")), make("span", {}, sign("fake"), say("fakeOnes"))];
    this.legend = make("figcaption", {}, ...legend);
    this.node = make("figure", { class: "samples" }, this.canvas, this.legend);
    this.markers = new Markers();
    /** @type {Map<string, Atlas>} by whether a part is a reel's second */
    this.atlases = new Map();
  }
  /** @param {import("./reel.js").Reel} reel @param {number} frame @param {boolean} dark @param {string} words */
  show(reel, frame, dark, words) {
    const [part, place] = reel.find(frame);
    this.canvas.setAttribute("aria-label", words);
    this.legend.hidden = part.meta.kind !== "points";
    if (part.layout) this.paintGrid(part, place, String(reel.parts.indexOf(part)));
    else this.paintPoints(part, place, dark);
  }
  /** @param {Part} part @param {number} place @param {boolean} dark */
  paintPoints({ meta, pictures }, place, dark) {
    const { grid, reals = [] } = meta;
    this.canvas.style.aspectRatio = "1";
    const plain = paperOf(this.canvas, Math.min(EDGE, grid.edge), dark);
    if (!plain) return;
    const paper = { ...plain, radius: LARGER * plain.radius };
    const { context, size } = paper;
    context.clearRect(0, 0, size, size);
    context.globalAlpha = FAINT;
    this.markers.paint(paper, "real", reals[reals.length - 1]?.points ?? [], grid.unit);
    context.globalAlpha = 1;
    const bytes = /** @type {import("../plane/frames.js").Bytes} */ (pictures[place]);
    if (bytes) this.markers.paint(paper, "fake", unpackFrame(grid, bytes).fakes, grid.unit);
  }
  /** @param {Part} part @param {number} place @param {string} name of its atlas */
  paintGrid({ pictures, layout }, place, name) {
    const { frame_width, frame_height } = /** @type {import("../kit/atlas.js").Layout} */ (layout);
    this.canvas.style.aspectRatio = `${frame_width} / ${frame_height}`;
    const found = sharp(this.canvas);
    const atlas = this.atlases.get(name) ?? new Atlas(this.ready);
    this.atlases.set(name, atlas);
    if (atlas.sources !== pictures) atlas.load(/** @type {any} */ (pictures), /** @type {any} */ (layout));
    if (found) atlas.draw(found.context, place);
  }
  close() {
    for (const atlas of this.atlases.values()) atlas.close();
  }
}
