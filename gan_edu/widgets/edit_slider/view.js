/* TODO: what this shows. */

import { make, put, set } from "../kit/dom.js";
import { slides } from "../kit/fields.js";
import { Handle } from "../kit/handle.js";
import { Host } from "../kit/host.js";
import { header } from "../kit/layout.js";
import { signed } from "../kit/numbers.js";
import { Plot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import style from "./edit_slider.css";

export const TRAITS = ["x"]; // as in widget.py
const CURVE = Array.from({ length: 101 }, (_, k) => /** @type {const} */ ([k / 100, (k / 100) ** 2]));

export class View extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "edit_slider", "title", style);
    this.plot = new Plot("curve", { x: say("x"), y: say("y") });
    this.point = new Handle(this.plot, { title: say("dragIt"), go: ([x]) => store.set({ x }) });
    this.x = slides(store, "x", { min: 0, max: 1, step: 0.01, digits: 2 });
    this.told = make("p", { class: "words", role: "status" });
    this.begin();
  }

  /** Puts together what is there from the first, once. */
  build() {
    this.root.append(header(say("title"), say("subtitle")), this.plot.node, this.x.node, this.told);
  }

  /** Draws what the traits say, at most once a refresh of the screen. */
  paint() {
    const [x] = this.read("x");
    this.plot.measure();
    this.plot.clear([0, 1], [0, 1]);
    this.plot.line("series", CURVE);
    this.point.show([x, x * x], say("pointAt", { x: signed(x, 2) }));
    this.x.show();
    put(this.told, say("square", { square: signed(x * x, 3) }));
    set(this.plot.svg, { "aria-label": say("picture", { x: signed(x, 2) }) });
  }
}
