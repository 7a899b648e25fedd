import { onPage } from "../kit/page.js";
import { pageStore } from "../kit/store.js";
import { Film } from "../live/film.js";
import { Shelf } from "./film.js";
import { LiveView, PageView } from "./view.js";

onPage((main, state) => {
  const { films, ...rest } = state;
  return new PageView(main, pageStore(rest), new Shelf(films, rest));
});

/** @typedef {import("../kit/store.js").Model} Model */

export default () => {
  /** @type {Film | null} */
  let film = null; // one a model, many views of it
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
