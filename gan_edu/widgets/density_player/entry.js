import { control } from "../kit/entry.js";
import { TRAITS } from "./traits.js";
import { DensityPlayer } from "./view.js";

export default control(DensityPlayer, TRAITS);
