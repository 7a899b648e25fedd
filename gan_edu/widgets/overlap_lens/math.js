/* Which input a growing layer writes on which output, along a line; a picture is the product of both directions.
 *
 * A layer is one step or two, each a list of links. Their letter says which outputs a weight lands on: for a transposed
 * convolution outputs j of the same (j + p) mod s, for a shuffle those of one map, for a resized row all.
 */

/** @typedef {{kind: "transposed" | "resize" | "shuffle", kernel: number, stride: number, padding: number, inputs: number,
 *   layers: number, weighted: boolean, weights: number[]}} Setting */
/** @typedef {{from: number, to: number, tap: number, letter: number}} Link letter: NONE where an input is only copied */
/** @typedef {{count: number, scale: number, shift: number, links: Link[]}} Step the middle of what cell i writes is
 *   scale × i + shift */
/** @typedef {{values: number[], links: Link[], at: number, gap: number}} Row what its cells get of inputs of 1, by which
 *   links of the row above; cell i stands at + gap × i, in outputs */
/** @typedef {{cells: Map<number, number>, links: Link[]}} Traced cells: on how many ways each leads to the output */

export const NONE = -1;
const ALIKE = 2e-3; // links hold four digits of a weight
export const HEAVIEST = 2;

/** @param {number} count */
const range = (count) => Array.from({ length: Math.max(0, count) }, (_, k) => k);
/** @param {readonly number[]} list */
const total = (list) => list.reduce((a, b) => a + b, 0);

/** The links of n cells to `count` others: of each cell so many. On a circle none is cut off.
 * @param {number} n @param {number} count @param {number} taps @param {boolean} circle
 * @param {(i: number, tap: number) => number} to @param {(tap: number) => number} letter @returns {Link[]} */
function fan(n, count, taps, circle, to, letter) {
  const links = range(n).flatMap((from) =>
    range(taps).map((tap) => ({ from, to: to(from, tap), tap, letter: letter(tap) })),
  );
  if (circle) for (const link of links) link.to = ((link.to % count) + count) % count;
  return links.filter(({ to }) => to >= 0 && to < count);
}

/** @typedef {(setting: Setting, n: number, circle: boolean) => Step} Makes */

/** Input i on outputs i s − p … i s − p + k − 1. @type {Makes} */
function transposed({ kernel: k, stride: s, padding: p }, n, circle) {
  const count = circle ? n * s : (n - 1) * s - 2 * p + k;
  const to = (/** @type {number} */ i, /** @type {number} */ tap) => i * s - p + tap;
  return { count, scale: s, shift: (k - 1) / 2 - p, links: fan(n, count, k, circle, to, (tap) => tap % s) };
}

/** Each s times (nearest neighbour). @type {Makes} */
function copied({ stride: s }, n, circle) {
  const to = (/** @type {number} */ i, /** @type {number} */ tap) => i * s + tap;
  return { count: n * s, scale: s, shift: (s - 1) / 2, links: fan(n, n * s, s, circle, to, () => NONE) };
}

/** s kernels, of which each makes a map, and the maps by turns; with s = 1 a plain convolution. @type {Makes} */
function shuffled({ kernel: k, stride: s, padding: p }, n, circle) {
  const count = circle ? n * s : Math.max(0, n + 2 * p - k + 1) * s;
  const to = (/** @type {number} */ i, /** @type {number} */ tap) => (i + p - Math.floor(tap / s)) * s + (tap % s);
  const shift = (p - (k - 1) / 2) * s + (s - 1) / 2;
  return { count, scale: s, shift, links: fan(n, count, k * s, circle, to, (tap) => tap % s) };
}

/** @type {Makes} */
const convolved = (setting, n, circle) => shuffled({ ...setting, stride: 1 }, n, circle);
/** @type {Record<Setting["kind"], readonly Makes[]>} */
const LAYERS = { transposed: [transposed], resize: [copied, convolved], shuffle: [shuffled] };

/** How many weights it has: a kernel's, or one for each map, whose kernel is of equal numbers. @param {Setting} setting */
export const weightCount = ({ kind, kernel, stride }) => (kind === "shuffle" ? stride : kernel);

/** @param {Setting} setting */
export const weightsOf = (setting) =>
  range(weightCount(setting)).map((k) => (setting.weighted ? setting.weights[k] : 1));

/** The rows from the inputs to the outputs. A row that nothing is left of is the last.
 * @param {Setting} setting @param {boolean} [circle] @returns {Row[]} */
export function rowsOf(setting, circle = false) {
  const weights = weightsOf(setting);
  /** @type {(Step & {values: number[]})[]} */
  const steps = [{ count: setting.inputs, scale: 1, shift: 0, links: [], values: Array(setting.inputs).fill(1) }];
  for (const make of Array(setting.layers).fill(LAYERS[setting.kind]).flat()) {
    const { values: above } = steps[steps.length - 1];
    if (!above.length) break;
    const step = make(setting, above.length, circle);
    const values = Array(Math.max(0, step.count)).fill(0);
    for (const { from, to, tap, letter } of step.links) {
      const weight = letter === NONE ? 1 : weights[setting.kind === "shuffle" ? letter : tap];
      values[to] += weight * above[from];
    }
    steps.push({ ...step, values });
  }
  return placed(steps).map((place, k) => ({ values: steps[k].values, links: steps[k].links, ...place }));
}

/** Where the cells of each row stand: from the last row upwards. @param {readonly Step[]} steps */
function placed(steps) {
  let [at, gap] = [0, 1];
  const places = [{ at, gap }];
  for (const { scale, shift } of [...steps].reverse().slice(0, -1)) {
    [at, gap] = [at + gap * shift, gap * scale];
    places.unshift({ at, gap });
  }
  return places;
}

/** The letter of an output: that of the weights that land on it. @param {Setting} setting @param {number} output */
export function letterOf({ kind, stride, padding }, output) {
  return kind === "resize" ? 0 : (output + (kind === "transposed" ? padding : 0)) % stride;
}

/** What leads to an output: in each row the cells, and the links that end in the row.
 * @param {readonly Row[]} rows @param {number} output @returns {Traced[]} */
export function traced(rows, output) {
  let cells = new Map([[output, 1]]);
  const found = [];
  for (const row of [...rows].reverse()) {
    const links = row.links.filter(({ to }) => cells.has(to));
    found.unshift({ cells, links });
    const above = new Map();
    for (const { from, to } of links) above.set(from, (above.get(from) ?? 0) + (cells.get(to) ?? 0));
    cells = above;
  }
  return found;
}

/** What outputs inside the border get: the least and the most of a row on a circle, which has none.
 * @param {Setting} setting */
export function inside(setting) {
  const rows = rowsOf({ ...setting, inputs: 1 }, true);
  const { values } = rows[rows.length - 1];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { least, most, even: most - least <= ALIKE * most };
}

/** What the weights of each letter sum to. @param {Setting} setting */
export function sums(setting) {
  const [weights, { kind, kernel, stride }] = [weightsOf(setting), setting];
  if (kind === "shuffle") return weights.map((weight) => weight * kernel);
  const letters = kind === "resize" ? 1 : stride;
  return range(letters).map((letter) => total(weights.filter((_, tap) => tap % letters === letter)));
}

/** The weights, scaled so that those of each letter sum to as much; as they are where a letter has none.
 * @param {Setting} setting */
export function balanced(setting) {
  const [weights, found] = [weightsOf(setting), sums(setting)];
  const most = found.map((sum, letter) =>
    Math.max(...weights.map((weight, k) => (k % found.length === letter ? weight / sum : 0))),
  );
  const goal = Math.min(total(found) / found.length, ...most.map((share) => HEAVIEST / share));
  if (!found.every((sum) => sum > 0)) return setting.weights;
  return setting.weights.map((weight, k) =>
    k < weights.length ? +((weights[k] * goal) / found[k % found.length]).toFixed(4) : weight,
  );
}
