import { control } from "../kit/entry.js";
import { FewImages, TRAITS } from "./view.js";

export default control(FewImages, TRAITS);
