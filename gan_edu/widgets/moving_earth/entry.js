import { control } from "../kit/entry.js";
import { MovingEarth, TRAITS } from "./view.js";

export default control(MovingEarth, TRAITS);
