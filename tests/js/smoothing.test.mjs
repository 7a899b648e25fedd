/* The best D for two targets and its pull, held to SmoothingPlayer's in Python (test_js_values_density.py). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { XS } from "../../gan_edu/widgets/kit/line_plot.js";
import { sigmoid } from "../../gan_edu/widgets/kit/numbers.js";
import { nodes } from "../../gan_edu/widgets/kit/quadrature.js";
import { SmallNet } from "../../gan_edu/widgets/kit/small_net.js";
import { gap, pointAt, pull, pullLeft, smoothedBest } from "../../gan_edu/widgets/smoothing_player/best.js";
import { near, stored } from "./stored.mjs";

const python = stored("smoothing");

for (const [k, { p, q, targets, ...wanted }] of python.players.entries()) {
  const [alpha, beta] = targets;
  const points = python.x.map((/** @type {number} */ x) => pointAt(p, q, x));
  const along = (/** @type {(at: any) => number} */ value) => points.map(value);

  test(`player ${k}: D*`, () =>
    near(
      along((at) => smoothedBest(at, alpha, beta)),
      wanted.best,
      1e-9,
    ));

  test(`player ${k}: the pull with both targets, with α alone, and without`, () => {
    near(
      along((at) => pull(at, alpha, beta)),
      wanted.pull,
      1e-7,
    );
    for (const plain of [1, alpha])
      near(
        along((at) => pull(at, plain, 0)),
        wanted.full,
        1e-7,
      );
  });

  test(`player ${k}: what is left of the pull is a share, and all of it for β = 0`, () => {
    const left = along((at) => pullLeft(at, alpha, beta));
    assert.ok(left.every((/** @type {number} */ share) => share >= 0 && share <= 1));
    if (beta === 0) assert.ok(left.every((/** @type {number} */ share) => share === 1));
    near(
      along((at) => pull(at, alpha, beta)),
      along((at) => pull(at, 1, 0) * pullLeft(at, alpha, beta)),
      1e-9,
    );
  });

  test(`player ${k}: nothing breaks where both densities vanish`, () => {
    for (const x of XS) {
      const at = pointAt(p, q, x);
      const best = smoothedBest(at, alpha, beta);
      assert.ok(best >= beta && best <= alpha + 1e-12, `D*(${x}) = ${best}`);
      assert.ok(Number.isFinite(pull(at, alpha, beta)) && Number.isFinite(pull(at, 1, 0)));
    }
  });

  test(`player ${k}: how far a D is from the best one`, () => {
    const net = new SmallNet();
    net.weights.forEach((_, i) => {
      net.weights[i] = 0.5 * Math.sin(i + 1);
    });
    near([gap(nodes(p, q), (x) => net.logit(x), alpha, beta)], [wanted.gap], 1e-9);
  });
}

test("the distance of a D is that of its curve, by a sum over an even grid", () => {
  const [p, q] = [-1, 1].map((mean) => ({
    shape: /** @type {const} */ ("gaussian"),
    bumps: [{ mean, width: 0.7, weight: 1 }],
  }));
  const net = new SmallNet();
  const terms = XS.map((x) => {
    const at = pointAt(p, q, x);
    const weight = (Math.exp(at.logP) + Math.exp(at.logQ)) / 2;
    return weight * Math.abs(sigmoid(net.logit(x)) - smoothedBest(at, 0.9, 0.1)) * (XS[1] - XS[0]);
  });
  near([gap(nodes(p, q), (x) => net.logit(x), 0.9, 0.1)], [terms.reduce((a, b) => a + b)], 1e-4);
});
