/* How G of the density player learns, held to autograd (tests/unit/test_js_values_density.py), and where it comes to. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pullAt, pulls, stepped } from "../../gan_edu/widgets/density_player/generator.js";
import { randomFrom } from "../../gan_edu/widgets/kit/density.js";
import { SmallNet } from "../../gan_edu/widgets/kit/small_net.js";
import { near, netOfFormula, stored } from "./stored.mjs";

/** @typedef {import("../../gan_edu/widgets/kit/density.js").Density} Density */

const python = stored("generator");

test("the slope of D's logit is autograd's", () => {
  const net = netOfFormula();
  near(
    python.places.map((/** @type {number} */ x) => net.slope(x)),
    python.slopes,
    1e-12,
  );
});

for (const { q, loss, ...wanted } of python.pulls)
  test(`the pull on ${q.bumps.length} ${q.shape} by the ${loss} loss is autograd's`, () => {
    const found = pulls(netOfFormula(), loss, q, python.us);
    for (const which of /** @type {const} */ (["mean", "width"]))
      near(
        found.map((bump) => bump[which]),
        wanted[which],
        1e-12,
      );
  });

test("a bump without weight feels nothing", () => {
  const bumps = [
    { mean: 0, width: 1, weight: 1 },
    { mean: 2, width: 0.6, weight: 0 },
  ];
  const found = pulls(netOfFormula(), "minimax", { shape: "gaussian", bumps }, python.us);
  assert.deepEqual(found[1], { mean: 0, width: 0 });
});

/** p_g after rounds of D and G. @param {Density} p @param {Density} q @param {"non-saturating" | "minimax"} loss */
function played(p, q, loss, rounds = 400) {
  const [net, random] = [new SmallNet(), randomFrom(2)];
  for (let k = 0; k < rounds; k++) {
    for (let step = 0; step < 5; step++) net.learn(p, q);
    q = { ...q, bumps: stepped(net, loss, q, random).map((moved, n) => ({ ...q.bumps[n], ...moved })) };
  }
  return { net, bumps: q.bumps };
}

/** @param {number} mean @param {number} width @returns {Density} */
const bell = (mean, width) => ({ shape: "gaussian", bumps: [{ mean, width, weight: 1 }] });

for (const loss of /** @type {const} */ (["non-saturating", "minimax"]))
  test(`p_g comes to p_data, ${loss}, and there hardly a pull is left`, () => {
    const { net, bumps } = played(bell(-1, 1), bell(1, 0.6), loss);
    near([bumps[0].mean, bumps[0].width], [-1, 1], 0.1);
    assert.ok(Math.abs(pullAt(net, loss, -1)) < 0.1);
  });

test("far apart the minimax loss has no pull left, and the other one has", () => {
  const { net } = played(bell(-3, 0.5), bell(3, 0.5), "minimax", 100);
  const [still, moving] = [pullAt(net, "minimax", 3), pullAt(net, "non-saturating", 3)].map(Math.abs);
  assert.ok(still < 1e-3 && moving > 20 * still, `${still} and ${moving}`);
});
