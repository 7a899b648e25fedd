/* What one moves and presses: sliders, choices, switches, buttons. */

import { icon, make } from "./dom.js";

/** A labelled slider with its number behind it.
 * @param {{label: string, say?: string, min: number, max: number, step: number, tell: (value: number) => string, go: (value: number) => void}} options
 *   say: the label for screen readers, where it is longer; tell: the number in words */
export function slider({ label, say = label, min, max, step, tell, go }) {
  const input = make("input", { type: "range", min, max, step, "aria-label": say });
  const output = make("output");
  const node = make("label", { class: "ranged" }, make("span", {}, label), input, output);
  input.addEventListener("input", () => go(+input.value));
  /** @param {number} value @param {string} [more] what screen readers are told beside it */
  const show = (value, more = "") => {
    input.value = String(value);
    output.textContent = tell(value);
    input.setAttribute("aria-valuetext", tell(value) + more);
  };
  return { node, input, show };
}

/** A list to choose one of.
 * @param {string} label @param {readonly (readonly [string, string])[]} options values and their words @param {(value: string) => void} go */
export function choice(label, options, go) {
  const select = make("select", { "aria-label": label });
  offer(select, options);
  select.addEventListener("change", () => go(select.value));
  return select;
}

/** Gives a list its options.
 * @param {HTMLSelectElement} select @param {readonly (readonly [string, string])[]} options */
export function offer(select, options) {
  select.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
}

/** A row of buttons of which one is down.
 * @template {string | number} V
 * @param {string} label @param {readonly (readonly [V, string])[]} options values and their words
 * @param {(value: V) => void} go @param {string} [kind] its classes */
export function buttonRow(label, options, go, kind = "choice") {
  const buttons = options.map(([value, words]) => button(words, () => go(value)));
  const node = make("div", { class: kind, role: "group", "aria-label": label }, ...buttons);
  const show = (/** @type {V} */ chosen) => {
    for (const [k, [value]] of options.entries()) buttons[k].setAttribute("aria-pressed", String(value === chosen));
  };
  return { node, show };
}

/** A switch with its label; `show(on)` sets it.
 * @param {string} label @param {() => void} go @param {string} [title] */
export function toggle(label, go, title) {
  const node = make(
    "button",
    { type: "button", role: "switch", class: "switch", title, "aria-checked": "false" },
    make("i", { class: "knob" }),
    label,
  );
  node.addEventListener("click", go);
  return { node, show: (/** @type {boolean} */ on) => node.setAttribute("aria-checked", String(on)) };
}

/** A button. One that is not to be used now is marked as such, and stays where keys can reach it.
 * @param {string} words @param {() => void} go
 * @param {{title?: string, kind?: string, sign?: keyof typeof import("./dom.js").ICONS, label?: string}} [more] kind: its classes; label: for screen readers */
export function button(words, go, { title, kind = "", sign, label } = {}) {
  const content = sign ? [icon(sign), ...(words ? [words] : [])] : [words];
  const node = make("button", { type: "button", class: kind, title, "aria-label": label }, ...content);
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-disabled") !== "true") go();
  });
  return node;
}
