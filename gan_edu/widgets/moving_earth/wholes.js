/* A pile or a cloud that is moved as a whole, by its handle: p_g is pulled, which the charts follow; p_data is moved. A
 * pile has it in its middle, a cloud beside it, on a stem, so that its points can be taken too. */

import { draw } from "../kit/dom.js";
import { Handle } from "../kit/handle.js";
import { clamp, signed } from "../kit/numbers.js";
import { spot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { GROUND, SHAFT } from "./line.js";
import { around, freest } from "./places.js";
import { binRoom, centre, meanOf, moved, PLANE, placesOf, room, WIDTH } from "./worlds.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {import("./solve.js").Setting} Setting */
/** @typedef {"fake" | "real"} Side */
/** @typedef {{setting: Setting, at: number, change: (values: Record<string, unknown>) => void, told: () => void}} Tells
 *   at: how far p_g is pulled now */

const WORDS = {
  line: { fake: "fakeWhole", real: "realWhole" },
  plane: { fake: "fakeWholeInPlane", real: "realWholeInPlane" },
};
const STEM = 28; // pixels from a cloud's outermost point to its handle
const [HANDLE, POINT] = [14, 11]; // pixels around them that are theirs
const ROOM = 2; // pixels between a handle and what is near

/** Where the two middles are. @param {Setting} setting @param {number} shift @returns {{fake: Place, real: Place}} */
function middles(setting, shift) {
  const { world, data, fake } = setting;
  if (world === "line") return { fake: [centre(fake) + shift, GROUND], real: [centre(data), SHAFT] };
  const clouds = cloudsOf(setting, shift);
  return { fake: meanOf(clouds.fake), real: meanOf(clouds.real) };
}

/** @param {Setting} setting @param {number} shift */
const cloudsOf = ({ fake_points, real_points, lift }, shift) => ({
  fake: placesOf(fake_points, shift, lift),
  real: placesOf(real_points),
});

/** How far p_g may be pulled. @param {Setting} setting @returns {[number, number]} */
export function range({ world, fake, fake_points }) {
  const [low, high] =
    world === "line" ? binRoom(fake).map((bins) => bins * WIDTH) : room(axis(fake_points, 0), PLANE.xs);
  return [low, Math.max(low, high)];
}

/** It goes wherever the pointer is, and what it moves stays within the picture. */
class Whole extends Handle {
  /** @param {Place} place */
  move(place) {
    this.go(place);
  }
}

export class Wholes {
  /** @param {import("../kit/plot.js").Plot} plot @param {Tells} tells */
  constructor(plot, tells) {
    this.plot = plot;
    this.tells = tells;
    /** @type {Side | null} */
    this.held = null; // whose handle stays where it is beside its cloud
    /** @type {Record<Side, Place>} */
    this.stems = { fake: [0, 0], real: [0, 0] }; // from a middle to its handle
    const whole = (/** @type {Side} */ side) =>
      new Whole(plot, {
        ...{ title: say("wholeHint"), kind: `whole-${side}` },
        go: (place) => {
          this.held = side;
          tells.change(this.to(side, place));
          this.handles[side].place = this.tip(middles(tells.setting, tells.at), side); // the next key goes on from there
        },
        end: () => {
          this.held = null;
          tells.told();
        },
      });
    this.handles = { fake: whole("fake"), real: whole("real") };
    plot.handles = Object.values(this.handles); // a press elsewhere brings one of them, and no single point
  }
  /** What a handle at this place says of the traits. @param {Side} side @param {Place} place */
  to(side, [x, y]) {
    const { setting, at } = this.tells;
    const [from, stem] = [middles(setting, at)[side], this.stems[side]];
    const [right, up] = [x - from[0] - stem[0], y - from[1] - stem[1]];
    if (setting.world === "line") {
      const bins = Math.round(right / WIDTH);
      if (side === "fake") return { shift: clamp(at + bins * WIDTH, ...range(setting)) };
      return { data: moved(setting.data, clamp(bins, ...binRoom(setting.data))) };
    }
    if (side === "fake") {
      const lift = clamp(setting.lift + up, ...room(axis(setting.fake_points, 1), PLANE.ys));
      return { shift: +clamp(at + right, ...range(setting)).toFixed(2), lift: +lift.toFixed(2) };
    }
    const by = [PLANE.xs, PLANE.ys].map((ends, k) =>
      clamp([right, up][k], ...room(axis(setting.real_points, k), ends)),
    );
    return { real_points: setting.real_points.map((t, k) => +(t + by[k % 2]).toFixed(2)) };
  }
  show() {
    const { setting, at } = this.tells;
    const { world } = setting;
    const from = middles(setting, at);
    if (world === "plane") this.grow(cloudsOf(setting, at), from);
    for (const side of /** @type {const} */ (["fake", "real"])) {
      const [x, y] = from[side].map((t) => signed(t, 2));
      this.handles[side].show(this.tip(from, side), say(WORDS[world][side], { x, y }));
    }
  }
  /** Where a handle is. @param {Record<Side, Place>} from @param {Side} side @returns {Place} */
  tip(from, side) {
    return [from[side][0] + this.stems[side][0], from[side][1] + this.stems[side][1]];
  }
  /** Each cloud's stem: to where no point is, and not the other's handle; of the one that is held, as it was.
   * @param {Record<Side, Place[]>} clouds @param {Record<Side, Place>} from */
  grow(clouds, from) {
    const { plot } = this;
    const there = [...clouds.fake, ...clouds.real].map((at) => around(plot.pixel(at), POINT));
    /** @type {Side[]} */
    const sides = this.held === "real" ? ["real", "fake"] : ["fake", "real"]; // who is held does not give way
    for (const side of sides) {
      if (side !== this.held) {
        const [x, y] = freest(
          this.besides(
            side,
            clouds[side].map((at) => plot.pixel(at)),
          ),
          there,
          ROOM,
        ).at;
        this.stems[side] = [plot.x.invert(x) - from[side][0], plot.y.invert(y) - from[side][1]];
      }
      const tip = plot.pixel(this.tip(from, side));
      there.push(around(tip, HANDLE));
      plot.inner.prepend(draw("path", { class: `stem ${side}`, d: `M${spot(plot.pixel(from[side]))}L${spot(tip)}` }));
    }
  }
  /** Places beside a cloud, the one that it has by custom first. @param {Side} side @param {readonly Place[]} pixels */
  besides(side, pixels) {
    const { left, right, top, bottom } = this.plot.edges;
    const [xs, ys] = [0, 1].map((k) => pixels.map((at) => at[k]));
    const [x, y] = meanOf(pixels);
    const [up, down] = [Math.min(...ys) - STEM, Math.max(...ys) + STEM];
    const [west, east] = [Math.min(...xs) - STEM, Math.max(...xs) + STEM];
    const all =
      side === "fake"
        ? [
            [x, down],
            [west, y],
            [x, up],
            [east, y],
          ]
        : [
            [x, up],
            [east, y],
            [x, down],
            [west, y],
          ];
    return all.map(([across, height]) => {
      const at = /** @type {Place} */ ([
        clamp(across, left + HANDLE, right - HANDLE),
        clamp(height, top + HANDLE, bottom - HANDLE),
      ]);
      return { at, box: around(at, HANDLE) };
    });
  }
}

/** Of x0, y0, x1, … the xs or the ys. @param {readonly number[]} list @param {number} which */
const axis = (list, which) => list.filter((_, k) => k % 2 === which);
