import { control } from "../kit/entry.js";
import { TRAITS } from "./traits.js";
import { SmoothingPlayer } from "./view.js";

export default control(SmoothingPlayer, TRAITS);
