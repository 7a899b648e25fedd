/* D as a network of two layers of tanh units, which sees samples only and learns by Adam (Kingma and Ba 2015). */

import { drawFrom, normal, randomFrom } from "./density.js";
import { sigmoid } from "./numbers.js";

/** @typedef {import("./density.js").Density} Density */

const WIDE = 16; // units of a layer
const BATCH = 64; // real samples of a step, and fake ones
const [RATE, BETA_1, BETA_2, TINY] = [0.01, 0.8, 0.99, 1e-8]; // Adam's
const SIZES = [WIDE, WIDE, WIDE * WIDE, WIDE, WIDE, 1]; // weights and biases of three layers
const SCALES = [1.5, 1, 1 / Math.sqrt(WIDE), 0, 0.1 / Math.sqrt(WIDE), 0]; // of their first values
const COUNT = SIZES.reduce((a, b) => a + b);

/** Weights and biases, which lie one behind the other. @param {Float64Array} all */
function layers(all) {
  let start = 0;
  const [w1, b1, w2, b2, w3, b3] = SIZES.map((size) => {
    start += size;
    return all.subarray(start - size, start);
  });
  return { w1, b1, w2, b2, w3, b3 };
}

export class SmallNet {
  constructor() {
    this.steps = 0;
    this.random = randomFrom(1);
    this.weights = Float64Array.from(
      SIZES.flatMap((size, k) => Array.from({ length: size }, () => SCALES[k] * normal(this.random))),
    );
    this.gradient = new Float64Array(COUNT);
    this.means = new Float64Array(COUNT); // Adam's, of the gradient
    this.squares = new Float64Array(COUNT); // and of its squares
    this.at = layers(this.weights);
    this.slopes = layers(this.gradient);
    this.first = new Float64Array(WIDE); // what the units of each layer answered last
    this.second = new Float64Array(WIDE);
    this.down = new Float64Array(WIDE); // ∂L/∂ of the first layer's answers
  }
  /** The logit of D at x: w3 · tanh(w2 tanh(w1 x/2 + b1) + b2) + b3. @param {number} x */
  logit(x) {
    const { first, second } = this;
    const { w1, b1, w2, b2, w3, b3 } = this.at;
    for (let i = 0; i < WIDE; i++) first[i] = Math.tanh((w1[i] * x) / 2 + b1[i]);
    let logit = b3[0];
    for (let j = 0; j < WIDE; j++) {
      let sum = b2[j];
      for (let i = 0; i < WIDE; i++) sum += w2[j * WIDE + i] * first[i];
      second[j] = Math.tanh(sum);
      logit += w3[j] * second[j];
    }
    return logit;
  }
  /** ∂logit/∂x at x: which way a fake at x is to go, for D to take it for real. @param {number} x */
  slope(x) {
    this.logit(x);
    const { first, second } = this;
    const { w1, w2, w3 } = this.at;
    let slope = 0;
    for (let j = 0; j < WIDE; j++) {
      let sum = 0;
      for (let i = 0; i < WIDE; i++) sum += (w2[j * WIDE + i] * (1 - first[i] ** 2) * w1[i]) / 2;
      slope += w3[j] * (1 - second[j] ** 2) * sum;
    }
    return slope;
  }
  /** Adds to the gradient what one sample says, whose logit was asked for last.
   * @param {number} x @param {number} slope ∂L/∂logit */
  back(x, slope) {
    const { first, second, down, slopes } = this;
    const { w2, w3 } = this.at;
    down.fill(0);
    slopes.b3[0] += slope;
    for (let j = 0; j < WIDE; j++) {
      slopes.w3[j] += slope * second[j];
      const at = slope * w3[j] * (1 - second[j] ** 2);
      slopes.b2[j] += at;
      for (let i = 0; i < WIDE; i++) {
        slopes.w2[j * WIDE + i] += at * first[i];
        down[i] += at * w2[j * WIDE + i];
      }
    }
    for (let i = 0; i < WIDE; i++) {
      const at = down[i] * (1 - first[i] ** 2);
      slopes.w1[i] += (at * x) / 2;
      slopes.b1[i] += at;
    }
  }
  /** Adds what one sample says to the gradient of L_D = −t log σ(l) − (1 − t) log(1 − σ(l)): ∂L_D/∂l = σ(l) − t.
   * @param {number} x @param {number} target @param {number} [share] of all samples */
  see(x, target, share = 1) {
    this.back(x, (sigmoid(this.logit(x)) - target) * share);
  }
  /** One step on L_D, from fresh samples of each density. With the targets 1 and 0, L_D = −V.
   * @param {Density} p @param {Density} q @param {number} [real] D's target there @param {number} [fake] */
  learn(p, q, real = 1, fake = 0) {
    this.gradient.fill(0);
    for (let n = 0; n < BATCH; n++) {
      const samples = [drawFrom(p, this.random), drawFrom(q, this.random)];
      this.see(samples[0], real, 1 / BATCH);
      this.see(samples[1], fake, 1 / BATCH);
    }
    this.step();
  }
  /** Adam's step down the gradient. */
  step() {
    const { weights, gradient, means, squares } = this;
    this.steps += 1;
    const [c1, c2] = [1 - BETA_1 ** this.steps, 1 - BETA_2 ** this.steps];
    for (let k = 0; k < COUNT; k++) {
      means[k] = BETA_1 * means[k] + (1 - BETA_1) * gradient[k];
      squares[k] = BETA_2 * squares[k] + (1 - BETA_2) * gradient[k] ** 2;
      weights[k] -= (RATE * (means[k] / c1)) / (Math.sqrt(squares[k] / c2) + TINY);
    }
  }
}
