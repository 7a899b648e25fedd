/* The saddle: V over two numbers as a map and as a surface, and the path that two players take on it. */

import { paperOf } from "../kit/canvas.js";
import { make, put, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { Field, trace } from "../kit/field.js";
import { chooses, slides, switches } from "../kit/fields.js";
import { Handle } from "../kit/handle.js";
import { Host } from "../kit/host.js";
import { offer, toggle } from "../kit/inputs.js";
import { caption, footer, header, numbersTable } from "../kit/layout.js";
import { pairText, signed } from "../kit/numbers.js";
import { Play } from "../kit/play.js";
import { BARE, NO_TICKS, Plot } from "../kit/plot.js";
import { moves, timed, timeLegend } from "../kit/time.js";
import { say } from "../kit/words.js";
import { Game } from "./game.js";
import style from "./saddle.css";
import { paintSurface } from "./surface.js";

/** @typedef {import("../kit/plot.js").Place} Place d and g */

export const TRAITS = ["tables", "game", "d", "g", "step", "count", "order", "turn", "response", "second"];

/** @type {Place} */
const SECOND = [2, -2]; // where a second start stands at first

export class Saddle extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "saddle", "name", style);
    /** @type {{game: Game, field: Field}[]} */
    this.games = [];
    this.tables = null; // what the games were made of
    /** @type {Place[][]} */
    this.ways = [[]]; // from the start, and from a second one
    this.play = new Play(this, () => Math.max(...this.ways.map((way) => way.length)) - 1);
    this.map = new Plot("map", { square: true, margin: BARE });
    this.start = new Handle(this.map, {
      ...{ title: say("startHint"), kind: "start", end: () => this.moved() },
      go: ([d, g]) => store.set({ d, g }),
    });
    this.second = new Handle(this.map, {
      ...{ title: say("secondHint"), kind: "second", end: () => this.moved() },
      go: (second) => store.set({ second }),
    });
    this.ends = [0, 1].map(() => make("i", { class: "end" }));
    this.surface = make("canvas", { role: "img" });
    this.answers = make("span", { class: "answers", role: "status" });
    this.inputs = {
      game: chooses(store, "game"),
      order: chooses(store, "order", ["simultaneous", "alternating"]),
      step: slides(store, "step", { min: 0.01, max: 2, step: 0.01, digits: 2, log: true }),
      count: slides(store, "count", { min: 1, max: 500, step: 1 }),
      turn: slides(store, "turn", { min: -180, max: 180, step: 5, unit: "°" }),
      response: switches(store, "response"),
      second: toggle(say("second"), () => store.set({ second: store.get("second").length ? [] : SECOND })),
    };
    this.numbers = numbersTable({ start: say("start"), now: say("now"), v: say("vNow"), far: say("far") });
    this.begin();
  }
  build() {
    const { game, order, step, count, turn, response, second } = this.inputs;
    this.map.box.append(...this.ends);
    const acts = make("div", { class: "acts" }, this.play.node, game.labelled(), order.labelled(say("steps")));
    const mover = (/** @type {string} */ player, /** @type {string} */ words) =>
      make("span", { class: `mover-${player}` }, words);
    const movers = make("span", {}, mover("d", say("dMoves")), " · ", mover("g", say("gMoves")));
    const above = [caption(say("fromAbove"), movers), this.map.box, caption(timeLegend(), say("axes")), this.answers];
    const height = [caption(say("asHeight"), say("rotate")), make("div", { class: "room" }, this.surface), turn.node];
    const controls = make("div", { class: "panel-controls" }, acts, step.node, count.node);
    this.root.append(
      header(say("title"), say("subtitle"), second.node, response.node),
      make("div", { class: "two" }, make("figure", {}, ...above), make("figure", {}, ...height)),
      make("div", { class: "below" }, controls, this.numbers.node),
      footer(say("keys"), say("marks")),
    );
    this.turns();
  }
  /** The surface is turned with a pointer. */
  turns() {
    const { store } = this;
    let from = { x: 0, turn: 0 };
    dragged(this.surface, {
      start: (event) => {
        from = { x: event.clientX, turn: store.get("turn") };
      },
      move: (event) => store.set({ turn: around(from.turn + (event.clientX - from.x) / 2) }),
    });
  }
  load() {
    const { store } = this;
    if (store.get("tables") !== this.tables) {
      this.tables = store.get("tables");
      this.games = store.get("tables").map(gameOf);
      const names = this.games.map(({ game: { name } }) => /** @type {const} */ ([name, name]));
      offer(this.inputs.game.node, names);
    }
    this.draw();
  }
  get shown() {
    return this.games.find(({ game: { name } }) => name === this.store.get("game")) ?? this.games[0];
  }
  paint() {
    if (!this.games.length) return;
    const [d, g, step, count, order, second] = this.read("d", "g", "step", "count", "order", "second");
    const { game } = this.shown;
    this.map.measure();
    const starts = /** @type {Place[]} */ (second.length ? [[d, g], second] : [[d, g]]);
    this.ways = starts.map((start) => game.path(start, step, count, order));
    const seen = this.ways.map((way) => way.slice(0, this.play.shown + 1));
    this.paintMap(seen);
    this.paintSurface(seen);
    const { second: switched, ...inputs } = this.inputs;
    for (const input of [this.play, ...Object.values(inputs)]) input.show();
    switched.show(second.length > 0);
    this.numbers.show(this.told(false));
    this.label();
  }
  /** @param {Place[][]} ways */
  paintSurface(ways) {
    const paper = paperOf(this.surface);
    const [turn, count] = this.read("turn", "count");
    const look = { turn, count, ink: getComputedStyle(this.root).color };
    if (paper) paintSurface(paper, this.shown.game, this.shown.field, ways, look);
  }
  /** @param {Place[][]} ways */
  paintMap(ways) {
    const { map, store } = this;
    const { game, field } = this.shown;
    const ends = /** @type {const} */ ([-game.reach, game.reach]);
    const pieces = store.get("response") ? game.response() : [];
    put(this.answers, !store.get("response") ? "" : say(pieces.length ? "dashed" : "noBestAnswer"));
    map.clear(ends, ends, NO_TICKS, NO_TICKS);
    map.cross([0, 0]);
    for (const [k, end] of this.ends.entries()) {
      end.hidden = k >= ways.length;
      if (!end.hidden) map.put(end, ways[k][ways[k].length - 1]);
    }
    for (const way of ways) this.showMoves(way);
    const paper = map.paper();
    if (!paper) return;
    field.paint(map, paper);
    const pixels = (/** @type {Place[]} */ points) => points.map((place) => map.pixel(place));
    for (const piece of pieces) trace(paper.context, pixels(piece), [5, 4]);
    for (const way of ways) timed(paper.context, pixels(way), store.get("count"));
  }
  /** How D and G move: at the start while it is chosen, and on the way while that is played. @param {Place[]} way */
  showMoves(way) {
    const { game } = this.shown;
    const place = this.play.rests ? way[0] : (way.findLast(([d, g]) => game.holds(d, g)) ?? way[0]);
    moves(this.map, place, [game.at(1, ...place), -game.at(2, ...place)], ["d", "g"]);
  }
  /** A start was let go. */
  moved() {
    this.paint();
    this.told();
  }
  /** The numbers in words; aloud: screen readers are told, too. */
  told(aloud = true) {
    const { game } = this.shown;
    const [startD, startG] = this.read("d", "g");
    const [way] = this.ways;
    const count = Math.min(this.play.shown, way.length - 1);
    const [d, g] = way[count];
    const inside = game.holds(d, g);
    const words = {
      start: pairText([startD, startG], 3),
      now: inside ? pairText([d, g], 3) : say("left", { round: count }),
      v: inside ? signed(game.v(d, g)) : "–",
      far: inside ? signed(Math.hypot(d, g), 3) : "–",
    };
    if (aloud) this.announce(say("told", { start: words.start, count, now: words.now }));
    return words;
  }
  /** What screen readers find on the pictures. */
  label() {
    const { now, v, far } = this.told(false);
    const [d, g, way, turn, second] = this.read("d", "g", "order", "turn", "second");
    const order = say(way === "alternating" ? "alternatingSteps" : "simultaneousSteps");
    const start = { d: signed(d, 2), g: signed(g, 2), count: this.play.shown, now, v };
    this.start.show([d, g], say("startLabel", start));
    this.second.node.hidden = second.length === 0;
    const other = second.length ? second : SECOND;
    this.second.show(other, say("secondLabel", { d: signed(other[0], 2), g: signed(other[1], 2) }));
    set(this.map.svg, { "aria-label": say("mapLabel", { order, now, far }) });
    set(this.surface, { "aria-label": say("surfaceLabel", { turn: signed(turn, 0) }) });
  }
}

/** A game, with the colours and lines of its V. @param {import("../kit/table.js").Sent} table */
function gameOf(table) {
  const game = new Game(table);
  const ends = /** @type {const} */ ([-game.reach, game.reach]);
  return { game, field: new Field((d, g) => game.v(d, g), ends, ends, [game.v(0, 0)]) };
}

/** An angle within a turn, from −180 to 180 degrees. @param {number} turn */
const around = (turn) => Math.round(((((turn + 180) % 360) + 360) % 360) - 180);
