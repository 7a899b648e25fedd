/* What is dragged over the densities: of each bump its top, for mean and weight, and its side, for the width. */

import { logDensity } from "../kit/density.js";
import { dragged } from "../kit/drag.js";
import { onArrows } from "../kit/keys.js";
import { lineHandle, onEnds, showHandle } from "../kit/line_handle.js";
import { EDGE } from "../kit/line_plot.js";
import { signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { rangeOf, SIDES, SIGNS, SYMBOLS } from "./traits.js";

/** @typedef {import("../kit/density.js").Density} Density */
/** @typedef {import("../kit/store.js").Store} Store */
/** @typedef {{side: import("./traits.js").Side, bump: 1 | 2, what: "mean" | "width"}} Held */
/** @typedef {Held & {name: string, label: string, node: SVGGElement}} Handle name: the trait that it moves */
/** @typedef {[x: number, y: number]} Place in pixels */

const FULL_WEIGHT = 120; // pixels upwards from the weight 0 to 1
const SLACK = 5; // pixels until it is plain which way a pointer goes
const GAP = 18; // pixels from one handle to the next

/** @type {Held[]} */
const HELD = SIDES.flatMap((side) =>
  /** @type {const} */ ([1, 2]).flatMap((bump) => [
    { side, bump, what: "width" },
    { side, bump, what: "mean" },
  ]),
);

export class Handles {
  /** @param {Store} store @param {import("../kit/line_plot.js").LinePlot} plot that they stand over
   * @param {{move: (name: string, value: number) => void, told: (handle: Handle) => void}} acts */
  constructor(store, plot, { move, told }) {
    this.store = store;
    this.plot = plot;
    this.move = move;
    this.told = told;
    this.all = HELD.map(handleOf);
    for (const handle of this.all) {
      this.follow(handle);
      this.keys(handle);
    }
    const of = (/** @type {string} */ what) => this.all.filter((each) => each.what === what).map(({ node }) => node);
    plot.over.append(...of("width"), ...of("mean"));
  }
  /** Sideways a handle moves its own number; a mean's upwards the weight.
   * @param {Handle} handle */
  follow(handle) {
    const { store, plot } = this;
    const { node, side, bump, what, name } = handle;
    const [share, sign] = [`${side}_share`, bump === 1 ? 1 : -1];
    let [from, way] = [{ x: 0, y: 0, value: 0, share: 0, outward: 1 }, ""];
    dragged(node, {
      start: (event) => {
        const outward = what === "width" ? this.outward(handle) : 1;
        way = "";
        from = { x: event.clientX, y: event.clientY, value: store.get(name), share: store.get(share), outward };
      },
      move: (event) => {
        const [right, down] = [event.clientX - from.x, event.clientY - from.y];
        way ||= wayOf(what, right, down);
        if (way === "up") this.move(share, from.share - (sign * down) / FULL_WEIGHT);
        const by = plot.x.invert(right) - plot.x.invert(0);
        if (way === "side") this.move(name, from.value + from.outward * by);
      },
      end: () => this.told(handle),
    });
  }
  /** @param {Handle} handle */
  keys({ node, side, bump, name }) {
    const { store } = this;
    const share = `${side}_share`;
    const go = (/** @type {number} */ right, /** @type {number} */ up) => {
      if (right) this.move(name, store.get(name) + right);
      else this.move(share, store.get(share) + 0.05 * Math.sign(bump === 1 ? up : -up));
    };
    onArrows(node, { fine: 0.1, coarse: 0.01, go });
    onEnds(node, rangeOf(name), (value) => this.move(name, value));
  }
  /** On which side of its bump the handle for the width stands: on the left where the right is off the picture.
   * @param {Held} held */
  outward({ side, bump }) {
    const [mean, width] = ["mean", "width"].map((part) => this.store.get(`${side}_${part}_${bump}`));
    return mean + width > EDGE ? -1 : 1;
  }
  /** Puts them where they belong; the one that is held first, then means, then widths take their places.
   * @param {Record<import("./traits.js").Side, Density>} densities @param {string} value V, for screen readers */
  show(densities, value) {
    const { plot } = this;
    /** @type {Place[]} */
    const taken = [];
    for (const handle of [...this.all].sort((a, b) => turnOf(a) - turnOf(b))) {
      const { node, bump, name } = handle;
      const density = densities[handle.side];
      const { weight } = density.bumps[bump - 1];
      node.setAttribute("visibility", weight > 0 ? "visible" : "hidden");
      node.setAttribute("tabindex", weight > 0 ? "0" : "-1");
      if (weight === 0) continue;
      const [x, y] = this.place(handle, density);
      const place = free(x, y, taken, plot.top);
      taken.push(place);
      const at = this.store.get(name);
      const words = say("handleAt", { value: signed(at, 2), weight: signed(weight, 2), now: value });
      showHandle(node, place, at, words);
    }
  }
  /** @param {Held} held @param {Density} density @returns {Place} */
  place(held, density) {
    const { plot } = this;
    const { mean, width } = density.bumps[held.bump - 1];
    const out = held.what === "width" ? this.outward(held) : 0;
    const height = Math.exp(logDensity(density, mean + out * (width - 1e-9))); // just inside: a box ends there
    return [plot.x(mean + out * width), plot.y(height)];
  }
}

/** @param {Held} held @returns {Handle} */
function handleOf({ side, bump, what }) {
  const name = `${side}_${what}_${bump}`;
  const label = say(what === "mean" ? "meanOf" : "widthOf", { density: SYMBOLS[side], bump });
  const grip = what === "mean" ? side : "width";
  const node = lineHandle({ grip, kind: `${SIGNS[side]} ${what}`, name, label, range: rangeOf(name) });
  return { side, bump, what, name, label, node };
}

/** @param {Held["what"]} what @param {number} right in pixels @param {number} down */
function wayOf(what, right, down) {
  if (Math.hypot(right, down) <= SLACK) return "";
  return what === "mean" && Math.abs(down) > 1.3 * Math.abs(right) ? "up" : "side";
}

/** @param {Handle} handle */
const turnOf = ({ node, what }) => (node.classList.contains("held") ? 0 : what === "mean" ? 1 : 2);

/** A place where a handle hides no other: at its curve, or, where one stands already, above or below that.
 * @param {number} x @param {number} y @param {readonly Place[]} taken @param {number} top @returns {Place} */
function free(x, y, taken, top) {
  const fits = (/** @type {number} */ at) => at >= top && taken.every(([a, b]) => Math.hypot(a - x, b - at) >= GAP);
  return [x, [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [y - k * GAP, y + k * GAP]).find(fits) ?? y];
}
