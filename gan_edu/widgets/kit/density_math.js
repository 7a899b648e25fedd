/* The numbers behind the density player and the smoothing player: densities, quadrature, and a small network that is trained on samples.
 * Formulas and panels are those of gan_edu.core.data.distributions, core.data.quadrature and value_function; a test compares them.
 * A density is {bumps: [{mean, width, weight}], shape}; its bumps' weights have the sum 1.
 */

import { sigmoid } from "./before.js";

const SHAPES = {
  // log κ(u), a draw of u, and how far a bump reaches, in widths
  gaussian: {
    log: (u) => -0.5 * u * u - 0.5 * Math.log(2 * Math.PI),
    reach: [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10],
    draw: (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  },
  laplace: {
    log: (u) => -Math.abs(u) - Math.LN2,
    reach: [0, 0.5, 1, 2, 4, 8, 16, 24, 40],
    draw: (random) => {
      const t = random();
      return t < 0.5 ? Math.log(2 * t + 1e-300) : -Math.log(2 * (1 - t));
    },
  },
  uniform: {
    log: (u) => (Math.abs(u) <= 1 ? -Math.LN2 : -Infinity),
    reach: [0, 0.5, 1],
    draw: (random) => 2 * random() - 1,
  },
};

export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))); // log(1 + eˣ) for any x, ±∞ too

export function logDensity({ bumps, shape }, x) {
  const parts = bumps
    .filter((b) => b.weight > 0)
    .map((b) => Math.log(b.weight / b.width) + SHAPES[shape].log((x - b.mean) / b.width));
  const most = Math.max(...parts);
  return most === -Infinity ? most : most + Math.log(parts.reduce((sum, part) => sum + Math.exp(part - most), 0));
}

/** d/dx log p(x) of Gaussian bumps: the mean of (mean − x) / width² over the bumps, each by its share of p(x). */
export function score(density, x) {
  const whole = logDensity(density, x);
  return density.bumps.reduce(
    (sum, b) => sum + (Math.exp(logDensity({ ...density, bumps: [b] }, x) - whole) * (b.mean - x)) / b.width ** 2,
    0,
  );
}

/** Nodes and weights of Gauss and Legendre on [−1, 1]: roots of the polynomial, by Newton's method. */
function gaussLegendre(order) {
  return Array.from({ length: order }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (order + 0.5)),
      slope = 1;
    for (let turn = 0; turn < 20; turn++) {
      let [before, now] = [1, x];
      for (let n = 2; n <= order; n++) [before, now] = [now, ((2 * n - 1) * x * now - (n - 1) * before) / n];
      slope = (order * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
}
const NODES = gaussLegendre(16);

/** Where some bump changes its character; panels of the quadrature end there. */
export function joints(...densities) {
  const ends = densities.flatMap(({ bumps, shape }) =>
    bumps
      .filter((b) => b.weight > 0)
      .flatMap((b) => SHAPES[shape].reach.flatMap((r) => [b.mean - r * b.width, b.mean + r * b.width])),
  );
  return [...new Set(ends)].sort((a, b) => a - b);
}

/** All that quadrature needs of a pair: at each point x its weight, log p and log q. */
export function seen(p, q) {
  const ends = joints(p, q),
    points = [];
  for (let k = 1; k < ends.length; k++) {
    const [middle, half] = [(ends[k] + ends[k - 1]) / 2, (ends[k] - ends[k - 1]) / 2];
    for (const [node, weight] of NODES) {
      const x = middle + half * node;
      points.push({ x, weight: half * weight, logP: logDensity(p, x), logQ: logDensity(q, x) });
    }
  }
  return points;
}

/** ∫ density · values; where the density is 0 the value does not count. */
export function mean(points, which, value) {
  let sum = 0;
  for (const point of points) {
    const mass = Math.exp(point[which]) * point.weight;
    if (mass > 0) sum += mass * value(point);
  }
  return sum;
}

/** V(D, G) term by term: E_data[log D] and E_g[log(1 − D)], for the logit of a D. */
export function valueOf(points, logit) {
  const real = mean(points, "logP", (at) => -softplus(-logit(at))),
    fake = mean(points, "logQ", (at) => -softplus(logit(at)));
  return { real, fake, v: real + fake };
}
export const bestLogit = (at) => at.logP - at.logQ;

/** The divergences, each by its own definition. */
export function divergences(points) {
  const logM = ({ logP, logQ }) => {
    const most = Math.max(logP, logQ);
    return most + Math.log((Math.exp(logP - most) + Math.exp(logQ - most)) / 2);
  };
  const kl = mean(points, "logP", (at) => at.logP - at.logQ),
    reverse = mean(points, "logQ", (at) => at.logQ - at.logP);
  return {
    kl,
    reverse,
    js: 0.5 * mean(points, "logP", (at) => at.logP - logM(at)) + 0.5 * mean(points, "logQ", (at) => at.logQ - logM(at)),
  };
}

/** Random numbers in (0, 1) from a seed: x ← 48271 x mod 2³¹ − 1 (Park and Miller 1988). */
export function randomFrom(seed) {
  let state = 12345 + 7919 * seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export function drawFrom({ bumps, shape }, random) {
  let share = random();
  const bump = bumps.find((b) => (share -= b.weight) < 0) || bumps.find((b) => b.weight > 0);
  return bump.mean + bump.width * SHAPES[shape].draw(random);
}

/** D as a network of two layers of 16 tanh units; it sees samples only, 64 real and 64 fake a step, and learns by Adam. */
export class SmallNet {
  constructor(seed = 0, wide = 16) {
    Object.assign(this, { wide, steps: 0, random: randomFrom(seed + 1) });
    const normal = () => SHAPES.gaussian.draw(this.random);
    this.sizes = [wide, wide, wide * wide, wide, wide, 1]; // weights and biases of three layers, one behind the other
    this.starts = this.sizes.map((_, k) => this.sizes.slice(0, k).reduce((a, b) => a + b, 0));
    const count = this.starts[5] + 1;
    this.w = new Float64Array(count);
    [this.m, this.s] = [new Float64Array(count), new Float64Array(count)];
    const scales = [1.5, 1, 1 / Math.sqrt(wide), 0, 0.1 / Math.sqrt(wide), 0];
    this.sizes.forEach((size, k) => {
      for (let i = 0; i < size; i++) this.w[this.starts[k] + i] = scales[k] * normal();
    });
    [this.a, this.b] = [new Float64Array(wide), new Float64Array(wide)];
  }
  /** The logit of D at x. */
  logit(x) {
    const { w, wide, a, b } = this,
      [w1, b1, w2, b2, w3, b3] = this.starts;
    for (let i = 0; i < wide; i++) a[i] = Math.tanh((w[w1 + i] * x) / 2 + w[b1 + i]);
    let l = w[b3];
    for (let j = 0; j < wide; j++) {
      let sum = w[b2 + j];
      for (let i = 0; i < wide; i++) sum += w[w2 + j * wide + i] * a[i];
      b[j] = Math.tanh(sum);
      l += w[w3 + j] * b[j];
    }
    return l;
  }
  /** Adds what one sample says to the gradient; slope = ∂L_D/∂l. */
  back(x, slope, grad) {
    const { w, wide, a, b } = this,
      [w1, b1, w2, b2, w3, b3] = this.starts,
      down = (this.down ||= new Float64Array(wide)).fill(0);
    grad[b3] += slope;
    for (let j = 0; j < wide; j++) {
      grad[w3 + j] += slope * b[j];
      const at = slope * w[w3 + j] * (1 - b[j] * b[j]);
      grad[b2 + j] += at;
      for (let i = 0; i < wide; i++) {
        grad[w2 + j * wide + i] += at * a[i];
        down[i] += at * w[w2 + j * wide + i];
      }
    }
    for (let i = 0; i < wide; i++) {
      const at = down[i] * (1 - a[i] * a[i]);
      grad[w1 + i] += (at * x) / 2;
      grad[b1 + i] += at;
    }
  }
  /** One step of Adam on L_D, from `count` fresh samples of each density. With the targets 1 and 0, L_D = −V. */
  learn(p, q, realTarget = 1, fakeTarget = 0, count = 64, rate = 0.01) {
    const grad = (this.grad ||= new Float64Array(this.w.length)).fill(0);
    for (let n = 0; n < count; n++) {
      const real = drawFrom(p, this.random),
        fake = drawFrom(q, this.random);
      this.back(real, (sigmoid(this.logit(real)) - realTarget) / count, grad); // ∂/∂l of −t log σ(l) − (1 − t) log(1 − σ(l)) = σ(l) − t
      this.back(fake, (sigmoid(this.logit(fake)) - fakeTarget) / count, grad);
    }
    this.steps += 1;
    const [b1, b2, t] = [0.8, 0.99, this.steps],
      [c1, c2] = [1 - b1 ** t, 1 - b2 ** t];
    for (let k = 0; k < grad.length; k++) {
      this.m[k] = b1 * this.m[k] + (1 - b1) * grad[k];
      this.s[k] = b2 * this.s[k] + (1 - b2) * grad[k] ** 2;
      this.w[k] -= (rate * (this.m[k] / c1)) / (Math.sqrt(this.s[k] / c2) + 1e-8);
    }
  }
}
