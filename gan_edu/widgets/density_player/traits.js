/* The player's traits: of each side two bumps, the first with its share; and the situations that set them all. */

/** @typedef {import("../kit/store.js").Store} Store */
/** @typedef {"data" | "fake"} Side */

export const SIDES = /** @type {const} */ (["data", "fake"]);
export const SYMBOLS = { data: "p_data", fake: "p_g" };
export const SIGNS = /** @type {const} */ ({ data: "real", fake: "fake" });
export const PARTS = /** @type {const} */ (["mean_1", "width_1", "share", "mean_2", "width_2"]);
const NAMES = SIDES.flatMap((side) => PARTS.map((part) => `${side}_${part}`));
export const TRAITS = [...NAMES, "shape", "integrands", "numbers", "training", "train_g", "g_loss", "d_steps"];

/** @type {Record<string, readonly [number, number]>} */
const RANGES = { mean: [-5, 5], width: [0.1, 3], share: [0, 1] };

/** The range of a trait. @param {string} name "data_mean_1", say */
export const rangeOf = (name) => RANGES[name.split("_")[1]];

const SITUATION_VALUES = /** @type {const} */ ([
  // of p_data and of p_g: PARTS
  ["equal", [0, 1, 1, 2, 0.6], [0, 1, 1, 2, 0.6]],
  ["shifted", [-1, 1, 1, 2, 0.6], [1, 1, 1, 2, 0.6]],
  ["narrow", [0, 1.2, 1, 2, 0.6], [0, 0.4, 1, 2, 0.6]],
  ["missed", [-2, 0.6, 0.5, 2, 0.6], [-2, 0.6, 1, 2, 0.6]],
  ["between", [-2, 0.5, 0.5, 2, 0.5], [0, 1, 1, 2, 0.6]],
  ["apart", [-3, 0.5, 1, -1, 0.5], [3, 0.5, 1, 1, 0.5]],
]);

/** @type {import("../kit/situations.js").Situation[]} */
export const SITUATIONS = SITUATION_VALUES.map(([name, ...sides]) => {
  const values = sides.flat();
  return [name, Object.fromEntries(NAMES.map((trait, k) => [trait, values[k]]))];
});

/** p_data and p_g, as a store says them. @param {Store} store @returns {import("../kit/trained_panel.js").Game} */
export const gameOf = (store) => [densityOf(store, "data"), densityOf(store, "fake")];

/** @param {Store} store @param {Side} side @returns {import("../kit/density.js").Density} */
function densityOf(store, side) {
  const [mean1, width1, share, mean2, width2] = PARTS.map((part) => store.get(`${side}_${part}`));
  const bumps = [
    { mean: mean1, width: width1, weight: share },
    { mean: mean2, width: width2, weight: 1 - share },
  ];
  return { shape: store.get("shape"), bumps };
}
