import { modelStore, pageStore } from "../kit/before.js";
import { onPage } from "../kit/page.js";
import { PHASE_TRAITS, portrait } from "./view.js";

onPage((main, state) => portrait(main, pageStore(state)));

export { spectrum, walk } from "./math.js";

export default { render: ({ model, el }) => portrait(el, modelStore(model, PHASE_TRAITS)) };
