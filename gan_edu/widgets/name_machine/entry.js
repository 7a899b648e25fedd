import { control } from "../kit/entry.js";
import { NameMachine, TRAITS } from "./view.js";

export default control(NameMachine, TRAITS);
