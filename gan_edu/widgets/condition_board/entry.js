import { control } from "../kit/entry.js";
import { ConditionBoard, TRAITS } from "./view.js";

export default control(ConditionBoard, TRAITS);
