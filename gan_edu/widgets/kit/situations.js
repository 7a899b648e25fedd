/* Named situations of a control: choosing one sets its values, and while they stand it is the one that is chosen. */

import { choice } from "./inputs.js";
import { say } from "./words.js";

/** @typedef {readonly [name: string, values: Record<string, unknown>]} Situation its words have its name */

/** @param {import("./store.js").Store} store @param {readonly Situation[]} situations
 * @param {(values: Record<string, unknown>) => void} go */
export function situationsOf(store, situations, go) {
  const table = new Map(situations);
  const words = situations.map(([name]) => /** @type {const} */ ([name, say(name)]));
  const select = choice(say("situation"), [["", say("choose")], ...words], (name) => go(table.get(name) ?? {}));
  const stands = (/** @type {Situation} */ [, values]) =>
    Object.entries(values).every(([name, value]) => store.get(name) === value);
  const show = () => {
    select.value = situations.find(stands)?.[0] ?? "";
  };
  return { node: select, show };
}
