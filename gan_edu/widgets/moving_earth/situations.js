/* What a learner can begin with, in either world: humps of grains, clouds of points. */

import { BINS, COUNT, GRAINS } from "./worlds.js";

const AROUND = Math.PI * (3 - Math.sqrt(5)); // from one point of a cloud to the next

/** Grains around some bins. @param {number} wide @param {...number} middles */
const hump = (wide, ...middles) =>
  Array.from({ length: BINS }, (_, k) =>
    Math.round(Math.max(...middles.map((at) => GRAINS * Math.exp(-(((k - at) / wide) ** 2) / 2)))),
  );

/** Grains in one bin. @param {number} bin */
const point = (bin) => Array.from({ length: BINS }, (_, k) => (k === bin ? GRAINS : 0));

/** Points spread evenly over a disc, as seeds in a sunflower. @param {number} x @param {number} y @param {number} reach
 * @param {number} [count] */
const cloud = (x, y, reach, count = COUNT) =>
  Array.from({ length: count }, (_, k) => {
    const far = reach * Math.sqrt((k + 0.5) / count);
    return [x + far * Math.cos(AROUND * k), y + far * Math.sin(AROUND * k)].map((t) => +t.toFixed(2));
  }).flat();

/** Points one above the other. @param {number} x */
const pillar = (x) => Array.from({ length: COUNT }, (_, k) => [x, +((k - (COUNT - 1) / 2) * 0.6).toFixed(2)]).flat();

const still = { shift: 0, lift: 0 };
const HALF = COUNT / 2;

/** @type {[name: string, values: Record<string, unknown>][]} */
export const SITUATIONS = [
  [
    "apart",
    {
      ...{ data: hump(2.5, 28), fake: hump(2, 8) },
      ...{ real_points: cloud(3, 1, 1.4), fake_points: cloud(-3, -1, 1), ...still },
    },
  ],
  [
    "splits",
    {
      ...{ data: hump(2, 8, 31), fake: hump(2.5, 19) },
      ...{ real_points: [...cloud(-3.5, 2, 0.9, HALF), ...cloud(3.5, 2, 0.9, HALF)] },
      ...{ fake_points: cloud(0, -2, 1.2), ...still },
    },
  ],
  [
    "same",
    {
      ...{ data: hump(2.5, 20), fake: hump(2.5, 20) },
      ...{ real_points: cloud(0, 0, 1.6), fake_points: cloud(0, 0, 1.6), ...still },
    },
  ],
  [
    "twoPoints",
    {
      ...{ data: point(24), fake: point(12) },
      ...{ real_points: pillar(1.5), fake_points: pillar(-1.5), ...still },
    },
  ],
];
