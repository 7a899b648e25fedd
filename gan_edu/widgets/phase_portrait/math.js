/* The Dirac-GAN with every regulariser of Mescheder et al. (2018), arXiv 1801.04406: field, steps, eigenvalues.
 *
 * All data lies at 0, all fakes at θ, D(x) = ψ x. G descends L, D climbs it, with f(t) = −log(1 + exp(−t)):
 *   L(θ, ψ) = f(ψ θ) + f(0),      v(θ, ψ) = (−f'(ψ θ) ψ, f'(ψ θ) θ)
 * phase_math.py computes the same. Complex numbers are pairs [re, im]; a game is {loss, penalty, gamma, step, momentum, order}.
 */

import { clamp, sigmoid } from "../kit/before.js";

export const FAR = 1e6,
  LAST = 50; // a path ends beyond FAR; the outcome looks at its last steps
const slope = (t) => sigmoid(-t); // f'(t) = 1 / (1 + exp(t))
const bend = (t) => -sigmoid(-t) * sigmoid(t); // f''(t)
const one = () => 1,
  nought = () => 0;
const SLOPES = {
  // v = (−g(θψ) ψ, d(θψ) θ)
  GAN: { g: slope, gBend: bend, d: slope, dBend: bend },
  NSGAN: { g: (t) => slope(-t), gBend: (t) => -bend(t), d: slope, dBend: bend }, // G climbs f(−θψ)
  WGAN: { g: one, gBend: nought, d: one, dBend: nought }, // f(t) = t
};
const NOISE = Array.from({ length: 49 }, (_, k) => (k - 24) / 4),
  TOTAL = NOISE.reduce((sum, z) => sum + Math.exp((-z * z) / 2), 0);
const SHARES = NOISE.map((z) => Math.exp((-z * z) / 2) / TOTAL); // a sum in place of E over N(0, 1)

/** v at (θ, ψ): where G and D step. R1 and R2 are one, since D's gradient is ψ everywhere; clipping belongs to the step. */
export function dirac(theta, psi, { loss, penalty, gamma }) {
  const { g, gBend, d, dBend } = SLOPES[loss];
  if (penalty === "instance noise") {
    // E over fakes ~ N(θ, σ²) and data ~ N(0, σ²)
    let a = 0,
      b = 0;
    for (let k = 0; k < NOISE.length; k++) {
      const real = gamma * NOISE[k],
        fake = theta + real,
        rate = d(psi * fake);
      a -= SHARES[k] * (g === d ? rate : g(psi * fake)) * psi;
      b += SHARES[k] * (rate * fake - d(-psi * real) * real);
    }
    return [a, b];
  }
  const t = theta * psi,
    a = g(t),
    b = d(t),
    v = [-a * psi, b * theta];
  if (penalty === "R1" || penalty === "R2") v[1] -= gamma * psi; // γ/2 |∇ₓD|² = γ/2 ψ²
  if (penalty === "WGAN-GP") v[1] -= gamma * (Math.abs(psi) - 1) * Math.sign(psi); // γ/2 (|ψ| − 1)²
  if (penalty === "consensus") {
    // both descend γ/2 |v|² = γ/2 (a² ψ² + b² θ²)
    const turn = a * gBend(t) * psi ** 2 + b * dBend(t) * theta ** 2;
    v[0] -= gamma * (psi * turn + b * b * theta);
    v[1] -= gamma * (theta * turn + a * a * psi);
  }
  return v;
}

const PLAYERS = { simultaneous: [[0, 1]], "G first": [[0], [1]], "D first": [[1], [0]] };

/** The points [θ, ψ] that `steps` rounds lead through; fewer where they run away. */
export function walk(start, steps, game) {
  const seen = [[...start]],
    speed = [0, 0],
    { step, momentum, order } = game;
  while (seen.length <= steps && Math.hypot(...seen.at(-1)) < FAR) {
    const at = [...seen.at(-1)];
    for (const moving of PLAYERS[order]) {
      const v = dirac(...at, game); // where the other player now stands
      for (const k of moving) at[k] += step * (speed[k] = momentum * speed[k] + v[k]);
      if (game.penalty === "WGAN clipping" && moving.includes(1)) at[1] = clamp(at[1], -game.gamma, game.gamma);
    }
    seen.push(at);
  }
  return seen;
}

/** p, q, c of the field's Jacobian [[p, −c], [c, q]] at (0, 0); null for WGAN-GP, whose penalty has a kink there. */
function atRest({ loss, penalty, gamma }) {
  const c = SLOPES[loss].d(0),
    both = -gamma * c * c;
  if (penalty === "WGAN-GP") return null;
  if (penalty === "consensus") return { p: both, q: both, c };
  const q = { R1: -gamma, R2: -gamma, "instance noise": 2 * SLOPES[loss].dBend(0) * gamma * gamma }[penalty] || 0;
  return { p: 0, q, c };
}

/** Both roots of x² + b x + c, b and c real. */
function quadratic(b, c) {
  const half = -b / 2,
    under = half * half - c,
    root = Math.sqrt(Math.abs(under));
  return under < 0
    ? [
        [half, root],
        [half, -root],
      ]
    : [
        [half + root, 0],
        [half - root, 0],
      ];
}

/** All roots of a polynomial with the leading coefficient 1, by Durand and Kerner: every guess is corrected by all others. */
function polynomialRoots(coefficients) {
  const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c],
    degree = coefficients.length - 1;
  const x = Array.from({ length: degree }, (_, k) => [Math.cos(2 * k + 0.4), Math.sin(2 * k + 0.4)]);
  for (let turn = 0, moved = 1; turn < 300 && moved > 1e-15; turn++) {
    moved = 0;
    for (let k = 0; k < degree; k++) {
      const top = coefficients.reduce(
        (sum, a) => {
          const [re, im] = times(sum, x[k]);
          return [re + a, im];
        },
        [0, 0],
      );
      const low = x.reduce(
        (product, other, i) => (i === k ? product : times(product, [x[k][0] - other[0], x[k][1] - other[1]])),
        [1, 0],
      );
      const size = low[0] ** 2 + low[1] ** 2 || 1e-300,
        by = times(top, [low[0] / size, -low[1] / size]);
      x[k] = [x[k][0] - by[0], x[k][1] - by[1]];
      moved = Math.max(moved, Math.hypot(...by));
    }
  }
  return x.map(([re, im]) => [re, Math.abs(im) < 1e-7 ? 0 : im]); // a double root is found to 1e-8
}

/** Eigenvalues at (0, 0): flow, of the field; update, of one round, which are 4 with momentum. null: no Jacobian.
 *  The update's solve P Q + (h c)² μᵐ = 0, P = μ² − (1 + β + h p) μ + β, Q with q; m = 2 simultaneous, 3 alternating. */
export function spectrum(game) {
  const rest = atRest(game);
  if (!rest) return null;
  const { p, q, c } = rest,
    { step: h, momentum } = game,
    alternating = game.order !== "simultaneous";
  const [x, y] = [p, q].map((own) => -(1 + momentum + h * own)),
    turn = (h * c) ** 2;
  if (game.penalty === "WGAN clipping" && game.gamma === 0) {
    // ψ is cut to 0: θ stays, and only D's momentum is left
    return {
      flow: quadratic(-(p + q), p * q + c * c),
      update: (momentum ? [1, momentum, momentum, 0] : [1, 0]).map((mu) => [mu, 0]),
    };
  }
  const three = x + y + (alternating ? turn : 0),
    two = x * y + 2 * momentum + (alternating ? 0 : turn);
  return {
    flow: quadratic(-(p + q), p * q + c * c),
    update: momentum
      ? polynomialRoots([1, three, two, momentum * (x + y), momentum * momentum])
      : quadratic(three, two),
  };
}

/** The strength from which on the field's eigenvalues are real: γ = 2 f'(0) of R1, R2; σ² = −f'(0) / f''(0); else null. */
export function critical({ loss, penalty }) {
  const { d, dBend } = SLOPES[loss];
  if (penalty === "instance noise") return dBend(0) ? Math.sqrt(-d(0) / dBend(0)) : null;
  return penalty === "R1" || penalty === "R2" ? 2 * d(0) : null;
}

/** What a path does, from its largest radius over the last 50 steps: the bands of core/games/path_outcome.py, in VERDICT_WORDS. */
export function verdictOf(radii, steps) {
  const last = Math.max(...radii.slice(-LAST)),
    before = Math.max(...radii.slice(0, Math.floor(radii.length / 2) + 1).slice(-LAST)),
    left = radii.length <= steps;
  const word = left
    ? "does not converge"
    : last <= 1e-3 * radii[0]
      ? "converges"
      : last <= 0.05 * radii[0]
        ? "stays close"
        : last <= 0.9 * before
          ? "converges slowly"
          : "does not converge";
  return { last, left, word };
}
export const VERDICT_WORDS =
  "The largest radius of the last 50 steps decides. “converges”: it is at most 0.1 % of the start’s. “stays close”: at most 5 %. “converges slowly”: at least 10 % " +
  "below the largest of the 50 steps up to the middle of the path. “does not converge”: anything else. It is a statement about these steps, not a theorem.";
