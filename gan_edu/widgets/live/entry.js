/* The live view as an anywidget: one film a model, many views of it. */

import { Film } from "./film.js";
import { LiveView } from "./view.js";

/** @typedef {import("../kit/store.js").Model} Model */

export default () => {
  /** @type {Film | null} */
  let film = null;
  return {
    /** @param {{model: Model}} given */
    initialize({ model }) {
      film = new Film(model);
    },
    /** @param {{model: Model, el: HTMLElement}} given */
    render({ model, el }) {
      film ??= new Film(model);
      const view = new LiveView(el, film);
      return () => view.destroy();
    },
  };
};
