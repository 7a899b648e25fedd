/* The losses to choose from, a button each: those on show have their letter and colour. */

import { make, put } from "../kit/dom.js";
import { LETTERS } from "../kit/runs.js";
import { say } from "../kit/words.js";

const MOST = LETTERS.length; // on show

export class LossChips {
  /** @param {import("./table.js").Spec} spec @param {import("../kit/store.js").Store} store
   * @param {(words: string) => void} announce */
  constructor({ names, titles }, store, announce) {
    this.names = names;
    this.titles = titles;
    this.store = store;
    this.announce = announce;
    this.limit = make("span", { class: "limit", role: "status" });
    this.badges = names.map(() => make("i", { class: "badge" }));
    this.chips = names.map((name, i) => {
      const chip = make("button", { type: "button", class: "chip" }, this.badges[i], make("span", {}, titles[name]));
      chip.addEventListener("click", () => this.pick(name)); // also where it is full, to say so
      return chip;
    });
    const label = say("lossesToShow", { most: MOST });
    this.node = make("div", { class: "chips", role: "group", "aria-label": label }, ...this.chips, this.limit);
  }
  /** Shows a loss, or takes it away. @param {string} name */
  pick(name) {
    /** @type {string[]} */
    const picked = this.store.get("picked");
    if (picked.includes(name)) {
      this.store.set({ picked: picked.filter((each) => each !== name) });
      this.announce(say("takenAway", { name: this.titles[name] }));
    } else if (picked.length < MOST) {
      this.store.set({ picked: [...picked, name] });
      this.announce(say("nowShown", { name: this.titles[name] }));
    } else this.announce(say("tooMany", { most: MOST }));
  }
  show() {
    /** @type {string[]} */
    const picked = this.store.get("picked");
    const full = picked.length >= MOST;
    for (const [i, chip] of this.chips.entries()) {
      const k = picked.indexOf(this.names[i]);
      chip.setAttribute("aria-pressed", String(k >= 0));
      chip.setAttribute("aria-disabled", String(full && k < 0));
      chip.className = `chip${k >= 0 ? ` run${k}` : ""}`;
      this.badges[i].textContent = LETTERS[k] ?? "";
    }
    put(this.limit, say(full ? "mostAreShown" : "atMost", { most: MOST }));
  }
}
