import { onPage } from "../kit/page.js";
import { modelStore, pageStore } from "../kit/store.js";
import { LatentExplorer, TRAITS } from "./view.js";

onPage((main, { shown, walks, ...rest }) => new LatentExplorer(main, pageStore({ ...shown, ...rest }), walks));

export default {
  /** @param {{model: import("../kit/store.js").Model, el: HTMLElement}} given */
  render({ model, el }) {
    const view = new LatentExplorer(el, modelStore(model, TRAITS));
    return () => view.destroy();
  },
};
