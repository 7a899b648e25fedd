import { onPage } from "../kit/page.js";
import { speak } from "../kit/words.js";
import { PlaneFilm, plane, stillPlane } from "./film_strip.js";

onPage((main, state) => stillPlane(main, state.recordings));

export default () => {
  let film = null;
  return {
    initialize({ model }) {
      if (model.get("film")) film = new PlaneFilm(model);
    },
    async render({ model, el }) {
      speak(model.get("words"));
      if (!model.get("film")) {
        // recordings
        const view = await stillPlane(
          el,
          model.get("metas").map((meta, k) => ({ meta, atlas: model.get("atlases")[k] })),
        );
        return () => view.destroy();
      }
      film ||= new PlaneFilm(model);
      const view = plane(el, film);
      return () => view.destroy();
    },
  };
};
