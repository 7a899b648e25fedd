import { onPage } from "../kit/page.js";
import { exploreLosses, still } from "./view.js";

onPage((main, state) => exploreLosses(main, still(state)));

export default { render: ({ model, el }) => exploreLosses(el, model) };
