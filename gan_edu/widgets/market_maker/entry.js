import { control } from "../kit/entry.js";
import { MarketMaker, TRAITS } from "./view.js";

export default control(MarketMaker, TRAITS);
