import { modelStore, pageStore } from "../kit/before.js";
import { onPage } from "../kit/page.js";
import { SCORE_TRAITS, scoreTable } from "./view.js";

onPage((main, state) => scoreTable(main, pageStore(state)));

export default { render: ({ model, el }) => scoreTable(el, modelStore(model, SCORE_TRAITS)) };
