import { modelStore, pageStore } from "../kit/before.js";
import { onPage } from "../kit/page.js";
import { PLAYER_TRAITS, player } from "./view.js";

onPage((main, state) => player(main, pageStore(state)));

export { sigmoid } from "../kit/before.js";
export * from "../kit/density_math.js";
export default { render: ({ model, el }) => player(el, modelStore(model, PLAYER_TRAITS)) };
