/* Situations to try: each sets all settings, begins anew and trains. */

import { make, put } from "../kit/dom.js";
import { button } from "../kit/inputs.js";
import { say } from "../kit/words.js";
import { Twice } from "../live/twice.js";

/** Of each situation, by the kernel's name: the keys of what its button says, and of what it sets and shows. */
const WORDS = /** @type {Record<string, {button: string, tells: string}>} */ ({
  collapse: { button: "presetCollapse", tells: "collapseTells" },
  circle: { button: "presetCircle", tells: "circleTells" },
  save: { button: "presetSave", tells: "saveTells" },
});

export class Presets {
  /** @param {readonly string[]} names @param {import("./acts.js").Wishes} wishes */
  constructor(names, wishes) {
    const trained = () => wishes.loses("reset");
    this.twice = names.map((name) => {
      const { button: words, tells } = WORDS[name];
      const node = button(say(words), () => {}, { kind: "preset", title: say(tells) });
      return new Twice(node, say(words), say("reallyTry"), trained, () => wishes.attempt(name));
    });
    this.says = make("p", { class: "tells", role: "status" });
    const words = make("span", { "aria-hidden": "true" }, say("tryThis"));
    const buttons = this.twice.map(({ button: each }) => each);
    const row = make("div", { class: "tries", role: "group", "aria-label": say("tryThis") }, words, ...buttons);
    this.node = make("div", { class: "presets" }, row, this.says);
    this.node.hidden = !names.length;
  }
  /** @param {string | null} [name] of the situation that the run began with */
  show(name) {
    put(this.says, name ? say(WORDS[name].tells) : "");
  }
  forget() {
    for (const each of this.twice) each.forget();
  }
}
