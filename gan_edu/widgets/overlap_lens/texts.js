/* What is seen, in sentences. */

import { decimals, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { inside, sums, traced } from "./math.js";

/** @typedef {import("./math.js").Setting} Setting */

/** A number with as many digits as it needs, three that count. @param {number} x */
export const amount = (x) => signed(x, Math.min(2, decimals(x, 3)));

/** Who writes an output. @param {readonly import("./math.js").Row[]} rows @param {Setting} setting @param {number} output */
export function pointedAt(rows, setting, output) {
  const [inputs] = traced(rows, output).map(({ cells }) => [...cells].sort(([a], [b]) => a - b));
  const count = inputs.reduce((sum, [, ways]) => sum + ways, 0);
  if (!count) return say("never", { output });
  const by = inputs.map(([input, times]) => say(times > 1 ? "byTimes" : "by", { input, times }));
  const told = say(setting.layers > 1 ? "ways" : "written", { output, count, by: by.join(say("between")) });
  const { values } = rows[rows.length - 1];
  return setting.weighted
    ? say("joined", { first: told, second: say("gets", { value: amount(values[output]) }) })
    : told;
}

/** Of as many outputs as a period has. @param {number} k @param {number} s @param {number} layers */
const holes = (k, s, layers) => say("holes", { every: s ** layers, count: s ** layers - k ** layers });

/** Whether a pattern is seen, and where it comes from. @param {Setting} setting */
export function verdict(setting) {
  const { kind, kernel, stride, padding, layers, weighted } = setting;
  const { least, most, even } = inside(setting);
  const numbers = { least: amount(least), most: amount(most), kernel, stride, layers };
  const told = {
    ...numbers,
    fromPicture: amount(least ** 2),
    toPicture: amount(most ** 2),
    sum: amount(sums(setting)[0]),
  };
  if (kind === "resize") return say(padding ? "wholeKernelInside" : "wholeKernel", told);
  const unequal = kind === "transposed" && kernel % stride > 0;
  if (kind === "transposed" && kernel < stride) return holes(kernel, stride, layers);
  if (!even) return say(weighted ? "weightsDiffer" : layers > 1 ? "unevenLayers" : "uneven", told);
  if (kind === "shuffle") return say(weighted ? "mapsAlike" : "maps", told);
  return say(!weighted ? "even" : unequal ? "cancelled" : "weightsAlike", told);
}
