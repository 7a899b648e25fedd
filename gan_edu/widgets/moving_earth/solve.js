/* All that is shown of two piles or clouds: the plan, its work, the prices, and how JS and KL see them. */

import { clamp } from "../kit/numbers.js";
import {
  assignment,
  buyAt,
  collected,
  costs,
  jensen,
  kullback,
  sellAt,
  sinkhorn,
  staircase,
  steepest,
  work,
} from "./math.js";
import { MIDDLES, moved, placesOf, shares, squares, WIDTH } from "./worlds.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {import("./math.js").Move} Move */
/** @typedef {import("./worlds.js").WorldName} WorldName */
/**
 * @typedef {{world: WorldName, p: number, epsilon: number, data: number[], fake: number[],
 *   real_points: number[], fake_points: number[], lift: number}} Setting
 */
/** @typedef {{xs: Place[], ys: Place[], q: number[], p: number[], bins: {q: number[], p: number[]}}} Two p_g at xs, p_data at ys */
/** @typedef {Two & {moves: Move[], least: number, work: number, collects: number, w: number, js: number, kl: number, error: number,
 *   prices: import("./math.js").Prices, raw: import("./math.js").Prices,
 *   sell: (at: Place) => number, buy: (at: Place) => number}} Solved */

const ROUNDS = 16; // of Sinkhorn in one drawing

/** p_g, pulled to the right by so much, and p_data. @param {Setting} setting @param {number} shift @returns {Two} */
export function twoOf({ world, data, fake, real_points, fake_points, lift }, shift) {
  if (world === "plane") {
    const [xs, ys] = [placesOf(fake_points, shift, lift), placesOf(real_points)];
    const even = xs.map(() => 1 / xs.length);
    return { xs, ys, q: even, p: even, bins: { q: squares(xs), p: squares(ys) } };
  }
  const bins = { q: shares(moved(fake, Math.round(shift / WIDTH))), p: shares(data) };
  const [xs, ys] = [bins.q, bins.p].map(
    (masses) => /** @type {Place[]} */ (MIDDLES.filter((_, k) => masses[k] > 0).map((x) => [x, 0])),
  );
  return { xs, ys, q: bins.q.filter(Boolean), p: bins.p.filter(Boolean), bins };
}

/** W, JS and KL alone, for the chart. @param {Setting} setting @param {number} shift */
export function numbersAt(setting, shift) {
  const { xs, ys, q, p, bins } = twoOf(setting, shift);
  const cost = costs(xs, ys, setting.p);
  const { moves } = setting.world === "line" ? staircase(cost, q, p) : assignment(cost);
  return { shift, w: work(moves, cost) ** (1 / setting.p), js: jensen(bins.p, bins.q), kl: kullback(bins.p, bins.q) };
}

/** @param {Setting} setting @param {number} shift @param {import("./math.js").Prices | null} [start] of an earlier call
 * for the same, which had not come to its end @returns {Solved} */
export function solve(setting, shift, start = null) {
  const two = twoOf(setting, shift);
  const { xs, ys, q, p, bins } = two;
  const { world, epsilon, p: power } = setting;
  const cost = costs(xs, ys, power);
  const exact = world === "line" ? staircase(cost, q, p) : assignment(cost);
  const plan = epsilon ? sinkhorn(cost, q, p, epsilon, ROUNDS, start) : exact;
  const { sell, buy, prices } = priced(two, plan, setting);
  const least = work(exact.moves, cost);
  return {
    ...{ ...two, sell, buy, prices, least, moves: plan.moves, raw: plan, error: plan.error },
    ...{ work: work(plan.moves, cost), collects: collected(prices, q, p), w: Math.max(0, least) ** (1 / power) },
    ...{ js: jensen(bins.p, bins.q), kl: kullback(bins.p, bins.q) },
  };
}

/** Whether no earth on a line lies beyond a hole: all goes in one direction, and for cost = way each plan is as cheap.
 * @param {Two} two */
export function oneWay({ xs, ys }) {
  const [[first, last], [low, high]] = [xs, ys].map((places) => {
    const all = places.map(([x]) => x);
    return [Math.min(...all), Math.max(...all)];
  });
  return last <= low || high <= first;
}

/** The prices everywhere, level so that p_g is bought for 0 on average: what selling brings is what all collect.
 * @param {Two} two @param {import("./math.js").Plan} plan @param {Setting} setting */
function priced(two, plan, setting) {
  const { xs, ys, q } = two;
  const { buy, sell } =
    setting.world === "line" && setting.p === 1 && !setting.epsilon ? oneOf(two) : bothOf(two, plan, setting);
  const level = xs.reduce((total, at, i) => total + q[i] * buy(at), 0);
  const [paid, got] = [buy, sell].map((f) => (/** @type {Place} */ at) => f(at) - level);
  return { buy: paid, sell: got, prices: { buy: xs.map(paid), sell: ys.map(got) } };
}

/** One price for both, on a line where carrying costs its way. @param {Two} two */
function oneOf({ bins }) {
  const f = steepest(bins.q, bins.p, WIDTH);
  const at = (/** @type {Place} */ [x]) => {
    const place = clamp(x / WIDTH - 0.5, 0, f.length - 1);
    const k = Math.min(Math.floor(place), f.length - 2);
    return f[k] + (place - k) * (f[k + 1] - f[k]);
  };
  return { buy: at, sell: at };
}

/** @param {Two} two @param {import("./math.js").Plan} plan @param {Setting} setting */
function bothOf({ xs, ys, q, p }, { buy, sell }, { p: power, epsilon }) {
  const far = (/** @type {Place} */ [a, b], /** @type {Place} */ [c, d]) => Math.hypot(a - c, b - d) ** power;
  return {
    buy: (/** @type {Place} */ at) => buyAt(sell, p, (j) => far(at, ys[j]), epsilon),
    sell: (/** @type {Place} */ at) => sellAt(buy, q, (i) => far(at, xs[i]), epsilon),
  };
}
