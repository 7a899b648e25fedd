import { modelStore, pageStore } from "../kit/before.js";
import { onPage } from "../kit/page.js";
import { SMOOTHING_TRAITS, smoothing } from "./view.js";

onPage((main, state) => smoothing(main, pageStore(state)));

export { sigmoid } from "../kit/before.js";
export * from "../kit/density_math.js";
export * from "./view.js";
export default { render: ({ model, el }) => smoothing(el, modelStore(model, SMOOTHING_TRAITS)) };
