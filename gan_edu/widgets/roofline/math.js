/* What a step costs, as gan_edu/core/measures/step_cost.py counts it, from the constants that Python sent. */

/** @typedef {"float32" | "bfloat16"} Precision */
/** @typedef {{width: number, batch: number, precision: Precision}} Step */
/** @typedef {Record<"size" | "reads" | "passes", Record<string, number>>
 *   & Record<"stored" | "optimiser" | "touched" | "latent" | "pixels", number>} Cost step_cost's constants, by name */
/** @typedef {{operations: number, bytes: number}} Work */
/** @typedef {{throughput: number, bandwidth: number, overhead: number}} Numbers of a machine */
/** @typedef {Step & {ms: number}} Dot a step that was timed */
/** @typedef {{name: string, source: string, of: Record<Precision, Numbers | null>, dots: Dot[]}} Machine */
/** @typedef {{products: number, memory: number, overhead: number}} Parts seconds of a step, by what they go to */

export const PARTS = /** @type {const} */ (["products", "memory", "overhead"]);
export const WIDTHS = { min: 8, max: 24 }; // half powers of 2: 16 to 4096
export const BATCHES = { min: 0, max: 12 }; // powers of 2: 1 to 4096
const MARGIN = 1.4; // of the axes, as a factor

/** @param {number} k */
export const widthOf = (k) => Math.round(2 ** (k / 2));
/** @param {number} width */
export const halvesOf = (width) => Math.round(2 * Math.log2(width));

/** @param {(number)[]} list */
const sum = (list) => list.reduce((all, each) => all + each, 0);

/** What a step of both networks does; work_of_mlps says how it is counted. @param {Step} step @param {Cost} cost @returns {Work} */
export function workOf({ width, batch, precision }, cost) {
  const { stored, optimiser, touched, latent, pixels } = cost;
  const size = cost.size[precision];
  const networks = {
    generator: [latent, width, width, pixels],
    discriminator: [pixels, width, width, 1],
  };
  const [g, d] = Object.values(networks).map((sizes) => sizes.slice(1).map((out, k) => sizes[k] * out));
  const operations = 2 * batch * (3 * sum(g) - g[0] + 2 * (3 * sum(d) - d[0]) + 2 * sum(d));
  const bytes = Object.entries(networks).map(([name, sizes]) => {
    const outputs = sum(sizes.slice(1));
    const weights = sum(sizes.slice(1).map((out, k) => (sizes[k] + 1) * out));
    const cast = size < stored ? cost.reads[name] * stored : 0; // each is made small anew, before it is used
    const each = cost.reads[name] * size + optimiser * stored + cast;
    return weights * each + batch * outputs * cost.passes[name] * touched * size;
  });
  return { operations, bytes: sum(bytes) };
}

/** @param {Work} work @param {Numbers} machine @returns {Parts} */
export const partsOf = ({ operations, bytes }, { throughput, bandwidth, overhead }) => ({
  products: operations / throughput,
  memory: bytes / bandwidth,
  overhead,
});

/** @param {Parts} parts */
export const total = ({ products, memory, overhead }) => products + memory + overhead;

/** Operations a byte. @param {Work} work */
export const intensity = ({ operations, bytes }) => operations / bytes;

/** The most operations a second at so many a byte. @param {Numbers} machine @param {number} x */
export const roofAt = ({ throughput, bandwidth }, x) => Math.min(throughput, bandwidth * x);

/** The share of the roof that a step reaches: the larger of its two times over all. @param {Parts} parts */
export const ofTheRoof = (parts) => Math.max(parts.products, parts.memory) / total(parts);

/** Where a step stands: operations a byte and, in so many seconds, a second. @param {Work} work @param {number} seconds
 * @returns {[number, number]} */
export const placeOf = (work, seconds) => [intensity(work), work.operations / seconds];

/** What the axes hold, in powers of ten: each step that can be set on each machine, and each machine's ridge. More of
 * width or batch is never less of operations a byte or a second: two steps are the ends. close: how many roofs lie near the highest.
 * @param {readonly Machine[]} machines @param {Cost} cost */
export function reach(machines, cost) {
  const ends = [
    { width: widthOf(WIDTHS.min), batch: 2 ** BATCHES.min },
    { width: widthOf(WIDTHS.max), batch: 2 ** BATCHES.max },
  ];
  const places = machines.flatMap(({ of }) =>
    Object.entries(of).flatMap(([name, numbers]) => {
      if (!numbers) return [];
      const precision = /** @type {Precision} */ (name);
      const works = ends.map((end) => workOf({ ...end, precision }, cost));
      const { throughput, bandwidth } = numbers;
      return [
        [throughput / bandwidth, throughput],
        ...works.map((work) => placeOf(work, total(partsOf(work, numbers)))),
      ];
    }),
  );
  const tops = machines.map(({ of }) => Math.max(...Object.values(of).map((numbers) => numbers?.throughput ?? 0)));
  const close = tops.filter((top) => top > Math.max(...tops) / 10).length;
  const span = (/** @type {number[]} */ all) =>
    /** @type {[number, number]} */ ([Math.log10(Math.min(...all) / MARGIN), Math.log10(Math.max(...all) * MARGIN)]);
  return { xs: span(places.map(([x]) => x)), ys: span(places.map(([, y]) => y)), close };
}
