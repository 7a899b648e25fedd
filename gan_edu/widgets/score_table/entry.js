import { onPage } from "../kit/page.js";
import { modelStore, pageStore } from "../kit/store.js";
import { ScoreTable, TRAITS } from "./view.js";

onPage((main, state) => new ScoreTable(main, pageStore(state)));

export default {
  /** @param {{model: import("../kit/store.js").Model, el: HTMLElement}} given */
  render({ model, el }) {
    const view = new ScoreTable(el, modelStore(model, TRAITS));
    return () => view.destroy();
  },
};
