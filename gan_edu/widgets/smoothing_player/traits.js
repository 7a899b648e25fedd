/* The smoothing player's traits: D's two targets, two densities of one Gaussian or two, and situations. */

import { clamp } from "../kit/numbers.js";

/** @typedef {import("../kit/store.js").Store} Store */

const TARGETS = ["real_target", "fake_target"];
const NAMES = ["data_mean", "data_other", "data_width", "fake_mean", "fake_other", "fake_width"];
export const TRAITS = [...TARGETS, ...NAMES, "training"];

/** Of what is moved. @type {Record<string, readonly [number, number]>} */
export const RANGES = { real_target: [0.5, 1], fake_target: [0, 0.4], fake_mean: [-5, 5] };

const SITUATION_VALUES = /** @type {const} */ ([
  // NAMES; the targets stay
  ["apart", -1.5, null, 0.7, 1.5, null, 0.7],
  ["overlapping", -1, null, 1, 1, null, 1],
  ["equal", 0, null, 1, 0, null, 1],
  ["spurious", -2, null, 0.7, 2, -2, 0.7],
  ["missing", -2, 2, 0.7, -1, null, 0.7],
]);

/** @type {import("../kit/situations.js").Situation[]} */
export const SITUATIONS = SITUATION_VALUES.map(([name, ...values]) => [
  name,
  Object.fromEntries(NAMES.map((trait, k) => [trait, values[k]])),
]);

/** A trait, kept inside its range: one that is linked in the browser can be told anything.
 * @param {Store} store @param {string} name */
export const kept = (store, name) => (name in RANGES ? clamp(store.get(name), ...RANGES[name]) : store.get(name));

/** p_data, p_g and D's targets, as a store says them. @param {Store} store @returns {import("./best.js").Smoothed} */
export const gameOf = (store) => [
  densityOf(store, "data"),
  densityOf(store, "fake"),
  kept(store, "real_target"),
  kept(store, "fake_target"),
];

/** @param {Store} store @param {"data" | "fake"} side @returns {import("../kit/density.js").Density} */
function densityOf(store, side) {
  const means = [kept(store, `${side}_mean`), store.get(`${side}_other`)].filter((mean) => mean !== null);
  const width = store.get(`${side}_width`);
  return { shape: "gaussian", bumps: means.map((mean) => ({ mean, width, weight: 1 / means.length })) };
}
