import { control } from "../kit/entry.js";
import { ScoreTable, TRAITS } from "./view.js";

export default control(ScoreTable, TRAITS);
