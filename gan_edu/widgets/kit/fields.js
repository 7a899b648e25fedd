/* Inputs that stand for one number or choice of a store: they write it when they are moved, and `show` what it is.
 *
 * The label of an input is the text of its name.
 */

import { make } from "./dom.js";
import { buttonRow, choice, slider, toggle } from "./inputs.js";
import { signed } from "./numbers.js";
import { say } from "./words.js";

/** @typedef {import("./store.js").Store} Store */

/** A slider. log: it moves by powers of ten, and writes three decimals; unit: stands behind the number.
 * @param {Store} store @param {string} name
 * @param {{min: number, max: number, step: number, digits?: number, unit?: string, log?: boolean}} range */
export function slides(store, name, { min, max, step, digits = 0, unit = "", log = false }) {
  const [to, from] = log ? [Math.log10, (/** @type {number} */ at) => +(10 ** at).toFixed(3)] : [Number, Number];
  const input = slider({
    ...{ label: say(name), min: to(min), max: to(max), step },
    tell: (at) => signed(from(at), digits) + unit,
    go: (at) => store.set({ [name]: from(at) }),
  });
  return { node: input.node, show: () => input.show(to(store.get(name))) };
}

/** @template {string | number} V
 * @typedef {V | readonly [V, string]} Option a value, whose words have the same name, or one with its words
 */

/** A list to choose from.
 * @param {Store} store @param {string} name @param {readonly Option<string>[]} [options] */
export function chooses(store, name, options = []) {
  const select = choice(say(name), options.map(worded), (value) => store.set({ [name]: value }));
  const show = () => {
    select.value = store.get(name);
  };
  return { node: select, labelled: (words = say(name)) => labelled(words, select), show };
}

/** A row of buttons of which one is down, behind its label.
 * @template {string | number} V
 * @param {Store} store @param {string} name @param {readonly Option<V>[]} options */
export function presses(store, name, options) {
  const { node, show } = buttonRow(say(name), options.map(worded), (value) => store.set({ [name]: value }));
  node.prepend(make("span", { "aria-hidden": "true" }, say(name))); // the group has it
  return { node, show: () => show(store.get(name)) };
}

/** @template {string | number} V @param {Option<V>} option @returns {readonly [V, string]} */
const worded = (option) => (typeof option === "object" ? option : [option, say(String(option))]);

/** A switch.
 * @param {Store} store @param {string} name */
export function switches(store, name) {
  const { node, show } = toggle(say(name), () => store.set({ [name]: !store.get(name) }));
  return { node, show: () => show(Boolean(store.get(name))) };
}

/** @param {string} words @param {Node} input */
function labelled(words, input) {
  return make("label", {}, words, input);
}
