/* Numbers of the phase portrait as text. */

import { fixed, signed } from "../kit/numbers.js";

/** @typedef {import("./spectrum.js").Complex} Complex */

const RAISED = Object.fromEntries([..."−0123456789"].map((digit, k) => [digit, [..."⁻⁰¹²³⁴⁵⁶⁷⁸⁹"][k]]));

/** A power of ten. @param {number} exponent */
export function powerText(exponent) {
  if (exponent === 0) return "1";
  return exponent === 1 ? "10" : `10${[...signed(exponent, 0)].map((digit) => RAISED[digit]).join("")}`;
}

/** A length of any size. @param {number} x */
export const sized = (x) =>
  x >= 1e4 || (x < 0.01 && x > 0) ? x.toExponential(2).replace("e+", "e").replace("-", "−") : fixed(x, 3);

/** Eigenvalues in words, the largest first, conjugate ones as one. @param {Complex[]} roots */
export function complexText(roots) {
  const found = roots.filter(([, im]) => im >= 0).sort((a, b) => Math.hypot(...b) - Math.hypot(...a));
  return found.map(([re, im]) => signed(re, 3) + (im > 0 ? `\u00a0±\u00a0${fixed(im, 3)}i` : "")).join(", ");
}
