import { control } from "../kit/entry.js";
import { SecretMessage, TRAITS } from "./view.js";

export default control(SecretMessage, TRAITS);
