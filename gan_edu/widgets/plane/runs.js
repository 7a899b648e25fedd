/* How two runs that are compared are called in titles, numbers and charts. */

import { make } from "../kit/dom.js";
import { letterOf } from "../kit/runs.js";

const COLOURS = ["run0", "run2"]; // the second is far from those of the players

/** @param {number} k */
export const badgeOf = (k) => make("b", { class: `badge ${COLOURS[k]}` }, letterOf(k));
