/* Numbers of a step in words, and what is to be seen in a sentence. */

import { decimals, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { PARTS, total } from "./math.js";

/** @typedef {import("./math.js").Parts} Parts */

const PREFIXES = ["", ..."kMGTPE"].map((letter) => letter && `\u00a0${letter}`);

/** Three digits that count. @param {number} x */
export const three = (x) => signed(+x.toPrecision(3), decimals(x, 3));

/** How many times as long: of less than one two digits. @param {number} x */
const timesAs = (x) => (x < 1 ? signed(+x.toPrecision(2), decimals(x, 2)) : three(x));

/** 845,043,712 as "845 M". @param {number} x */
export function amount(x) {
  const power = x > 0 ? Math.floor(Math.log10(+x.toPrecision(3)) / 3 + 1e-9) : 0;
  const k = Math.min(PREFIXES.length - 1, Math.max(0, power));
  return three(x / 1000 ** k) + PREFIXES[k];
}

/** In milliseconds; from ten seconds on in seconds. @param {number} seconds */
export function time(seconds) {
  if (seconds >= 10) return say("seconds", { value: three(seconds) });
  if (seconds > 0 && seconds < 1e-6) return say("lessMs", { value: signed(0.001, 3) });
  return say("ms", { value: three(1000 * seconds) });
}

/** A machine's name, with a mark where its numbers are a data sheet's. @param {import("./math.js").Machine} machine */
export const named = ({ name, source }) => (bounds(source) ? say("bySheet", { name }) : name);

/** Whether a machine's times are bounds, which no step reaches: those of a data sheet. @param {string} source */
export const bounds = (source) => source !== "measured";

/** The time of a step on a machine: at least so long where it is a bound.
 * @param {number} seconds @param {string} source */
export const timeOn = (seconds, source) => (bounds(source) ? say("atLeast", { value: time(seconds) }) : time(seconds));

/** In whole percents, or a tenth of one where it is less. @param {number} share */
export const percent = (share) => say("percent", { value: signed(100 * share, share >= 0.00995 ? 0 : 1) });

/** The part that takes longest. @param {Parts} parts */
export const largest = (parts) => PARTS.reduce((most, each) => (parts[each] > parts[most] ? each : most));

const MOST = { products: "mostProducts", memory: "mostMemory", overhead: "mostOverhead" };

/** What takes the time, and what twice the batch or the other precision would change.
 * @param {Parts} now @param {Parts} twice @param {Parts | null} other @param {string} precision the other one */
export function verdict(now, twice, other, precision) {
  const part = largest(now);
  const times = total(twice) / total(now);
  const sentences = [
    say(MOST[part], { share: percent(now[part] / total(now)) }),
    say("twice", { times: timesAs(times), less: percent(1 - times / 2) }),
    ...(other ? [say("otherwise", { precision, times: timesAs(total(other) / total(now)) })] : []),
  ];
  return sentences.join(say("gap"));
}
