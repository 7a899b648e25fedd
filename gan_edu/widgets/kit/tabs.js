/* Views of which one is open, each behind a tab; the arrow keys lead round the tabs. */

import { make } from "./dom.js";
import { onRow } from "./keys.js";

/** @typedef {{tab: HTMLButtonElement, panel: HTMLElement}} Entry */
/** @typedef {{words: string, nodes: readonly Node[], sign?: Node, title?: string}} View sign: before its words; title:
 *   what they stand for, where they are short */

export class Tabs {
  /** @param {string} label
   * @param {Record<string, View>} views @param {(view: string) => void} open */
  constructor(label, views, open) {
    /** @type {Map<string, Entry>} */
    this.entries = new Map(Object.entries(views).map(([name, view]) => [name, entry(name, view)]));
    for (const [view, { tab }] of this.entries) tab.addEventListener("click", () => open(view));
    this.row = make("div", { class: "tabs", role: "tablist", "aria-label": label });
    this.panels = [...this.entries.values()].map(({ panel }) => panel);
    this.offer([...this.entries.keys()]);
    onRow(this.row);
    this.shown = ""; // the open one
  }
  /** Which of the views have a tab. @param {readonly string[]} views */
  offer(views) {
    this.row.replaceChildren(...[...this.entries].filter(([view]) => views.includes(view)).map(([, { tab }]) => tab));
  }
  /** @param {string} open @param {boolean} [stale] whether what it shows is not what was asked for */
  show(open, stale = false) {
    this.shown = open;
    for (const [view, { tab, panel }] of this.entries) {
      tab.setAttribute("aria-selected", String(view === open));
      tab.tabIndex = view === open ? 0 : -1;
      panel.hidden = view !== open;
    }
    this.entries.get(open)?.panel.classList.toggle("stale", stale);
  }
}

/** @param {string} name @param {View} view @returns {Entry} */
function entry(name, { words, nodes, sign, title }) {
  const [id, controls] = [`tab-${name}`, `panel-${name}`];
  const about = { type: "button", role: "tab", id, "aria-controls": controls, title, "aria-label": title };
  const tab = make("button", /** @type {any} */ (about), ...(sign ? [sign] : []), words);
  const shown = { class: `panel ${name}`, role: "tabpanel", id: controls, "aria-labelledby": id };
  return { tab, panel: make("div", shown, ...nodes) };
}
