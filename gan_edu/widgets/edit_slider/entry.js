import { control } from "../kit/entry.js";
import { TRAITS, View } from "./view.js";

export default control(View, TRAITS);
