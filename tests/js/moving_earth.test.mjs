/* Moving earth: plans and prices, held to POT and scipy (tests/unit/test_js_values_moving_earth.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { costs, kullback, sinkhorn, steepest } from "../../gan_edu/widgets/moving_earth/math.js";
import { around, freest, spotsOf } from "../../gan_edu/widgets/moving_earth/places.js";
import { SITUATIONS } from "../../gan_edu/widgets/moving_earth/situations.js";
import { numbersAt, oneWay, solve } from "../../gan_edu/widgets/moving_earth/solve.js";
import { BINS, inside, MIDDLES, sound, WIDTH } from "../../gan_edu/widgets/moving_earth/worlds.js";
import { near, stored } from "./stored.mjs";

const WORLDS = /** @type {const} */ ({ line: stored("moving_earth_piles"), plane: stored("moving_earth_clouds") });
const NONE = { data: [], fake: [], real_points: [], fake_points: [], lift: 0 };

/** @param {"line" | "plane"} world @param {{fake: number[], data: number[]}} two @param {number} p @param {number} [epsilon] */
const settingOf = (world, { fake, data }, p, epsilon = 0) =>
  world === "line"
    ? { ...NONE, world, p, epsilon, data, fake }
    : { ...NONE, world, p, epsilon, real_points: data, fake_points: fake };

/** A plan as a table, row by row. @param {import("../../gan_edu/widgets/moving_earth/solve.js").Solved} seen */
function tableOf({ moves, q, p }) {
  const table = Array(q.length * p.length).fill(0);
  for (const [i, j, mass] of moves) table[i * p.length + j] += mass;
  return table;
}

/** Nobody gains by carrying earth himself, and what is carried pays for its way.
 * @param {import("../../gan_edu/widgets/moving_earth/solve.js").Solved} seen @param {number} power */
function isFair({ xs, ys, prices, moves }, power) {
  const cost = costs(xs, ys, power);
  for (const [i, row] of cost.entries())
    for (const [j, c] of row.entries()) assert.ok(prices.sell[j] - prices.buy[i] <= c + 1e-9, `${i} to ${j}`);
  for (const [i, j] of moves) near([prices.sell[j] - prices.buy[i]], [cost[i][j]]);
}

for (const world of /** @type {const} */ (["line", "plane"]))
  for (const [name, two] of Object.entries(WORLDS[world])) {
    for (const power of [1, 2])
      test(`${world}, ${name}, way to the ${power}: the least work is POT's, and fair prices collect it`, () => {
        const seen = solve(settingOf(world, two, power), 0);
        near([seen.least, seen.work, seen.collects], Array(3).fill(two.least[power]));
        near([seen.w], [two.least[power] ** (1 / power)]);
        isFair(seen, power);
      });
    test(`${world}, ${name}: the plan of way² is POT's, and JS and KL are scipy's`, () => {
      const seen = solve(settingOf(world, two, 2), 0);
      near(tableOf(seen), two.plan, 1e-8);
      near([seen.js], [two.js], 1e-12);
      if ("kl" in two) near([Math.min(seen.kl, 1e9)], [two.kl ?? 1e9], 1e-12);
    });
    for (const [k, wanted] of two.blurred.entries())
      test(`${world}, ${name}: with ε = ${wanted.epsilon} (${k}) the plan is that of POT's Sinkhorn`, () => {
        const setting = settingOf(world, two, k ? 2 : 1, wanted.epsilon);
        let seen = solve(setting, 0);
        for (let more = 0; more < 100 && seen.error > 1e-7; more++) seen = solve(setting, 0, seen.raw);
        assert.ok(seen.error <= 1e-7, String(seen.error));
        near(tableOf(seen), wanted.plan, 2e-6);
        near([seen.work, seen.collects], [wanted.work, wanted.collects], 1e-5);
      });
  }

test("one price on the line is never steeper than 1, as steep where earth passes, and level elsewhere", () => {
  for (const { fake, data } of Object.values(WORLDS.line)) {
    const { bins } = solve(settingOf("line", { fake, data }, 1), 0);
    const f = steepest(bins.q, bins.p, WIDTH);
    let gap = 0;
    for (let k = 1; k < BINS; k++) {
      gap += bins.q[k - 1] - bins.p[k - 1];
      near([f[k] - f[k - 1]], [Math.abs(gap) < 1e-12 ? 0 : Math.sign(gap) * WIDTH]);
    }
  }
});

test("prices everywhere agree with those at the places, and in the plane too are never steeper than 1", () => {
  const seen = solve(settingOf("plane", WORLDS.plane.over, 1), 0);
  near(seen.ys.map(seen.sell), seen.prices.sell);
  for (let k = 0; k < 200; k++) {
    const [a, b] = [k, k + 0.3].map((t) => /** @type {const} */ ([5 * Math.sin(1.7 * t), 4 * Math.cos(2.9 * t)]));
    assert.ok(Math.abs(seen.sell(a) - seen.sell(b)) <= Math.hypot(a[0] - b[0], a[1] - b[1]) + 1e-9);
  }
});

test("the chart's numbers are those of what is shown, and p_g is bought for 0 on average", () => {
  for (const world of /** @type {const} */ (["line", "plane"]))
    for (const [name, two] of Object.entries(WORLDS[world])) {
      const shift = name === "over" ? 0.5 : 0; // KL is finite one way only
      for (const power of [1, 2]) {
        const seen = solve(settingOf(world, two, power), shift);
        assert.deepEqual(numbersAt(settingOf(world, two, power), shift), {
          shift,
          w: seen.w,
          js: seen.js,
          kl: seen.kl,
        });
        near([seen.q.reduce((total, mass, i) => total + mass * seen.prices.buy[i], 0)], [0]);
      }
    }
});

test("pulled apart, W₁ grows by as much, JS stays at log 2, and KL is infinite", () => {
  const setting = settingOf("line", WORLDS.line.points, 1);
  const [far, further] = [-1, -2].map((shift) => numbersAt(setting, shift));
  near([far.w, further.w], [4, 5]);
  near([far.js, further.js], [Math.LN2, Math.LN2], 1e-15);
  assert.equal(further.kl, Number.POSITIVE_INFINITY);
  assert.deepEqual(numbersAt(setting, 3), { shift: 3, w: 0, js: 0, kl: 0 });
});

test("costs far beyond what exp can hold are carried, too", () => {
  const cost = costs(
    [
      [0, 0],
      [1, 0],
    ],
    [
      [90, 0],
      [91, 0],
    ],
    2,
  );
  const { moves, error } = sinkhorn(cost, [0.5, 0.5], [0.5, 0.5], 0.01, 5);
  assert.ok(error < 1e-6);
  near(
    moves.map(([, , mass]) => mass),
    [0.5, 0, 0, 0.5],
    1e-6,
  );
});

test("what has not settled says so, and goes on from where it was", () => {
  const setting = settingOf("line", WORLDS.line.over, 2, 0.02);
  const first = solve(setting, 0);
  assert.ok(first.error > 1e-6);
  let seen = first;
  for (let more = 0; more < 30; more++) seen = solve(setting, 0, seen.raw);
  assert.ok(seen.error < first.error / 2);
});

test("KL of what lies where the other has nothing is infinite, and no NaN where both have nothing", () => {
  assert.equal(kullback([0.5, 0.5, 0], [1, 0, 0]), Number.POSITIVE_INFINITY);
  near([kullback([1, 0, 0], [0.5, 0.5, 0])], [Math.LN2]);
});

test("whatever a link brings, there are two piles and two clouds", () => {
  assert.equal(sound(Array(BINS).fill(0)).filter(Boolean).length, 1);
  assert.deepEqual(sound([-3, 99]).slice(0, 2), [0, 20]);
  assert.deepEqual(inside([9, -9]).slice(0, 2), [6, -4.5]);
  for (const [, values] of SITUATIONS) {
    const { fake_points, real_points } = /** @type {Record<string, number[]>} */ (values);
    assert.deepEqual([inside(fake_points), inside(real_points)], [fake_points, real_points]);
  }
  assert.equal(MIDDLES.length, BINS);
});

test("all earth goes one way where none lies beyond a hole, and only there", () => {
  const two = (/** @type {number[]} */ fake, /** @type {number[]} */ data) => ({
    ...{ xs: fake.map((x) => /** @type {const} */ ([x, 0])), ys: data.map((x) => /** @type {const} */ ([x, 0])) },
    ...{ q: [], p: [], bins: { q: [], p: [] } },
  });
  assert.ok(oneWay(two([1, 2], [2, 3])) && oneWay(two([5, 6], [1, 4])) && oneWay(two([1], [1])));
  assert.ok(!oneWay(two([1, 3], [2, 4])) && !oneWay(two([2], [1, 3])));
});

test("the first place that is clear, else the farthest", () => {
  const at = (/** @type {number} */ x) => ({ x, box: around([x, 0], 5) });
  assert.equal(freest([at(0), at(30), at(60)], [around([0, 0], 5)]).x, 30);
  assert.equal(freest([at(20), at(40), at(30)], [around([0, 0], 5)], 50).x, 40);
  const [end, start, middle] = spotsOf("words", 20, ["end", "start", "middle"], [10, 110]);
  assert.deepEqual([start.x, middle.x, end.x], [10, 60, 110]);
  assert.equal(start.box.left, 10);
  assert.equal(end.box.right, 110);
  assert.ok(Math.abs(middle.box.left + middle.box.right - 120) < 1e-9);
  assert.ok(spotsOf("土堆", 0, ["start"], [0, 100])[0].box.right > spotsOf("ab", 0, ["start"], [0, 100])[0].box.right);
});
