/* The settings and the layers behind tabs: one group is seen at a time, and what a chapter does not use is folded. */

import { make } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { Tabs } from "../kit/tabs.js";
import { say } from "../kit/words.js";

/** @typedef {import("../kit/tabs.js").View} View */

export class Panels {
  /** @param {Record<string, View>} views @param {readonly string[]} used those that the chapter uses; none: all */
  constructor(views, used) {
    const all = Object.keys(views);
    this.tabs = new Tabs(say("settingsGroup"), views, (view) => this.open(view));
    this.all = button(say("allSettings"), () => this.unfold(all), {
      kind: "all-settings",
      title: say("allSettingsTitle"),
    });
    this.unfolded = !used.length || used.length === all.length;
    if (!this.unfolded) this.tabs.offer(used);
    this.all.hidden = this.unfolded;
    const row = make("div", { class: "tab-row" }, this.tabs.row, this.all);
    this.node = make("div", { class: "groups-shown" }, row, ...this.tabs.panels);
    this.open(used[0] ?? all[0]);
  }
  /** @param {string} view */
  open(view) {
    this.tabs.show(view);
  }
  /** @param {readonly string[]} all */
  unfold(all) {
    this.tabs.offer(all);
    this.all.hidden = true;
    this.tabs.entries.get(this.tabs.shown)?.tab.focus();
  }
}
