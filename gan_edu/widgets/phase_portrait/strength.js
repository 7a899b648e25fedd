/* The slider of the regulariser's strength, under which the strength is marked from which on eigenvalues are real. */

import { make } from "../kit/dom.js";
import { slider } from "../kit/inputs.js";
import { fixed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { critical } from "./dirac.js";

/** @typedef {import("./dirac.js").Dirac} Dirac */
/** @typedef {import("./spectrum.js").Spectrum} Spectrum */

export const MOST_GAMMA = 3;

const LETTERS = { "instance noise": "σ", "WGAN clipping": "c" }; // of the others: γ

/** @param {import("../kit/store.js").Store} store */
export function strengthSlider(store) {
  const range = slider({
    ...{ label: say("strength", { letter: "γ" }), say: say("gamma"), min: 0, max: MOST_GAMMA, step: 0.01 },
    tell: (gamma) => fixed(gamma, 2),
    go: (gamma) => store.set({ gamma }),
  });
  const label = /** @type {Element} */ (range.node.firstElementChild);
  const track = make("div", { class: "track" });
  const scale = make("div", { class: "scale", "aria-hidden": "true" });
  range.input.replaceWith(track);
  track.append(range.input, scale);
  /** @param {Dirac} game @param {Spectrum | null} seen its eigenvalues
   * @param {string} more what screen readers are told beside it */
  const show = (game, seen, more) => {
    const off = game.penalty === "none";
    const letter = LETTERS[/** @type {keyof typeof LETTERS} */ (game.penalty)] ?? "γ";
    label.textContent = say("strength", { letter });
    range.show(game.gamma, kindOf(game, seen) + more);
    range.input.disabled = off;
    range.node.classList.toggle("off", off);
    scale.replaceChildren(mark(0, "0"), ...marked(game), mark(MOST_GAMMA, String(MOST_GAMMA)));
  };
  return { node: range.node, show };
}

/** Of games that have a critical strength: on which side of it this one is.
 * @param {Dirac} game @param {Spectrum | null} seen */
function kindOf(game, seen) {
  if (critical(game) === null || !seen) return "";
  return say(seen.flow[0][1] === 0 ? "realRoots" : "complexRoots");
}

/** The critical strength, with the formula that it is. @param {Dirac} game */
function marked(game) {
  const strength = critical(game);
  if (strength === null) return [];
  const formula = game.penalty === "instance noise" ? "√(f′/−f″)" : "2|f′(0)|";
  return [mark(strength, `${formula} = ${fixed(strength, Number.isInteger(strength) ? 0 : 2)}`, "critical")];
}

/** @param {number} value @param {string} words @param {string} [kind] */
function mark(value, words, kind = "") {
  const node = make("span", { class: kind }, words);
  node.style.left = `calc(8px + (100% - 16px) * ${value / MOST_GAMMA})`;
  return node;
}
