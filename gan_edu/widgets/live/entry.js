/* The live view as an anywidget: one film a model, many views of it. */

import { Film, LiveView } from "./view.js";

export default () => {
  let film = null;
  return {
    initialize({ model }) {
      film = new Film(model);
    },
    render({ model, el }) {
      film ||= new Film(model);
      const view = new LiveView(el, film);
      return () => view.destroy();
    },
  };
};
