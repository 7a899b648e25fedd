import { control } from "../kit/entry.js";
import { LossExplorer, TRAITS } from "./view.js";

export default control(LossExplorer, TRAITS);
