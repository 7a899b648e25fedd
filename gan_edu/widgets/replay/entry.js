import { control } from "../kit/entry.js";
import { Replay, TRAITS } from "./view.js";

export default control(Replay, TRAITS);
