/* What the colours of the error mean: a bar from too dark to too bright. */

import { scaleLinear } from "d3-scale";
import { make } from "../kit/dom.js";
import { colourMap } from "../kit/palette.js";
import { say } from "../kit/words.js";

/** The colour of an error from −1 to 1: none is as the ground of the theme. @param {boolean} dark */
export function errorMap(dark) {
  const [low, , high] = [0, 0.5, 1].map(colourMap("verdict"));
  const none = colourMap(dark ? "verdictDark" : "verdict")(0.5);
  const channels = [0, 1, 2].map((k) => scaleLinear([-1, 0, 1], [low[k], none[k], high[k]]));
  return (/** @type {number} */ error) => channels.map((channel) => Math.round(channel(error)));
}

export function scaleOf() {
  const bar = make("i");
  const ends = make("p", { class: "ends" }, make("span", {}, say("tooDark")), make("span", {}, say("tooBright")));
  const node = make("div", { class: "colours", "aria-hidden": "true" }, bar, ends);
  /** @param {(error: number) => readonly number[]} map */
  const show = (map) => {
    for (const [k, name] of ["--dark-end", "--no-error", "--bright-end"].entries())
      bar.style.setProperty(name, `rgb(${map(k - 1)})`);
  };
  return { node, show };
}
