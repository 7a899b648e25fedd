import { onPage } from "../kit/page.js";
import { modelStore, pageStore } from "../kit/store.js";
import { ROWS, Summary } from "./summary.js";
import { Guess, TRAITS } from "./view.js";

onPage((main, state) => (state.rows ? new Summary(main, pageStore(state)) : new Guess(main, pageStore(state))));

export default {
  /** @param {{model: import("../kit/store.js").Model, el: HTMLElement}} given */
  render({ model, el }) {
    const view = model.get("rows")
      ? new Summary(el, modelStore(model, ROWS))
      : new Guess(el, modelStore(model, TRAITS));
    return () => view.destroy();
  },
};
