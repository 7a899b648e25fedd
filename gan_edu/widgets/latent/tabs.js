/* Views of which one is open, each behind a tab. */

import { make } from "../kit/dom.js";
import { onRow } from "../kit/keys.js";

/** @typedef {{tab: HTMLButtonElement, panel: HTMLElement}} Entry */

export class Tabs {
  /** @param {string} label
   * @param {Record<string, {words: string, nodes: Node[]}>} views @param {(view: string) => void} open */
  constructor(label, views, open) {
    /** @type {Map<string, Entry>} */
    this.entries = new Map(Object.entries(views).map(([view, { words, nodes }]) => [view, entry(view, words, nodes)]));
    for (const [view, { tab }] of this.entries) tab.addEventListener("click", () => open(view));
    const tabs = [...this.entries.values()].map(({ tab }) => tab);
    this.row = make("div", { class: "tabs", role: "tablist", "aria-label": label }, ...tabs);
    this.panels = [...this.entries.values()].map(({ panel }) => panel);
    onRow(this.row);
  }
  /** @param {string} open @param {boolean} stale whether what it shows is not what was asked for */
  show(open, stale) {
    for (const [view, { tab, panel }] of this.entries) {
      tab.setAttribute("aria-selected", String(view === open));
      tab.tabIndex = view === open ? 0 : -1;
      panel.hidden = view !== open;
    }
    this.entries.get(open)?.panel.classList.toggle("stale", stale);
  }
}

/** @param {string} view @param {string} words @param {Node[]} nodes @returns {Entry} */
function entry(view, words, nodes) {
  const [id, controls] = [`tab-${view}`, `panel-${view}`];
  const tab = make("button", { type: "button", role: "tab", id, "aria-controls": controls }, words);
  const about = { class: `panel ${view}`, role: "tabpanel", id: controls, "aria-labelledby": id };
  return { tab, panel: make("div", about, ...nodes) };
}
