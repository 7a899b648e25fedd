/* Without a kernel: the walks that were made, to choose one of. */

import { make } from "../kit/dom.js";
import { choice } from "../kit/inputs.js";
import { say } from "../kit/words.js";

/** @typedef {import("./sheet.js").Sent & {of: [number, number]}} Walk of two samples */

/** @param {import("../kit/store.js").Store} store @param {Walk[]} walks */
export function walkChooser(store, walks) {
  const options = walks.map(({ of: [a, b] }, k) => /** @type {const} */ ([String(k), say("walkOf", { a, b })]));
  const select = choice(say("walks"), options, (value) => {
    const walk = walks[+value];
    const [a, b] = walk.of;
    store.set({ a, b, walk });
  });
  const node = make("label", { class: "made" }, say("walkChoice"), select);
  const show = () => {
    node.hidden = store.get("view") !== "walk";
    const at = walks.findIndex(({ of: [a, b] }) => a === store.get("a") && b === store.get("b"));
    if (at >= 0) select.value = String(at);
  };
  return { node, show };
}
