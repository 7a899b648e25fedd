import { onPage } from "../kit/page.js";
import { PlaneFilm, stillFilm, unpacked } from "./film.js";
import { PlaneView } from "./view.js";

/** Recordings without a run: the first, and beside it the second.
 * @param {HTMLElement} element @param {import("./film.js").Packed[]} recordings
 * @param {import("../kit/words.js").Catalogue} words */
async function still(element, recordings, words) {
  const [first, second] = await Promise.all(recordings.map(unpacked));
  return new PlaneView(element, stillFilm(first), words, second);
}

onPage((main, state) => still(main, state.recordings, state.words));

/** @typedef {import("../kit/store.js").Model} Model */

export default () => {
  /** @type {PlaneFilm | null} */
  let film = null; // one a model, many views of it
  return {
    /** @param {{model: Model}} given */
    initialize({ model }) {
      if (model.get("film")) film = new PlaneFilm(model);
    },
    /** @param {{model: Model, el: HTMLElement}} given */
    async render({ model, el }) {
      const words = model.get("words");
      const packed = () =>
        model.get("metas").map((/** @type {any} */ meta, /** @type {number} */ k) => {
          return { meta, atlas: model.get("atlases")[k] };
        });
      if (model.get("film")) film ||= new PlaneFilm(model);
      const view = film ? new PlaneView(el, film, words) : await still(el, packed(), words);
      return () => view.destroy();
    },
  };
};
