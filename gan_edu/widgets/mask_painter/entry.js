import { control } from "../kit/entry.js";
import { MaskPainter, TRAITS } from "./view.js";

export default control(MaskPainter, TRAITS);
