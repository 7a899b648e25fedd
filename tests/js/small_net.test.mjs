/* The D that the browser trains, held to torch's (tests/unit/test_js_values_density.py) and to finite differences. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { nodes } from "../../gan_edu/widgets/kit/quadrature.js";
import { SmallNet } from "../../gan_edu/widgets/kit/small_net.js";
import { gap } from "../../gan_edu/widgets/smoothing_player/best.js";
import { near, netOfFormula, stored } from "./stored.mjs";

const python = stored("small_net");

/** Sees all samples of Python's, each with its target. @param {SmallNet} net */
function seeAll(net) {
  net.gradient.fill(0);
  for (const [k, samples] of [python.real, python.fake].entries())
    for (const x of samples) net.see(x, python.targets[k], 1 / samples.length);
}

/** log(1 + eˣ). @param {number} x */
const softplus = (x) => Math.log1p(Math.exp(x));

test("its logits", () => {
  const net = netOfFormula();
  near(
    python.places.map((/** @type {number} */ x) => net.logit(x)),
    python.logits,
    1e-12,
  );
});

test("the gradient of L_D with targets is autograd's", () => {
  const net = netOfFormula();
  seeAll(net);
  near(net.gradient, python.gradient, 1e-12);
});

test("three steps of Adam are torch's", () => {
  const net = netOfFormula();
  for (let step = 0; step < 3; step++) {
    seeAll(net);
    net.step();
  }
  near(net.weights, python.weights, 1e-9);
  assert.equal(net.steps, 3);
});

for (const [real, fake] of [
  [1, 0],
  [0.8, 0.3],
])
  test(`the gradient for the targets ${real} and ${fake} is that of finite differences`, () => {
    const net = new SmallNet();
    net.see(0.7, real);
    net.see(-1.2, fake);
    const part = (/** @type {number} */ x, /** @type {number} */ target) =>
      target * softplus(-net.logit(x)) + (1 - target) * softplus(net.logit(x));
    const loss = () => part(0.7, real) + part(-1.2, fake);
    const slope = (/** @type {number} */ k) => {
      const [before, h] = [net.weights[k], 1e-5];
      const ends = [before + h, before - h].map((weight) => {
        net.weights[k] = weight;
        return loss();
      });
      net.weights[k] = before;
      return (ends[0] - ends[1]) / (2 * h);
    };
    near(
      net.gradient,
      Array.from(net.weights, (_, k) => slope(k)),
      1e-8,
    );
  });

test("it begins undecided, and the same each time", () => {
  const [a, b] = [new SmallNet(), new SmallNet()];
  assert.deepEqual(a.weights, b.weights);
  assert.ok([-6, -1, 0, 2, 6].every((x) => Math.abs(a.logit(x)) < 0.5));
});

for (const [alpha, beta] of [
  [1, 0],
  [0.8, 0.1],
])
  test(`trained for the targets ${alpha} and ${beta} it comes near the best D`, () => {
    const [p, q] = [-1.5, 1.5].map((mean) => ({
      shape: /** @type {const} */ ("gaussian"),
      bumps: [{ mean, width: 0.7, weight: 1 }],
    }));
    const [net, at] = [new SmallNet(), nodes(p, q)];
    const far = () => gap(at, (x) => net.logit(x), alpha, beta);
    const start = far();
    for (let step = 0; step < 2000; step++) net.learn(p, q, alpha, beta);
    assert.ok(start > 0.3 && far() < 0.03, `from ${start} to ${far()}`);
  });
