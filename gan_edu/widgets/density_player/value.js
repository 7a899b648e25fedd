/* V by quadrature, and the divergences that it comes to for the best D, as in gan_edu.value_function. */

import { mean } from "../kit/quadrature.js";

/** @typedef {import("../kit/density.js").Pair} Pair */
/** @typedef {readonly import("../kit/quadrature.js").Node[]} Nodes */

/** log(1 + eˣ) for any x, ±∞ too. @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** log D of a logit. @param {number} logit */
export const logD = (logit) => -softplus(-logit);

/** log(1 − D) of a logit. @param {number} logit */
export const logNotD = (logit) => -softplus(logit);

/** V(D, G) term by term: E_data[log D] and E_g[log(1 − D)].
 * @param {Nodes} nodes @param {(at: Pair) => number} logit of D */
export function valueTerms(nodes, logit) {
  const real = mean(nodes, "logP", (at) => logD(logit(at)));
  const fake = mean(nodes, "logQ", (at) => logNotD(logit(at)));
  return { real, fake, v: real + fake };
}

/** KL both ways and JS, each by its own definition. @param {Nodes} nodes */
export function divergences(nodes) {
  const kl = mean(nodes, "logP", (at) => at.logP - at.logQ);
  const reverse = mean(nodes, "logQ", (at) => at.logQ - at.logP);
  const toMiddle = mean(nodes, "logP", (at) => at.logP - logMiddle(at));
  const fromFakes = mean(nodes, "logQ", (at) => at.logQ - logMiddle(at));
  return { kl, reverse, js: 0.5 * toMiddle + 0.5 * fromFakes };
}

/** log((p + q) / 2). @param {Pair} at */
function logMiddle({ logP, logQ }) {
  const most = Math.max(logP, logQ);
  return most + Math.log((Math.exp(logP - most) + Math.exp(logQ - most)) / 2);
}
