import { control } from "../kit/entry.js";
import { EditSlider, TRAITS } from "./view.js";

export default control(EditSlider, TRAITS);
