import { control } from "../kit/entry.js";
import { Saddle, TRAITS } from "./view.js";

export default control(Saddle, TRAITS);
