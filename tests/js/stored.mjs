/* Values that Python wrote, and how near to them JavaScript has to come. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SmallNet } from "../../gan_edu/widgets/kit/small_net.js";

/** @param {string} name of a file beside this one, without .json */
export const stored = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} wanted @param {number} [within] */
export function near(found, wanted, within = 1e-9) {
  assert.equal(found.length, wanted.length);
  for (let k = 0; k < wanted.length; k++)
    assert.ok(Math.abs(found[k] - wanted[k]) <= within, `${k}: ${found[k]} is not ${wanted[k]} within ${within}`);
}

/** The D whose weights are a formula, as in Python. */
export function netOfFormula() {
  const net = new SmallNet();
  net.weights.forEach((_, k) => {
    net.weights[k] = 0.5 * Math.sin(k + 1);
  });
  return net;
}
