/* All settings of the plane, in groups; what is seldom used, or not by the chapter, is folded away. */

import { make, sign } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { DataMenu, Menu } from "./menu.js";
import { Setting } from "./setting.js";

/** @typedef {import("./setting.js").Control} Control */
/** @typedef {import("../kit/tabs.js").View} View */

/** The groups as the kernel names them: the keys of what its tab says and stands for, and of the label of what belongs
 * to a player. */
const GROUPS = /** @type {Record<string, {tab: string, title?: string, player?: "d" | "g", label?: string}>} */ ({
  Data: { tab: "groupData" },
  Discriminator: { tab: "tabD", title: "groupDiscriminator", player: "d", label: "ofDiscriminator" },
  Generator: { tab: "tabG", title: "groupGenerator", player: "g", label: "ofGenerator" },
  Loss: { tab: "groupLoss" },
  Tricks: { tab: "groupTricks" },
});

export class Settings {
  /** @param {Record<string, Control>} controls @param {import("./setting.js").Kernel} kernel
   * @param {readonly string[]} uses those that the chapter uses; none: all of them
   * @param {{draw: (on: boolean) => void, drawer: Node}} drawing what begins and ends it, and its panel */
  constructor(controls, kernel, uses, { draw, drawer }) {
    /** @type {DataMenu | null} */
    this.data = null;
    /** @type {Record<string, Setting>} */
    this.all = {};
    this.uses = uses;
    for (const [name, control] of Object.entries(controls)) {
      const label = labelOf(control);
      if (name === "data") this.all.data = this.data = new DataMenu(name, control, label, kernel, draw, drawer);
      else this.all[name] = new (isRanged(control) ? Setting : Menu)(name, control, label, kernel);
    }
    this.groups = [...new Set(Object.values(controls).map(({ group }) => group))];
  }
  /** The groups with a setting that the chapter uses, its first one first. */
  get used() {
    return [...new Set(this.uses.map((name) => this.all[name].control.group))];
  }
  /** @returns {Record<string, View>} */
  views() {
    return Object.fromEntries(this.groups.map((group) => [group, this.view(group)]));
  }
  /** @param {string} group @returns {View} */
  view(group) {
    const { tab, title, player } = GROUPS[group];
    const members = Object.entries(this.all).filter(([, { control }]) => control.group === group);
    const isFolded = this.folds(members.map(([name]) => name));
    const nodes = (/** @type {boolean} */ folded) =>
      members.filter(([name, { control }]) => isFolded(name, control) === folded).map(([, { node }]) => node);
    const folded = nodes(true);
    const more = make("details", {}, make("summary", {}, say("more")), ...folded);
    return {
      words: say(tab),
      ...(title ? { title: say(title) } : {}),
      ...(player ? { sign: sign(player) } : {}),
      nodes: [...nodes(false), ...(folded.length ? [more] : [])],
    };
  }
  /** Which of a group is folded away: where the chapter uses none of it, what is seldom used.
   * @param {readonly string[]} names @returns {(name: string, control: Control) => boolean} */
  folds(names) {
    const some = names.some((name) => this.uses.includes(name));
    return (name, { more }) => (some ? more || !this.uses.includes(name) : more);
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

/** What a setting is called where its group is not seen. @param {Control} control */
function labelOf({ group, label }) {
  const key = GROUPS[group].label;
  return key ? say(key, { label }) : label;
}

/** @param {Control} control */
const isRanged = ({ values }) => typeof values[0] === "number";
