/* What is held in a plot over the line and moved: with a pointer, or with keys, as a slider is. */

import { draw } from "./dom.js";
import { onKeys } from "./keys.js";

const GRIPS = {
  data: "M0-6.500A6.500 6.500 0 1 1 0 6.500 6.500 6.500 0 1 1 0-6.500",
  fake: "M0-7.500 7 5.500H-7z",
  width: "M-4.500-4.500h9v9h-9z",
};

/** @typedef {readonly [low: number, high: number]} Range */

/** @param {{grip: keyof typeof GRIPS, kind: string, name: string, label: string, range: Range}} options
 *   kind: its classes; name: the trait that it moves */
export function lineHandle({ grip, kind, name, label, range: [low, high] }) {
  const about = { "data-name": name, "aria-label": label, "aria-valuemin": low, "aria-valuemax": high };
  return draw(
    "g",
    { role: "slider", tabindex: 0, class: `handle ${kind}`, ...about },
    draw("circle", { r: 17, class: "hold" }),
    draw("path", { class: "grip", d: GRIPS[grip] }),
  );
}

/** Puts a handle at a place, in pixels, with its number.
 * @param {SVGElement} node @param {readonly [number, number]} place @param {number} value
 * @param {string} words the number for screen readers */
export function showHandle(node, place, value, words) {
  node.setAttribute("transform", shift(place));
  node.setAttribute("aria-valuenow", String(value));
  node.setAttribute("aria-valuetext", words);
}

/** @param {readonly [number, number]} place */
export const shift = ([x, y]) => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;

/** Home and End go to the ends of a range.
 * @param {SVGElement} node @param {Range} range @param {(value: number) => void} go */
export const onEnds = (node, [low, high], go) => onKeys(node, { Home: () => go(low), End: () => go(high) });
