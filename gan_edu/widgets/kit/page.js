/* A control on a page of its own: without a kernel, the state stands in the page. */

import { speak } from "./words.js";

/** Shows a control where the page has a place and a state for one; in a notebook it has none.
 * @param {(main: HTMLElement, state: any) => void} show */
export function onPage(show) {
  const main = /** @type {HTMLElement | null} */ (document.querySelector("main[data-control]"));
  const state = document.getElementById("gan-edu-state");
  if (!main || !state) return;
  const given = JSON.parse(state.textContent);
  speak(given.words);
  show(main, given);
}
