import { control } from "../kit/entry.js";
import { PhasePortrait, TRAITS } from "./view.js";

export default control(PhasePortrait, TRAITS);
