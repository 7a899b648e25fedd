/* What the colours of the error mean: a bar from too dark to too bright. */

import { make } from "../kit/dom.js";
import { say } from "../kit/words.js";

export function scaleOf() {
  const bar = make("i");
  const ends = make("p", { class: "ends" }, make("span", {}, say("tooDark")), make("span", {}, say("tooBright")));
  const node = make("div", { class: "colours", "aria-hidden": "true" }, bar, ends);
  /** @param {(t: number) => readonly number[]} map */
  const show = (map) => {
    for (const [k, name] of ["--dark-end", "--no-error", "--bright-end"].entries())
      bar.style.setProperty(name, `rgb(${map(k / 2)})`);
  };
  return { node, show };
}
