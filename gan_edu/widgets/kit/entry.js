/* A control's module: what a notebook shows of a model, and what a page of its own shows of the state in it. */

import { onPage } from "./page.js";
import { modelStore, pageStore } from "./store.js";

/** @typedef {import("./store.js").Store} Store */

/** What entry.js hands to a notebook.
 * @param {new (element: HTMLElement, store: Store) => {destroy(): void}} View
 * @param {readonly string[]} traits that are listened to */
export function control(View, traits) {
  onPage((main, state) => new View(main, pageStore(state)));
  return {
    /** @param {{model: import("./store.js").Model, el: HTMLElement}} given */
    render({ model, el }) {
      const view = new View(el, modelStore(model, traits));
      return () => view.destroy();
    },
  };
}
