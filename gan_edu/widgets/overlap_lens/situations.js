/* What a learner can begin with; a link can set the same. */

/** @param {"transposed" | "resize" | "shuffle"} kind @param {number} kernel @param {number} padding
 * @param {Record<string, unknown>} [more] */
const layer = (kind, kernel, padding, more = {}) => ({
  ...{ kind, kernel, stride: 2, padding, inputs: 6, layers: 1, weighted: false, weights: Array(7).fill(1) },
  ...more,
});

/** @type {[name: string, values: Record<string, unknown>][]} */
export const SITUATIONS = [
  ["threeByTwo", layer("transposed", 3, 0)],
  ["fourByTwo", layer("transposed", 4, 1)],
  ["fiveByTwo", layer("transposed", 5, 2)],
  ["stacked", layer("transposed", 3, 0, { layers: 3, inputs: 4 })],
  ["cancels", layer("transposed", 3, 0, { weighted: true, weights: [0.5, 1, 0.5, 1, 1, 1, 1] })],
  ["unlike", layer("transposed", 4, 1, { weighted: true, weights: [0.3, 1, 0.7, 0.6, 1, 1, 1] })],
  ["resized", layer("resize", 3, 1)],
  ["shuffles", layer("shuffle", 3, 1)],
  ["mapsDiffer", layer("shuffle", 3, 1, { weighted: true, weights: [0.6, 1.4, 1, 1, 1, 1, 1] })],
];
