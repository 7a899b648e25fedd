import { onPage } from "../kit/page.js";
import { render } from "./live_view.js";
import { mount } from "./view.js";

onPage((main, state) => mount(main, state.recordings, { ...state.options, words: state.words }));

export { mount };
export default { render };
