/* The market maker: shuffles to the last bit as in Python, what sizes remember, bands, histogram, rounds and scores. */

import assert from "node:assert/strict";
import test from "node:test";
import { ask, scoreOf } from "../../gan_edu/widgets/market_maker/luck.js";
import {
  autocorrelation,
  clustering,
  fan,
  histogram,
  memory,
  prices,
  reachOf,
  sizes,
} from "../../gan_edu/widgets/market_maker/math.js";
import { after, forGame, order, reordered, rounds } from "../../gan_edu/widgets/market_maker/shuffle.js";
import { near, stored } from "./stored.mjs";

const held = stored("market_maker");
/** @type {number[][]} */
const paths = held.market.models[0].paths;
const sorted = (/** @type {readonly number[]} */ list) => [...list].sort((a, b) => a - b);

test("the numbers are Marsaglia's: from 1 on", () => {
  let x = 1;
  const found = [0, 1, 2, 3].map(() => {
    x = after(x);
    return x;
  });
  assert.deepEqual(found, [270369, 67634689, 2647435461, 307599695]);
});

test("shuffles are Python's", () => {
  for (const { count, seed, order: wanted } of held.orders)
    assert.deepEqual(order(count, seed), wanted, `${count}, ${seed}`);
  const days = Array.from({ length: held.market.days }, (_, k) => k);
  assert.deepEqual(forGame(days, 3), held.game);
  assert.deepEqual(reordered(days, 0), days);
});

test("a shuffle keeps the days, the histogram and the end, and destroys the memory", () => {
  for (const seed of [1, 2, 3, 1000]) {
    const other = reordered(paths[0], seed);
    assert.notDeepEqual(other, paths[0]);
    assert.deepEqual(sorted(other), sorted(paths[0]));
    near([prices(other)[other.length]], [prices(paths[0])[other.length]], 1e-12);
    assert.deepEqual(histogram(other, reachOf(other), 41), histogram(paths[0], reachOf(paths[0]), 41));
  }
  const of20 = Array.from({ length: 20 }, (_, k) => clustering(reordered(paths[0], k + 1)));
  const mean = of20.reduce((sum, each) => sum + each, 0) / 20;
  assert.ok(Math.abs(mean) < 0.03, String(mean));
});

test("prices, bands, memory, histogram and sizes are Python's", () => {
  near(prices(paths[1]), held.prices, 1e-12);
  for (const [k, band] of fan(paths).entries()) near(band, held.fan[k], 1e-12);
  near(memory(paths[0]), held.memory, 1e-12);
  near(paths.map(clustering), held.clustering, 1e-12);
  assert.deepEqual(histogram(paths[2], reachOf(paths[2]), 41), held.histogram);
  near(sizes(paths[3], 10), held.sizes, 1e-12);
});

test("an autocorrelation by hand", () => {
  near(autocorrelation([1, -1, 1, -1], 3), [-3 / 4, 2 / 4, -1 / 4]);
  near(autocorrelation([0, 3, 0], 2), [-4 / 6, 1 / 6]); // off the mean: −1, 2, −1
});

test("both ends of a histogram are in it", () => {
  assert.deepEqual(histogram([-1, -0.1, 0.1, 0.9, 1], 1, 4), [1, 1, 1, 2]);
});

test("rounds are Python's, and so are all scores", () => {
  for (const { of, rounds: wanted } of held.rounds) assert.deepEqual(rounds(of[0], of[1], of[2]), wanted, String(of));
  for (const { deal, guesses, score } of held.games) {
    const dealt = rounds(2, paths.length, deal);
    const found = scoreOf(dealt, guesses, (round) => ask(held.market, dealt[round]));
    const wanted = { count: score.played, you: score.you, judge: score.judge, d: score.d, known: score.judged };
    assert.deepEqual(found, wanted, String(deal));
  }
});

test("a round has a path and its shuffle, each in its place; judge and D take the lesser", () => {
  for (const shuffled of [0, 1]) {
    const { two, judged, judge, said, d } = ask(held.market, { model: 0, path: 4, shuffled });
    assert.deepEqual(two[1 - shuffled], paths[4]);
    assert.deepEqual(two[shuffled], forGame(paths[4], 4));
    assert.deepEqual([judge, d], [judged[1] < judged[0] ? 1 : 0, shuffled]); // D: 0.9 in order, 0.7 shuffled
    assert.deepEqual(said?.[shuffled], 0.7);
  }
  const { said, d } = ask(held.market, { model: 1, path: 0, shuffled: 1 });
  assert.deepEqual([said, d], [null, null]);
});
