/* All settings of the plane, in groups; what is seldom used is folded away. */

import { make, sign } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { DataMenu, Menu } from "./menu.js";
import { Setting } from "./setting.js";

/** @typedef {import("./setting.js").Control} Control */

/** The groups as the kernel names them: the key of their title, and of the label of what belongs to a player. */
const GROUPS = /** @type {Record<string, {title: string, player?: "d" | "g", label?: string}>} */ ({
  Data: { title: "groupData" },
  Discriminator: { title: "groupDiscriminator", player: "d", label: "ofDiscriminator" },
  Generator: { title: "groupGenerator", player: "g", label: "ofGenerator" },
  Loss: { title: "groupLoss" },
  Tricks: { title: "groupTricks" },
});

export class Settings {
  /** @param {Record<string, Control>} controls @param {import("./setting.js").Kernel} kernel
   * @param {(on: boolean) => void} draw begins and ends drawing */
  constructor(controls, kernel, draw) {
    /** @type {DataMenu | null} */
    this.data = null;
    /** @type {Record<string, Setting>} */
    this.all = {};
    for (const [name, control] of Object.entries(controls)) {
      const { label: key } = GROUPS[control.group];
      const label = key ? say(key, { label: control.label }) : control.label;
      if (name === "data") this.all.data = this.data = new DataMenu(name, control, label, kernel, draw);
      else this.all[name] = new (isRanged(control) ? Setting : Menu)(name, control, label, kernel);
    }
    const groups = [...new Set(Object.values(controls).map(({ group }) => group))];
    this.node = make(
      "div",
      { class: "settings", role: "group", "aria-label": say("settingsGroup") },
      ...groups.map((group) => this.group(group)),
    );
  }
  /** @param {string} group */
  group(group) {
    const { title, player } = GROUPS[group];
    const members = Object.values(this.all).filter(({ control }) => control.group === group);
    const nodes = (/** @type {boolean} */ more) =>
      members.filter(({ control }) => control.more === more).map(({ node }) => node);
    const folded = nodes(true);
    const more = make("details", {}, make("summary", {}, say(player ? "optimiser" : "more")), ...folded);
    return make(
      "fieldset",
      { class: `group ${player ?? ""}` },
      make("legend", {}, ...(player ? [sign(player)] : []), say(title)),
      ...nodes(false),
      ...(folded.length ? [more] : []),
    );
  }
  /** @param {Record<string, unknown>} values @param {{at?: string, text?: string}} notice what the kernel refused */
  show(values, notice) {
    for (const [name, each] of Object.entries(this.all)) each.show(values[name], notice.at === name ? notice.text : "");
    for (const name of ["d_beta1", "d_beta2", "g_beta1", "g_beta2"]) {
      const each = this.all[name];
      if (each) each.node.hidden = values[`${name[0]}_optimizer`] !== "Adam";
    }
  }
}

/** @param {Control} control */
const isRanged = ({ values }) => typeof values[0] === "number";
