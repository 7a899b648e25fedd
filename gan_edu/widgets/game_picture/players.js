/* The two players as boxes, and the small drawings beside them. */

import { draw, make, sign } from "../kit/dom.js";
import { say } from "../kit/words.js";

const ICONS = {
  G: "M3 17l1-4L14 3l3 3L7 16zM12 5l3 3", // a pen
  D: "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11M12.6 12.6L17.5 17.5", // a magnifying glass
};

/** @param {"G" | "D"} name @param {string} words */
export function player(name, words) {
  const icon = draw(
    "svg",
    { viewBox: "0 0 20 20", "aria-hidden": "true", class: "face" },
    draw("path", { d: ICONS[name] }),
  );
  const told = make("small", { class: "told" });
  return {
    node: make(
      "div",
      { class: `part player ${name}` },
      icon,
      make("b", {}, name),
      make("span", {}, words),
      net(name),
      told,
    ),
    told,
  };
}

/** A few units and weights: G's layers widen, D's narrow. @param {"G" | "D"} name */
function net(name) {
  const layers = name === "G" ? [2, 3, 5] : [5, 3, 1];
  const places = layers.map((count, i) =>
    Array.from({ length: count }, (_, j) => /** @type {const} */ ([8 + 24 * i, 30 + 12 * (j - (count - 1) / 2)])),
  );
  const weights = places
    .slice(1)
    .flatMap((to, i) => places[i].flatMap(([x, y]) => to.map(([u, v]) => `M${x} ${y}L${u} ${v}`)));
  const units = places.flat().map(([cx, cy]) => draw("circle", { cx, cy, r: 3.5 }));
  return draw(
    "svg",
    { viewBox: "0 0 64 60", "aria-hidden": "true", class: "net" },
    draw("path", { d: weights.join("") }),
    ...units,
  );
}

/** A pile of pictures. */
export function stack() {
  const sheets = [8, 4, 0].map((by) => draw("rect", { x: 3 + by, y: 9 - by, width: 16, height: 16, rx: 2 }));
  return draw("svg", { viewBox: "0 0 32 28", "aria-hidden": "true", class: "stack" }, ...sheets);
}

/** The marks of D's scale. */
export const legend = () => make("small", {}, sign("real"), say("real"), " ", sign("fake"), say("fake"));
