import { onPage } from "../kit/page.js";
import { explore, ofModel, still } from "./view.js";

onPage((main, state) => explore(main, still(state.shown), state.walks));

export default { render: ({ model, el }) => explore(el, ofModel(model)) };
