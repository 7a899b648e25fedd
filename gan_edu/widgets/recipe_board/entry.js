import { control } from "../kit/entry.js";
import { RecipeBoard, TRAITS } from "./view.js";

export default control(RecipeBoard, TRAITS);
