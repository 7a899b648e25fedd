/* The saddle's game, held to what Python computes (tests/unit/test_js_values.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Game } from "../../gan_edu/widgets/saddle/game.js";
import { near, stored } from "./stored.mjs";

const python = stored("saddle");
const GAMES = ["two points", "Dirac-GAN"];

/** @param {string} name */
const game = (name) =>
  new Game({ name, side: python.side, reach: python.reach, values: Float32Array.from(python[name].values) });

for (const name of GAMES) {
  test(`${name}: V and its slopes between the points of the table`, () => {
    for (const [k, [d, g]] of python[name].places.entries())
      near(
        [0, 1, 2].map((table) => game(name).at(table, d, g)),
        python[name].at[k],
        1e-3,
      );
  });
  for (const order of /** @type {const} */ (["simultaneous", "alternating"]))
    test(`${name}: the path of ${order} steps`, () =>
      near(game(name).path([-2, 2], 0.3, 12, order).flat(), python[name].paths[order].flat(), 2e-3));
}

test("D's best answer to each g is that of the closed form", () => {
  const [piece, ...more] = game("two points").response();
  assert.equal(more.length, 0);
  assert.equal(piece.length, python.side);
  near(
    piece.map(([d]) => d),
    python.best,
    0.02,
  );
});

test("the Dirac-GAN's D has no best answer inside the picture", () =>
  assert.deepEqual(game("Dirac-GAN").response(), []));

test("a path ends where it leaves the picture", () => {
  const rolling = Float32Array.from([...python["two points"].values].map((_, k) => (k < python.side ** 2 ? 0 : 1)));
  const way = new Game({ name: "rolling", side: python.side, reach: 4, values: rolling }).path(
    [3.5, 0],
    1,
    50,
    "simultaneous",
  );
  assert.deepEqual(way, [
    [3.5, 0],
    [4.5, -1],
  ]);
});
