import { control } from "../kit/entry.js";
import { Roofline, TRAITS } from "./view.js";

export default control(Roofline, TRAITS);
