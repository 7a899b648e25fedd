/* The parts of the drawing and what they hold: noise and data at the left, the two players, D's verdicts at the right. */

import { make, put, sign } from "../kit/dom.js";
import { fixed, inNats } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { paintFlow } from "./flow.js";
import { PHASES, PICTURED, shownAsFake } from "./phases.js";
import { legend, player, stack } from "./players.js";
import { isOnScale, isThere, verdictsBefore, verdictsIn, verdictsNow } from "./scene.js";
import { percent, Tiles } from "./tiles.js";
import { described, Verdicts } from "./verdicts.js";

/** @typedef {import("./phases.js").Part} Part */
/** @typedef {import("./phases.js").Kind} Kind */
/** @typedef {import("./scene.js").Step} Step */
/** @typedef {{step: Step, number: number, phase: number, time: number, dark: boolean}} Moment number: of the step */

const WRITTEN = 0.8; // the share of a phase's time after which its numbers stand there
/** How the tiles of the fakes are called by what they hold. */
const HELD = {
  fake: { name: "fakes", label: "fakesLabel" },
  wish: { name: "wish", label: "wishLabel" },
  change: { name: "change", label: "changeLabel" },
};

export class Stage {
  /** @param {import("./pictures.js").Pictures} pictures */
  constructor(pictures) {
    this.pictures = pictures;
    this.z = new Tiles("z", [], say("noise"), false);
    this.fake = new Tiles("fake", [sign("fake")], say("fakes"), true);
    this.real = new Tiles("real", [sign("real")], say("reals"), true);
    this.players = { G: player("G", say("generator")), D: player("D", say("discriminator")) };
    this.verdicts = new Verdicts();
    this.losses = { D: make("output"), G: make("output") };
    this.z.name.after(make("small", {}, say("noiseNote")));
    const data = make(
      "div",
      { class: "part data" },
      stack(),
      make("b", {}, say("data")),
      make("small", {}, say("dataNote")),
    );
    const loss = (/** @type {"D" | "G"} */ name) =>
      make(
        "div",
        { class: `loss ${name}` },
        make("span", {}, say(name === "D" ? "lossOfD" : "lossOfG")),
        this.losses[name],
      );
    const head = make("div", { class: "head" }, make("b", {}, say("verdict")), legend());
    const verdict = make("div", { class: "part verdict" }, head, this.verdicts.node, loss("D"), loss("G"));
    this.flow = make("canvas", { class: "flow", "aria-hidden": "true" });
    /** @type {Record<Part, HTMLElement>} */
    this.parts = {
      ...{ z: this.z.node, G: this.players.G.node, fake: this.fake.node, data, real: this.real.node },
      ...{ D: this.players.D.node, verdict },
    };
    this.node = make(
      "div",
      { class: "stage", tabindex: 0, role: "group", "aria-label": say("stage") },
      ...Object.values(this.parts),
      this.flow,
    );
  }
  /** @param {Moment} moment */
  show(moment) {
    const { phase, time } = moment;
    this.showPictures(moment);
    this.showVerdicts(moment);
    this.showPlayers(moment);
    const [stage, boxes] = [this.node.getBoundingClientRect(), this.boxes()];
    const count = moment.step.before.fake.length;
    paintFlow(this.flow, {
      ...{ phase, time, boxes, dark: moment.dark, batch: count },
      tile: (kind, k) => boxIn(stage, this.tilesOf(kind).pictures[k]),
      picture: (kind, k) => this.pictures.get(moment.number, kind, k),
      verdict: (kind, k) => this.placeOf(stage, kind, k, verdictsIn(moment.step, phase)),
    });
  }
  boxes() {
    const stage = this.node.getBoundingClientRect();
    const boxes = Object.entries(this.parts).map(([name, node]) => [name, boxIn(stage, node)]);
    return /** @type {Record<Part, import("./wires.js").Box>} */ (Object.fromEntries(boxes));
  }
  /** @param {Kind} kind */
  tilesOf(kind) {
    return kind === "z" ? this.z : kind === "real" ? this.real : this.fake;
  }
  /** Where a mark has its place. @param {DOMRect} stage @param {"real" | "fake"} kind @param {number} k
   * @param {import("./scene.js").Shares | null} shares @returns {import("./wires.js").Point} */
  placeOf(stage, kind, k, shares) {
    const box = boxIn(stage, this.verdicts.scale);
    const [x, y] = this.verdicts.placeOf(kind, k, shares?.[kind][k] ?? 0);
    return [box.left + x * (box.right - box.left), box.top + y * (box.bottom - box.top)];
  }
  /** @param {Moment} moment */
  showPictures({ number, phase, time }) {
    const of = (/** @type {Kind} */ kind) => (/** @type {number} */ k) =>
      isThere(kind, k, phase, time) ? this.pictures.get(number, kind, k) : null;
    const held = shownAsFake(phase);
    this.z.show(of("z"));
    this.real.show(of("real"));
    this.fake.show((k) => of(held)(k) ?? of("fake")(k));
    put(this.fake.name, say(HELD[held].name));
    this.z.grid.setAttribute("aria-label", say("noiseLabel"));
  }
  /** @param {Moment} moment */
  showVerdicts({ step, phase, time, dark }) {
    const count = step.before.fake.length;
    const now = verdictsNow(step, phase, time);
    const known = time < WRITTEN ? phase - 1 : phase;
    const [told, before] = [verdictsIn(step, known), verdictsBefore(step, known)];
    this.verdicts.paint(now ?? {}, dark, (kind, k) => isOnScale(kind, k, count, phase, time));
    for (const kind of /** @type {const} */ (["fake", "real"])) {
      this[kind].judge(told?.[kind] ?? null, before[kind] ?? null);
      this[kind].grid.setAttribute("aria-label", labelOf(kind, told?.[kind], phase));
    }
    this.verdicts.label(told ? described(told.real, told.fake, percent) : say("noVerdict"));
    put(this.losses.D, known >= 3 ? inNats(step.d_loss) : "–");
    put(this.losses.G, known >= 6 ? inNats(step.g_loss) : "–");
  }
  /** @param {Moment} moment */
  showPlayers({ step, phase, time }) {
    const { learns, pull } = PHASES[phase];
    const known = time < 1 ? phase - 1 : phase;
    for (const name of /** @type {const} */ (["G", "D"])) {
      const { node, told } = this.players[name];
      const size = name === "D" ? step.d_gradient : step.g_gradient;
      put(told, known >= (name === "D" ? 4 : 7) ? say("gradient", { size: fixed(size, size < 1 ? 2 : 1) }) : "");
      node.classList.toggle("learns", learns === name);
      node.classList.toggle("rests", Boolean(learns && learns !== name) || (name === "G" && pull?.by === "D"));
    }
  }
}

/** @param {"real" | "fake"} kind @param {readonly number[] | undefined} shares @param {number} phase */
function labelOf(kind, shares, phase) {
  const what = say(kind === "real" ? "realsLabel" : HELD[shownAsFake(phase)].label);
  const told = shares?.slice(0, PICTURED).map(percent).join(say("listComma"));
  return told ? say("judgedLabel", { what, shares: told }) : what;
}

/** @param {DOMRect} stage @param {Element} node */
function boxIn(stage, node) {
  const { left, top, right, bottom } = node.getBoundingClientRect();
  return { left: left - stage.left, top: top - stage.top, right: right - stage.left, bottom: bottom - stage.top };
}
