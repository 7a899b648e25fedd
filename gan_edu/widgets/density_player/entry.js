import { onPage } from "../kit/page.js";
import { modelStore, pageStore } from "../kit/store.js";
import { TRAITS } from "./traits.js";
import { DensityPlayer } from "./view.js";

onPage((main, state) => new DensityPlayer(main, pageStore(state)));

export default {
  /** @param {{model: import("../kit/store.js").Model, el: HTMLElement}} given */
  render({ model, el }) {
    const view = new DensityPlayer(el, modelStore(model, TRAITS));
    return () => view.destroy();
  },
};
