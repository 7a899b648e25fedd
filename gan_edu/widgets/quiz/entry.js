import { control } from "../kit/entry.js";
import { Quiz, TRAITS } from "./view.js";

export default control(Quiz, TRAITS);
