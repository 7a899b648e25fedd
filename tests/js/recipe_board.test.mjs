/* Recipes one switch apart, what two of them show, and how often equal ones would show it. */

import assert from "node:assert/strict";
import test from "node:test";
import { chance, differing, placeOf, switched, verdict } from "../../gan_edu/widgets/recipe_board/recipes.js";

/** @typedef {import("../../gan_edu/widgets/recipe_board/recipes.js").Recipe} Recipe */
/** @typedef {import("../../gan_edu/widgets/recipe_board/recipes.js").Stored} Stored */

/** @param {number | null} low @param {number | null} high @param {number} [seeds] @param {string[]} [on] */
const recipeOf = (low, high, seeds = 3, on = []) =>
  /** @type {Recipe} */ (/** @type {unknown} */ ({ low, high, on, runs: Array(seeds).fill({}) }));
const ingredients = ["a", "b", "c"].map((key) => ({ key, label: key, code: key }));
const recipes = [recipeOf(1, 2, 3, ["a", "c"]), recipeOf(3, 4, 3, [])];
const stored = /** @type {Stored} */ (/** @type {unknown} */ ({ ingredients, recipes }));

test("a switch turns one ingredient and keeps the order", () => {
  assert.deepEqual(switched(stored, ["c"], "a"), ["a", "c"]);
  assert.deepEqual(switched(stored, ["a", "c"], "c"), ["a"]);
  assert.deepEqual(switched(stored, [], "b"), ["b"]);
});

test("a recipe is found by what is on, or is not stored", () => {
  assert.equal(placeOf(stored, ["a", "c"]), 0);
  assert.equal(placeOf(stored, []), 1);
  assert.equal(placeOf(stored, ["a"]), -1);
});

test("what two recipes do not share", () => {
  const keys = (/** @type {string[]} */ on, /** @type {string[]} */ before) =>
    differing(stored, on, before).map(({ key }) => key);
  assert.deepEqual(keys(["a", "b"], ["b", "c"]), ["a", "c"]);
  assert.deepEqual(keys(["a"], ["a"]), []);
});

test("ranges that touch overlap; a range without an end is the worst", () => {
  assert.equal(verdict(recipeOf(1, 2), recipeOf(2.1, 3)), "better");
  assert.equal(verdict(recipeOf(2.1, 3), recipeOf(1, 2)), "worse");
  assert.equal(verdict(recipeOf(1, 2), recipeOf(2, 3)), "overlap");
  assert.equal(verdict(recipeOf(1, 4), recipeOf(2, 3)), "overlap");
  assert.equal(verdict(recipeOf(1, 2), recipeOf(3, null)), "better");
  assert.equal(verdict(recipeOf(null, null), recipeOf(1, 2)), "worse");
  assert.equal(verdict(recipeOf(null, null), recipeOf(null, null)), "overlap");
  assert.equal(verdict(recipeOf(1, 2, 2), recipeOf(3, 4)), "few");
});

/** All ways to give n of n + m runs, ordered by their scores, to one recipe, and in how many its range is apart.
 * @param {number} n @param {number} m */
function counted(n, m) {
  let [all, apart] = [0, 0];
  for (let bits = 0; bits < 2 ** (n + m); bits++) {
    const own = Array.from({ length: n + m }, (_, k) => (bits >> k) & 1);
    if (own.reduce((a, b) => a + b) !== n) continue;
    all++;
    const first = own.indexOf(1);
    const solid = own.slice(first, first + n).every(Boolean);
    if (solid && (first === 0 || first === m)) apart++;
  }
  return all / apart;
}

test("how many pairs of equal recipes there are to one that looks different", () => {
  assert.equal(chance(3, 3), 10);
  for (const [n, m] of [
    [3, 3],
    [3, 4],
    [5, 5],
    [4, 3],
  ])
    assert.equal(chance(n, m), counted(n, m));
});
