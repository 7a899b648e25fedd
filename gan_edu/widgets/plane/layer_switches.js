/* What of a picture is shown, and how far the noise is on its way to its image. */

import { make, sign } from "../kit/dom.js";
import { say } from "../kit/words.js";

/** @typedef {import("../kit/store.js").Store} Store */

/** As a view begins. */
export const LAYERS = { real: true, fake: true, field: true, sheet: true, pulls: false, morph: 1 };

/** @param {Store} store @returns {import("./canvas.js").Layers} */
export const layersOf = (store) => {
  const on = (/** @type {string} */ name) => Boolean(store.get(name));
  return { real: on("real"), fake: on("fake"), field: on("field"), sheet: on("sheet"), pulls: on("pulls") };
};

/** @param {Store} store */
export function layerSwitches(store) {
  const boxes = {
    real: box(store, "real", [sign("real"), say("real")]),
    fake: box(store, "fake", [sign("fake"), say("fake")]),
    field: box(store, "field", [say("field")], say("fieldTitle")),
    sheet: box(store, "sheet", [say("sheet")], say("sheetTitle")),
    pulls: box(store, "pulls", [say("pulls")], say("pullsTitle")),
  };
  const morph = make("input", { type: "range", min: 0, max: 100, "aria-label": say("morphLabel") });
  morph.addEventListener("input", () => store.set({ morph: +morph.value / 100, sheet: true }));
  const slide = make("label", { class: "setting morph" }, make("span", {}, say("morph")), morph);
  const nodes = [...Object.values(boxes).map(({ node }) => node), slide];
  const show = () => {
    for (const [name, { input }] of Object.entries(boxes)) input.checked = Boolean(store.get(name));
    morph.value = String(100 * store.get("morph"));
    morph.setAttribute("aria-valuetext", say("morphIs", { share: 100 * store.get("morph") }));
  };
  return { nodes, show };
}

/** The layers of a recording, which has nothing else to set. @param {Node[]} nodes */
export const layersAlone = (nodes) =>
  make("fieldset", { class: "group layers" }, make("legend", {}, say("layersTitle")), ...nodes);

/** @param {Store} store @param {string} name @param {(string | Node)[]} words @param {string} [title] */
function box(store, name, words, title) {
  const input = make("input", { type: "checkbox" });
  input.addEventListener("change", () => store.set({ [name]: input.checked }));
  return { input, node: make("label", { class: `layer ${name}`, title }, make("span", {}, ...words), input) };
}
