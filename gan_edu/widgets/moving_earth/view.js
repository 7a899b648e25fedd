/* Moving earth: two piles on a line or two clouds in the plane, the plan that carries one to the other, its price, and W
 * beside JS and KL while they are pulled apart.
 */

import { lowered, make, put } from "../kit/dom.js";
import { presses } from "../kit/fields.js";
import { Host } from "../kit/host.js";
import { choice, slider, toggle } from "../kit/inputs.js";
import { footer, groupedTable, header } from "../kit/layout.js";
import { clamp, signed } from "../kit/numbers.js";
import { Play } from "../kit/play.js";
import { say } from "../kit/words.js";
import { Drawing, isUndo } from "./drawing.js";
import { LineWorld } from "./line.js";
import style from "./moving_earth.css";
import { PlaneWorld } from "./plane.js";
import { Pull } from "./pull.js";
import { SITUATIONS } from "./situations.js";
import { numbersAt, oneWay, solve } from "./solve.js";
import { range, Wholes } from "./wholes.js";
import { inside, moved, placesOf, sound, WIDTH } from "./worlds.js";

/** @typedef {import("./math.js").Place} Place */
/** @typedef {import("./solve.js").Setting} Setting */

export const TRAITS = ["world", "p", "epsilon", "shift", "lift", "data", "fake", "real_points", "fake_points"];
const STOPS = 41; // of the slider of ε: 0, and from 0.1 to 10 by powers
const PULLED = 0.25; // from one place to the next in the chart
const SETTLED = 1e-6; // the error of a plan that is told as it is
const TRIES = 100; // drawings that go on with Sinkhorn

export class MovingEarth extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "moving_earth", "title", style);
    this.worlds = {
      line: new LineWorld(),
      plane: new PlaneWorld(
        (...to) => this.place(...to),
        () => this.told(),
      ),
    };
    const wholes = (/** @type {"line" | "plane"} */ world) => new Wholes(this.worlds[world].main, this.tells());
    this.wholes = { line: wholes("line"), plane: wholes("plane") };
    this.drawing = new Drawing(this.worlds.line.piles, {
      piles: () => ({ data: this.setting.data, fake: moved(this.setting.fake, Math.round(this.at / WIDTH)) }),
      set: (piles) => this.change({ ...piles, shift: 0 }),
      end: () => this.draw(),
      stays: () => this.announce(say("lastBar")),
    });
    this.stage = make("div", { class: "worlds" }); // holds the world that is shown
    this.pull = new Pull();
    this.play = new Play(this, () => Math.max(0, this.moments.length - 1));
    this.inputs = this.inputsOf();
    this.names = { w: make("span"), plan: make("span"), odds: make("span") };
    this.numbers = groupedTable(rows(this.names));
    this.pulls = make("div", { class: "pulls" }, this.play.node, this.inputs.shift.node); // under the picture
    this.hints = ["subtitle", "drawHint"].map((name) => make("span", {}, ...lowered(say(name))));
    this.sentence = make("p", { class: "sentence" });
    this.known = { all: "", pulled: "", tries: 0 }; // what `seen` and `moments` were computed of
    /** @type {import("./solve.js").Solved | null} */
    this.seen = null;
    /** @type {import("./pull.js").Moment[]} */
    this.moments = [];
    this.begin();
  }
  /** What the middles ask for and tell. @returns {import("./wholes.js").Tells} */
  tells() {
    const view = this;
    return {
      get setting() {
        return view.setting;
      },
      get at() {
        return view.at;
      },
      change: (values) => view.change(values),
      told: () => view.told(),
    };
  }
  inputsOf() {
    const { store } = this;
    const names = SITUATIONS.map(([name]) => /** @type {const} */ ([name, say(name)]));
    return {
      world: presses(store, "world", ["line", "plane"]),
      p: presses(store, "p", [
        [1, say("pOne")],
        [2, say("pTwo")],
      ]),
      situation: choice(say("situation"), [["", say("choose")], ...names], (name) => {
        this.drawing.stays = false;
        this.change(new Map(SITUATIONS).get(name) ?? {});
      }),
      draw: toggle(say("draw"), () => this.drawing.turn(!this.drawing.on)),
      shift: slider({
        ...{ label: say("shift"), min: 0, max: 1, step: PULLED, tell: (x) => signed(x, 2) },
        go: (shift) => this.change({ shift }),
      }),
      epsilon: slider({
        ...{ label: say("epsilon"), min: 0, max: STOPS, step: 1, tell: (at) => signed(epsilonOf(at), 2) },
        go: (at) => this.change({ epsilon: epsilonOf(at) }),
      }),
    };
  }
  build() {
    const { world, p, situation, draw, shift, epsilon } = this.inputs;
    const acts = make(
      "div",
      { class: "acts" },
      world.node,
      make("label", {}, say("situation"), situation),
      draw.node,
      this.drawing.undo,
    );
    shift.node.firstChild?.replaceWith(make("span", {}, ...lowered(say("shift"))));
    this.root.append(
      header(say("title"), make("span", { class: "hints" }, ...this.hints)),
      acts,
      make(
        "div",
        { class: "board" },
        this.stage,
        make("div", { class: "side" }, p.node, epsilon.node, this.numbers.node, this.pull.node),
      ),
      this.sentence,
      footer(say("keys")),
    );
    this.root.addEventListener("keydown", (event) => {
      if (!isUndo(event)) return;
      event.preventDefault();
      event.stopPropagation(); // nor does the notebook take anything back
      if (this.setting.world === "line") this.drawing.back();
    });
  }
  /** The traits; a link can have brought anything. @returns {Setting} */
  get setting() {
    const [world, p, epsilon, lift] = this.read("world", "p", "epsilon", "lift");
    const [data, fake] = this.read("data", "fake").map(sound);
    const [real_points, fake_points] = this.read("real_points", "fake_points").map(inside);
    return { world, p, epsilon, lift, data, fake, real_points, fake_points };
  }
  /** How far p_g is pulled now. */
  get at() {
    const played = this.play.rests ? undefined : this.moments[this.play.shown];
    if (played) return played.shift;
    const shift = clamp(this.store.get("shift"), ...range(this.setting));
    return this.store.get("world") === "line" ? Math.round(shift / WIDTH) * WIDTH : shift;
  }
  /** Somebody moves: what is played ends. @param {Record<string, unknown>} values */
  change(values) {
    this.play.rest();
    this.store.set(values);
  }
  /** A point of a cloud goes somewhere; its cloud stays where it was pulled to.
   * @param {"real" | "fake"} side @param {number} k @param {Place} place */
  place(side, k, place) {
    const { setting, at } = this;
    const places = side === "real" ? placesOf(setting.real_points) : placesOf(setting.fake_points, at, setting.lift);
    const points = places.flatMap((each, i) => (i === k ? place : each).map((t) => +t.toFixed(2)));
    this.change(side === "real" ? { real_points: points } : { fake_points: points, shift: 0, lift: 0 });
  }
  /** What is computed anew where something changed; Sinkhorn goes on with each drawing until it has settled. */
  compute() {
    const { setting, known } = this;
    const { epsilon: _, ...pulled } = setting;
    const key = JSON.stringify(pulled);
    if (key !== known.pulled) [this.moments, known.pulled] = [momentsOf(setting), key];
    const { at } = this;
    const all = JSON.stringify([setting, at]);
    if (all !== known.all || !this.seen) {
      [known.all, known.tries] = [all, TRIES];
      this.seen = solve(setting, at);
    } else if (this.seen.error > SETTLED && known.tries-- > 0) this.seen = solve(setting, at, this.seen.raw);
    if (this.seen.error > SETTLED && known.tries > 0) this.draw();
    return { setting, at, seen: this.seen };
  }
  paint() {
    const { setting, at, seen } = this.compute();
    const world = this.worlds[setting.world];
    if (this.stage.firstChild !== world.node) {
      this.stage.replaceChildren(world.node);
      world.main.box.after(this.pulls);
    }
    if (setting.world === "plane" && this.drawing.on) this.drawing.turn(false);
    world.measure();
    this.pull.measure();
    world.paint(seen, setting, at, this.dark);
    this.pull.paint(this.moments, { shift: at, ...seen }, setting.p);
    this.wholes[setting.world].show();
    this.drawing.show();
    if (this.drawing.stays) this.worlds.line.note(say("lastBar"));
    this.showInputs(setting, at);
    this.numbers.show(this.words(seen, setting));
    write(this.sentence, this.said(seen, setting));
    for (const [k, hint] of this.hints.entries()) hint.classList.toggle("away", this.drawing.on !== Boolean(k));
  }
  /** @param {Setting} setting @param {number} at */
  showInputs(setting, at) {
    const { world, p, situation, draw, shift, epsilon } = this.inputs;
    const [low, high] = range(setting);
    [shift.input.min, shift.input.max] = [String(low), String(high)];
    for (const input of [world, p, this.play]) input.show();
    shift.show(at);
    epsilon.show(stopOf(setting.epsilon));
    for (const node of [draw.node, this.drawing.undo]) node.hidden = setting.world === "plane";
    draw.show(this.drawing.on);
    const stands = (/** @type {[string, Record<string, unknown>]} */ [, values]) =>
      Object.entries(values).every(([name, value]) => String(this.store.get(name)) === String(value));
    situation.value = SITUATIONS.find(stands)?.[0] ?? "";
  }
  /** @param {import("./solve.js").Solved} seen @param {Setting} setting */
  words({ w, work, collects, js, kl }, { p, world }) {
    const [of, plan] = [say(p === 1 ? "w1" : "w2"), say(p === 1 ? "planOne" : "planTwo")];
    put(this.names.w, of);
    put(this.names.plan, plan);
    put(this.names.odds, say(world === "line" ? "oddsInBins" : "oddsInSquares"));
    return Object.fromEntries(Object.entries({ w, work, collects, js, kl }).map(([name, x]) => [name, signed(x, 3)]));
  }
  /** What is seen, in a sentence. @param {import("./solve.js").Solved} seen @param {Setting} setting */
  said(seen, setting) {
    const { w, least, collects, js, error } = seen;
    if (error > SETTLED) return say("unsettled", { error: error.toExponential(0) });
    const told = { w: signed(w, 2), least: signed(least, 3), price: signed(collects, 2) };
    const exact = w < 1e-9 ? "nothing" : setting.p === 1 ? "carriedOne" : "carriedTwo";
    const odds = js > Math.LN2 - 1e-9 ? "stuck" : js < 1e-9 ? "sameEverywhere" : "partly";
    const first = setting.epsilon ? blurSaid(seen, setting) : say(exact, told);
    return `${first} ${say(odds, { js: signed(js, 2) })}`;
  }
  /** What screen readers are told after a move. */
  told() {
    this.paint();
    this.announce(this.sentence.dataset.said ?? "");
  }
}

/** W, JS and KL at each place that p_g can be pulled to. @param {Setting} setting */
function momentsOf(setting) {
  const [low, high] = range(setting);
  const count = Math.max(1, Math.floor((high - low) / PULLED + 1e-9));
  return Array.from({ length: count + 1 }, (_, k) => numbersAt(setting, low + k * PULLED));
}

/** What a blurred plan costs, and what prices collect, so that the numbers that are shown add up.
 * @param {import("./solve.js").Solved} seen @param {Setting} setting */
function blurSaid(seen, { world, p, epsilon }) {
  const [work, least, price] = [seen.work, seen.least, seen.collects].map((t) => +t.toFixed(3));
  const told = {
    ...{ epsilon: signed(epsilon, 2), work: signed(work, 3), more: signed(work - least, 3) },
    ...{ price: signed(price, 3), extra: signed(price - work, 3), splits: say("splits") },
  };
  const free = world === "line" && p === 1 && oneWay(seen);
  const costs = say(work > least ? "blurred" : free ? "blurFree" : "blurLittle", told);
  return price > work ? `${costs} ${say("blurPrice", told)}` : costs;
}

/** Puts a text with subscripts where another may stand. @param {HTMLElement} node @param {string} text */
function write(node, text) {
  if (text !== node.dataset.said) node.replaceChildren(...lowered(text));
  node.dataset.said = text;
}

/** @param {number} at */
const epsilonOf = (at) => (at ? +(0.1 * 10 ** ((at - 1) / 20)).toFixed(2) : 0);

/** @param {number} epsilon */
const stopOf = (epsilon) => (epsilon ? clamp(Math.round(1 + 20 * Math.log10(epsilon / 0.1)), 1, STOPS) : 0);

/** The groups of numbers. @param {{w: Node, plan: Node, odds: Node}} names that follow p */
const rows = ({ w, plan, odds }) =>
  /** @type {import("../kit/layout.js").Group[]} */ ([
    [[say("earthRows")], { w: [w], work: [plan] }],
    [[say("priceRows")], { collects: lowered(say("collects")) }],
    [[odds], { js: [say("jsName")], kl: lowered(say("klName")) }],
  ]);
