import { onPage } from "../kit/page.js";
import { modelStore, pageStore } from "../kit/store.js";
import { TRAITS, View } from "./view.js";

onPage((main, state) => new View(main, pageStore(state)));

export default {
  /** @param {{model: import("../kit/store.js").Model, el: HTMLElement}} given */
  render({ model, el }) {
    const view = new View(el, modelStore(model, TRAITS));
    return () => view.destroy();
  },
};
