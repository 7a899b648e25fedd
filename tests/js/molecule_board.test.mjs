/* The molecule board: what a filter leaves, where its slider stands, labels that do not lie over another, words. */

import assert from "node:assert/strict";
import test from "node:test";
import { speak } from "../../gan_edu/widgets/kit/words.js";
import {
  endText,
  gridOf,
  leaves,
  limitAt,
  plain,
  rangeOf,
  spread,
  standsAt,
  told,
} from "../../gan_edu/widgets/molecule_board/board.js";

/** @typedef {import("../../gan_edu/widgets/molecule_board/board.js").Board} Board */
/** @typedef {import("../../gan_edu/widgets/molecule_board/board.js").Molecule} Molecule */

speak({ listComma: ", ", none: "no molecule", fades: "outside", dAlone: "D alone", objectiveAlone: "objective alone" });
const digits = { qed: 2, logp: 1, sa: 1, atoms: 0, nearest: 2 };
/** @param {Partial<Molecule>} numbers @returns {Molecule} */
const one = (numbers) => ({
  ...{ smiles: "CO", box: [0, 0, 1, 1], path: "", letters: [], qed: 0.5, logp: -1.2, sa: 2.5, atoms: 2, nearest: 0.25 },
  ...numbers,
});
/** @param {Molecule[]} molecules @returns {Board} */
const board = (molecules) => ({
  ...{ shares: [0, 1], steps: [0, 9], seed: 1, draws: 300, points: [], data: 0.5, digits, molecules },
  grids: [
    [
      [0, -1],
      [1, 1],
    ],
    [
      [1, 0],
      [-1, -1],
    ],
  ],
});

test("a grid is the molecules of its point; −1 is none", () => {
  const [a, b] = [one({ smiles: "A" }), one({ smiles: "B" })];
  assert.deepEqual(gridOf(board([a, b]), 0, 0), [a, null]);
  assert.deepEqual(gridOf(board([a, b]), 0, 1), [b, b]);
  assert.deepEqual(gridOf(board([a, b]), 1, 0), [b, a]);
  assert.deepEqual(gridOf(board([a, b]), 1, 1), [null, null]);
});

test("a filter leaves who has as much; the limit is rounded as numbers are", () => {
  const filter = /** @type {const} */ ({ property: "qed", side: "least", limit: 0.5 });
  assert.equal(leaves(filter, one({ qed: 0.5 }), digits), true);
  assert.equal(leaves(filter, one({ qed: 0.49 }), digits), false);
  assert.equal(leaves({ ...filter, limit: 0.1 + 0.2 }, one({ qed: 0.3 }), digits), true);
  assert.equal(leaves({ ...filter, side: "most" }, one({ qed: 0.5 }), digits), true);
  assert.equal(leaves({ ...filter, side: "most" }, one({ qed: 0.51 }), digits), false);
  assert.equal(leaves({ property: "logp", side: "most", limit: -1.2 }, one({}), digits), true);
  assert.equal(leaves(filter, null, digits), false);
  assert.equal(leaves({ ...filter, limit: null }, null, digits), true);
});

test("a slider goes over what there is, and stands at the end where nobody fades", () => {
  const range = rangeOf(board([one({ qed: 0.2 }), one({ qed: 0.9 })]), "qed");
  assert.deepEqual(range, { low: 0.2, high: 0.9, step: 0.01 });
  assert.deepEqual(rangeOf(board([one({})]), "atoms"), { low: 2, high: 3, step: 1 });
  assert.deepEqual(rangeOf(board([]), "qed").low, 0);
  const filter = /** @type {const} */ ({ property: "qed", side: "least", limit: null });
  assert.equal(standsAt(filter, range), 0.2);
  assert.equal(standsAt({ ...filter, side: "most" }, range), 0.9);
  assert.equal(standsAt({ ...filter, limit: 0.4 }, range), 0.4);
  assert.deepEqual([limitAt(0.2, "least", range), limitAt(0.3, "least", range)], [null, 0.3]);
  assert.deepEqual([limitAt(0.9, "most", range), limitAt(0.3, "most", range)], [null, 0.3]);
});

test("labels keep their order, lie apart, and above the foot", () => {
  assert.deepEqual(spread([10, 50, 90], 11, 100), [10, 50, 90]);
  assert.deepEqual(spread([50, 48, 49], 11, 100), [70, 48, 59]);
  assert.deepEqual(spread([99, 98], 11, 100), [100, 89]);
  for (const heights of [[5], [1, 2, 3, 4, 5], [99, 99, 99, 99], [40, 41, 95, 96, 100]]) {
    const places = spread(heights, 11, 100).sort((a, b) => a - b);
    assert.ok(
      places.every((y, k) => y <= 100 && (!k || y - places[k - 1] >= 11 - 1e-9)),
      String(places),
    );
  }
});

test("λ has its digits, and its ends their words", () => {
  assert.deepEqual([0, 0.25, 0.5, 1, 0.1 + 0.2].map(plain), ["0", "0.25", "0.5", "1", "0.3"]);
  assert.deepEqual([0, 0.5, 1].map(endText), [", objective alone", "", ", D alone"]);
});

test("a molecule in words", () => {
  const words = told(board([]), one({}), true);
  assert.equal(words, "qed 0.50, logp −1.2, sa 2.5, atoms 2, nearest 0.25, CO");
  assert.equal(told(board([]), one({}), false), `${words}, outside`);
  assert.equal(told(board([]), null, false), "no molecule");
});
