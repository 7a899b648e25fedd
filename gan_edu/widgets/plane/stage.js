/* The stage: one picture, or two beside each other at the same step, with their names, and what the probe stands on. */

import { make, put } from "../kit/dom.js";
import { say } from "../kit/words.js";
import { PlaneCanvas } from "./canvas.js";
import { badgeOf } from "./runs.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./frames.js").Point} Point */

export class Stage {
  /** @param {{drawing: boolean, draw(): void, stroke(point: Point, starts: boolean): void}} view
   * @param {Node} banner over the picture while it is drawn in */
  constructor(view, banner) {
    this.readout = make("div", { class: "readout", "aria-live": "off" });
    const keyed = () => this.readout.setAttribute("aria-live", "polite");
    const tells = { moved: () => view.draw(), keyed, stroke: view.stroke.bind(view) };
    this.own = new PlaneCanvas({ ...tells, draws: () => view.drawing });
    this.other = new PlaneCanvas({ ...tells, draws: () => false }); // it is only looked at
    this.own.node.append(banner);
    this.ownName = make("h4");
    this.otherName = make("h4");
    this.otherBox = make("div", {}, this.otherName, this.other.node);
    this.differs = make("p", { class: "differs", role: "status", hidden: "" });
    this.pictures = make("div", { class: "pictures" }, make("div", {}, this.ownName, this.own.node), this.otherBox);
    this.compare(false);
  }
  /** @param {boolean} on whether there are two */
  compare(on) {
    this.otherBox.hidden = this.ownName.hidden = this.differs.hidden = !on;
  }
  /** Over which picture is drawn. @param {boolean} on */
  draws(on) {
    this.own.node.classList.toggle("drawn-on", on);
    if (!on) return;
    this.own.canvas.focus({ preventScroll: true });
    this.own.point(this.own.pointer ?? [0, 0]);
  }
  /** @param {Moment[]} moments @param {string[]} titles of the runs @param {string} differs in what the second does */
  name(moments, titles, differs) {
    put(this.differs, differs);
    for (const [k, node] of [this.ownName, this.otherName].entries()) {
      if (!moments[k]) continue;
      const { step, ended } = moments[k];
      const text = say(ended ? "runAtStepLast" : "runAtStep", { title: titles[k], step });
      node.replaceChildren(badgeOf(k), ` ${text}`);
    }
  }
  /** @param {string} otherwise said while nothing is probed */
  tell(otherwise) {
    put(this.readout, [this.own, this.other].map((canvas) => canvas.told()).find(Boolean) ?? otherwise);
  }
}

/** Which colours of the map mean what. */
export const ramp = () =>
  make(
    "p",
    { class: "caption", title: say("probabilityTitle") },
    say("dOfX"),
    make("b", {}, say("zeroLooksFake")),
    make("i", { class: "ramp" }),
    make("b", {}, say("oneLooksReal")),
  );
