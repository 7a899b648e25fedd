/* A pile or a cloud that is moved as a whole, by its middle: p_g is pulled, which the charts follow; p_data is moved. */

import { Handle } from "../kit/handle.js";
import { clamp, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { GROUND, SHAFT } from "./line.js";
import { binRoom, centre, meanOf, moved, PLANE, placesOf, room, WIDTH } from "./worlds.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {import("./solve.js").Setting} Setting */
/** @typedef {{setting: Setting, at: number, change: (values: Record<string, unknown>) => void, told: () => void}} Tells
 *   at: how far p_g is pulled now */

const WORDS = {
  line: { fake: "fakeWhole", real: "realWhole" },
  plane: { fake: "fakeWholeInPlane", real: "realWholeInPlane" },
};

/** Where the two middles are. @param {Setting} setting @param {number} shift @returns {{fake: Place, real: Place}} */
export function middles({ world, data, fake, real_points, fake_points, lift }, shift) {
  if (world === "line") return { fake: [centre(fake) + shift, GROUND], real: [centre(data), SHAFT] };
  return { fake: meanOf(placesOf(fake_points, shift, lift)), real: meanOf(placesOf(real_points)) };
}

/** How far p_g may be pulled. @param {Setting} setting @returns {[number, number]} */
export function range({ world, fake, fake_points }) {
  const [low, high] =
    world === "line" ? binRoom(fake).map((bins) => bins * WIDTH) : room(axis(fake_points, 0), PLANE.xs);
  return [low, Math.max(low, high)];
}

export class Wholes {
  /** @param {import("../kit/plot.js").Plot} plot @param {Tells} tells */
  constructor(plot, tells) {
    this.tells = tells;
    const whole = (/** @type {"fake" | "real"} */ side) =>
      new Handle(plot, {
        ...{ title: say("wholeHint"), kind: `whole-${side}`, end: () => tells.told() },
        go: (place) => tells.change(this.to(side, place)),
      });
    this.handles = { fake: whole("fake"), real: whole("real") };
    plot.handles = Object.values(this.handles); // a press elsewhere brings one of them, and no single point
  }
  /** What a middle at this place says of the traits. @param {"fake" | "real"} side @param {Place} place */
  to(side, [x, y]) {
    const { setting, at } = this.tells;
    const from = middles(setting, at)[side];
    const [right, up] = [x - from[0], y - from[1]];
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
    const { world } = this.tells.setting;
    const at = middles(this.tells.setting, this.tells.at);
    for (const side of /** @type {const} */ (["fake", "real"])) {
      const [x, y] = at[side].map((t) => signed(t, 2));
      this.handles[side].show(at[side], say(WORDS[world][side], { x, y }));
    }
  }
}

/** Of x0, y0, x1, … the xs or the ys. @param {readonly number[]} list @param {number} which */
const axis = (list, which) => list.filter((_, k) => k % 2 === which);
