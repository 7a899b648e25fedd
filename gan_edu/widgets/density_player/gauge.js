/* V on a scale from −2 to 0, with the two ends that it can have for the best D. */

import { scaleLinear } from "d3-scale";
import { draw, loweredInSvg } from "../kit/dom.js";
import { shift } from "../kit/line_handle.js";
import { signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";

const LEAST = -2 * Math.LN2;
const ROW = 26; // the scale's height in the picture, in pixels

/** @param {SVGSVGElement} svg @param {number} best V of the best D @param {number} trained V of the trained one */
export function paintGauge(svg, best, trained) {
  const width = svg.clientWidth || 260;
  const x = scaleLinear([-2, 0], [8, width - 8]).clamp(true);
  svg.setAttribute("viewBox", `0 0 ${width} 62`);
  svg.replaceChildren(
    draw("path", { class: "rule thick", d: `M${x(-2)} ${ROW}H${x(0)}` }),
    draw("path", { class: "axis thick", d: `M${x(LEAST)} ${ROW}H${x(0)}` }),
    ...[LEAST, 0].map((end) => draw("path", { class: "cursor", d: `M${x(end)} 18v16` })),
    draw("path", { class: "ring d", d: "M0-9 9 0 0 9-9 0z", transform: shift([x(best), ROW]) }),
    draw("circle", { class: "mark d", r: 4, cx: x(trained).toFixed(1), cy: ROW }),
    text(x(LEAST), 47, "−log 4", "middle"),
    text(x(LEAST), 60, "p_g = p_data", "middle"),
    text(x(0), 47, "0", "end"),
    text(x(0), 60, say("nothingShared"), "end"),
    text(x(-2) - 4, 10, say("gaugeMarks"), "start"),
  );
  svg.setAttribute("aria-label", say("gaugeLabel", { best: signed(best, 3), trained: signed(trained, 3) }));
}

/** @param {number} x @param {number} y @param {string} words @param {string} anchor */
const text = (x, y, words, anchor) => draw("text", { x, y, "text-anchor": anchor }, ...loweredInSvg(words));
