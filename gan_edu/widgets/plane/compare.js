/* Two runs beside each other: the run as it is now, to be compared with what becomes of it, and how the settings of two
 * runs differ.
 */

import { say } from "../kit/words.js";
import { valueText } from "./texts.js";

/** @typedef {import("./film.js").Shown} Film */
/** @typedef {import("./moments.js").Run} Run */
/** @typedef {{seed: number, settings: Record<string, unknown>}} Made how a run was made */
/** @typedef {Record<string, import("./setting.js").Control>} Controls */

/** A run as it is now. @param {Film} film @returns {Run} */
export function pinned({ meta, pictures, status: { step, settings, seed } }) {
  const title = say("pinnedAt", { step });
  return {
    meta: {
      ...{ ...meta, title },
      ...{ frames: { ...meta.frames }, curves: { ...meta.curves } },
      provenance: { seed, settings: { ...settings } },
    },
    pictures: [...pictures],
  };
}

/** In what a run differs from another, in words: what it has, and in brackets what the other has.
 * @param {Made | undefined} run @param {Made} other @param {Controls} controls where they are known */
export function differences(run, other, controls) {
  if (!run) return "";
  const named = Object.keys(run.settings).filter((name) => isOther(run.settings[name], other.settings[name]));
  const texts = named.map((name) => {
    const words = (/** @type {unknown} */ value) => (value === controls[name]?.off ? say("off") : valueText(value));
    const [value, otherwise] = [run, other].map(({ settings }) => words(settings[name]));
    return say("differsIn", { label: nameOf(name, controls[name]?.label), value, other: otherwise });
  });
  const seeds = { seed: String(run.seed), other: String(other.seed) };
  if (run.seed !== other.seed) texts.push(say("differsInSeed", seeds));
  return texts.length ? texts.join(say("listComma")) : say("sameSettings");
}

/** Whether both runs have a value, and another one. @param {unknown} value @param {unknown} other */
const isOther = (value, other) =>
  value !== undefined && other !== undefined && JSON.stringify(value) !== JSON.stringify(other);

/** The keys of what settings are called, those of a player without its letter: recordings tell of no controls. */
const NAMES = /** @type {Record<string, string>} */ ({
  ...{ data: "data", loss: "loss", latent: "noise", latent_dim: "noiseIn", batch_size: "batchSize" },
  ...{ lr: "learningRate", steps: "stepsATurn", width: "units", depth: "layers", optimizer: "optimiser" },
  ...{ beta1: "β₁", beta2: "β₂" },
});

/** @param {string} name @param {string} [label] */
function nameOf(name, label) {
  const [, player, own] = /^([dg])_(\w+)$/.exec(name) ?? [];
  const key = NAMES[own ?? name];
  const words = key ? say(key) : (label ?? own ?? name);
  return own ? say("ofPlayer", { label: words, player: player.toUpperCase() }) : words;
}
