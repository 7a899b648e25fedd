import { control } from "../kit/entry.js";
import { MoleculeBoard, TRAITS } from "./view.js";

export default control(MoleculeBoard, TRAITS);
