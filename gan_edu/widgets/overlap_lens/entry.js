import { control } from "../kit/entry.js";
import { OverlapLens, TRAITS } from "./view.js";

export default control(OverlapLens, TRAITS);
