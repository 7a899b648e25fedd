/* What takes the time of a step: a bar of three parts, each with its time and share. */

import { make, put, set } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { PARTS, total } from "./math.js";
import { percent, time } from "./texts.js";

export class Bar {
  constructor() {
    this.parts = PARTS.map((name) => ({ name, node: make("i", { class: name }), told: make("b") }));
    this.bar = make("div", { class: "bar", role: "img" }, ...this.parts.map(({ node }) => node));
    const legend = this.parts.map(({ name, told }) =>
      make("span", {}, make("i", { class: name, "aria-hidden": "true" }), `${say(name)} `, told),
    );
    this.node = make("div", { class: "spent" }, this.bar, make("div", { class: "shares" }, ...legend));
  }
  /** @param {import("./math.js").Parts} parts */
  show(parts) {
    const all = total(parts);
    const words = this.parts.map(({ name, node, told }) => {
      node.style.flexGrow = String(parts[name] / all);
      put(told, say("timeAndShare", { time: time(parts[name]), share: percent(parts[name] / all) }));
      return `${say(name)} ${told.textContent}`;
    });
    set(this.bar, { "aria-label": words.join(say("listSeparator")) });
  }
}
