/* The Dirac-GAN with every regulariser of Mescheder et al. (2018), arXiv 1801.04406: its field in closed form.
 *
 * All data lies at 0, all fakes at θ, D's logit is l(x) = −ψ x. G descends L, D climbs it, with f(t) = −log(1 + exp(−t)):
 *   L(θ, ψ) = f(ψ θ) + f(0),      v(θ, ψ) = (−f'(ψ θ) ψ, f'(ψ θ) θ)
 * core/games/examples.py has the same as losses, for autograd.
 */

import { sigmoid } from "../kit/numbers.js";
import { walk } from "../kit/two_players.js";

/** @typedef {import("../kit/two_players.js").Place} Place θ and ψ */
/** @typedef {"GAN" | "NSGAN" | "WGAN"} Loss */
/** @typedef {"none" | "R1" | "R2" | "WGAN-GP" | "instance noise" | "consensus" | "WGAN clipping"} Penalty */
/** @typedef {{loss: Loss, penalty: Penalty, gamma: number}} Forces of the field; gamma: the penalty's strength */
/** @typedef {import("../kit/two_players.js").Order} Order */
/** @typedef {Forces & {step: number, momentum: number, order: Order}} Dirac a game and its rule */

const FAR = 1e6; // a path ends beyond this radius

/** f'(t) = 1 / (1 + exp(t)). @param {number} t */
const slope = (t) => sigmoid(-t);
/** f''(t). @param {number} t */
const bend = (t) => -sigmoid(-t) * sigmoid(t);
const one = () => 1;
const nought = () => 0;

/** v = (−g(θψ) ψ, d(θψ) θ). NSGAN's G climbs f(−θψ) in place of descending f(θψ); WGAN: f(t) = t. */
const SLOPES = {
  GAN: { g: slope, gBend: bend, d: slope, dBend: bend },
  NSGAN: {
    g: (/** @type {number} */ t) => slope(-t),
    gBend: (/** @type {number} */ t) => -bend(t),
    d: slope,
    dBend: bend,
  },
  WGAN: { g: one, gBend: nought, d: one, dBend: nought },
};

const NODES = Array.from({ length: 49 }, (_, k) => (k - 24) / 4); // a sum in place of E over N(0, 1)
const DENSITIES = NODES.map((z) => Math.exp((-z * z) / 2));
const TOTAL = DENSITIES.reduce((sum, density) => sum + density, 0);
const SHARES = DENSITIES.map((density) => density / TOTAL);

/** v at (θ, ψ): where G and D step. R1 and R2 are one, since D's slope is ψ everywhere; clipping belongs to the step.
 * @param {number} theta @param {number} psi @param {Forces} forces @returns {Place} */
export function field(theta, psi, { loss, penalty, gamma }) {
  const { g, gBend, d, dBend } = SLOPES[loss];
  if (penalty === "instance noise") return noisy(theta, psi, gamma, SLOPES[loss]);
  const t = theta * psi;
  const [a, b] = [g(t), d(t)];
  const [byG, byD] = [-a * psi, b * theta];
  if (penalty === "R1" || penalty === "R2") return [byG, byD - gamma * psi]; // γ/2 |∇ₓl|² = γ/2 ψ²
  if (penalty === "WGAN-GP") return [byG, byD - gamma * (Math.abs(psi) - 1) * Math.sign(psi)]; // γ/2 (|ψ| − 1)²
  if (penalty !== "consensus") return [byG, byD];
  const turn = a * gBend(t) * psi ** 2 + b * dBend(t) * theta ** 2; // both descend γ/2 |v|² = γ/2 (a² ψ² + b² θ²)
  return [byG - gamma * (psi * turn + b * b * theta), byD - gamma * (theta * turn + a * a * psi)];
}

/** The mean of v over fakes ~ N(θ, σ²) and data ~ N(0, σ²).
 * @param {number} theta @param {number} psi @param {number} sigma
 * @param {{g: (t: number) => number, d: (t: number) => number}} slopes
 * @returns {Place} */
function noisy(theta, psi, sigma, { g, d }) {
  let [byG, byD] = [0, 0];
  for (const [k, node] of NODES.entries()) {
    const real = sigma * node;
    const fake = theta + real;
    byG -= SHARES[k] * g(psi * fake) * psi;
    byD += SHARES[k] * (d(psi * fake) * fake - d(-psi * real) * real);
  }
  return [byG, byD];
}

/** The points that rounds of the game lead through; fewer where they run away.
 * @param {Place} start @param {number} rounds @param {Dirac} game */
export function path(start, rounds, game) {
  const clip = game.penalty === "WGAN clipping" ? game.gamma : undefined;
  const near = (/** @type {Place} */ place) => Math.hypot(...place) < FAR;
  return walk(start, rounds, (theta, psi) => field(theta, psi, game), { ...game, clip }, near);
}

/** p, q, c of the field's Jacobian [[p, −c], [c, q]] at (0, 0); null for WGAN-GP, whose penalty has a kink there.
 * @param {Forces} forces */
export function jacobian({ loss, penalty, gamma }) {
  const c = SLOPES[loss].d(0);
  const both = -gamma * c * c;
  if (penalty === "WGAN-GP") return null;
  if (penalty === "consensus") return { p: both, q: both, c };
  if (penalty === "R1" || penalty === "R2") return { p: 0, q: -gamma, c };
  return { p: 0, q: penalty === "instance noise" ? 2 * SLOPES[loss].dBend(0) * gamma * gamma : 0, c };
}

/** The strength from which on the field's eigenvalues are real: γ = 2 f'(0) of R1, R2; σ² = −f'(0) / f''(0); else null.
 * @param {{loss: Loss, penalty: Penalty}} game */
export function critical({ loss, penalty }) {
  const { d, dBend } = SLOPES[loss];
  if (penalty === "instance noise") return dBend(0) ? Math.sqrt(-d(0) / dBend(0)) : null;
  return penalty === "R1" || penalty === "R2" ? 2 * d(0) : null;
}
