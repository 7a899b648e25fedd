/* The saddle: V over two numbers as a map and as a surface, and the path that two players take on it. */

import { sharp } from "../kit/canvas.js";
import { make, placeAt, put } from "../kit/dom.js";
import { dragged, shareOf } from "../kit/drag.js";
import { chooses, slides, switches } from "../kit/fields.js";
import { Host } from "../kit/host.js";
import { offer } from "../kit/inputs.js";
import { onArrows } from "../kit/keys.js";
import { caption, footer, header, numbersTable } from "../kit/layout.js";
import { clamp, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { Game } from "./game.js";
import { ground, trace } from "./map.js";
import style from "./saddle.css";
import { paintSurface } from "./surface.js";

/** @typedef {import("./game.js").Place} Place */

export const TRAITS = ["tables", "game", "d", "g", "step", "count", "order", "turn", "response"];

export class Saddle extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "saddle", "name", style);
    /** @type {Game[]} */
    this.games = [];
    this.tables = null; // what the games were made of
    /** @type {Game | undefined} */
    this.game = undefined;
    /** @type {Place[]} */
    this.way = [];
    /** @type {{of: Game, width: number, canvas: HTMLCanvasElement} | null} */
    this.ground = null;
    this.map = make("canvas", { role: "img" });
    this.start = make("button", { type: "button", class: "start", title: say("startHint") });
    this.end = make("i", { class: "end" });
    this.surface = make("canvas", { role: "img" });
    this.answers = make("span", { class: "answers", role: "status" });
    this.inputs = {
      game: chooses(store, "game"),
      order: chooses(store, "order", ["simultaneous", "alternating"]),
      step: slides(store, "step", { min: 0.01, max: 2, step: 0.01, digits: 2, log: true }),
      count: slides(store, "count", { min: 1, max: 500, step: 1 }),
      turn: slides(store, "turn", { min: -180, max: 180, step: 5, unit: "°" }),
      response: switches(store, "response"),
    };
    this.numbers = numbersTable({ start: say("start"), now: say("now"), v: say("vNow"), far: say("far") });
    this.begin();
  }
  build() {
    const { game, order, step, count, turn, response } = this.inputs;
    const centre = make("i", { class: "centre" });
    const above = make("div", { class: "map" }, this.map, centre, this.start, this.end);
    const choices = make("div", { class: "acts" });
    choices.append(game.labelled(), order.labelled(say("steps")));
    this.root.append(
      header(say("title"), say("subtitle"), response.node),
      make(
        "div",
        { class: "two" },
        make("figure", {}, caption(say("gUp"), say("fromAbove")), above, caption(this.answers, say("dRight"))),
        make(
          "figure",
          {},
          caption(say("asHeight"), say("rotate")),
          make("div", { class: "room" }, this.surface),
          turn.node,
        ),
      ),
      make(
        "div",
        { class: "below" },
        make("div", { class: "panel-controls" }, choices, step.node, count.node),
        this.numbers.node,
      ),
      footer(say("keys"), say("marks")),
    );
    this.moves();
  }
  /** What is held with a pointer or moved by keys. */
  moves() {
    const { store } = this;
    const set = (/** @type {PointerEvent} */ event) => {
      const [x, y] = shareOf(event, this.map);
      const reach = this.game?.reach ?? 0;
      this.go((2 * x - 1) * reach, (1 - 2 * y) * reach);
    };
    const end = () => this.told();
    dragged(this.start, { move: set, end });
    dragged(this.map, { start: set, move: set, end });
    onArrows(this.start, {
      ...{ fine: 0.1, coarse: 0.5 },
      go: (right, up) => {
        this.go(store.get("d") + right, store.get("g") + up);
        this.told();
      },
    });
    let from = { x: 0, turn: 0 };
    dragged(this.surface, {
      start: (event) => {
        from = { x: event.clientX, turn: store.get("turn") };
      },
      move: (event) => store.set({ turn: around(from.turn + (event.clientX - from.x) / 2) }),
    });
  }
  /** Lets the players start elsewhere. @param {number} d @param {number} g */
  go(d, g) {
    const reach = this.game?.reach ?? 0;
    const within = (/** @type {number} */ t) => +clamp(t, -reach, reach).toFixed(2);
    this.store.set({ d: within(d), g: within(g) });
  }

  load() {
    const tables = this.store.get("tables");
    if (tables !== this.tables) {
      this.tables = tables;
      this.games = tables.map((/** @type {import("./game.js").Table} */ table) => new Game(table));
      offer(
        this.inputs.game.node,
        this.games.map(({ name }) => [name, name]),
      );
    }
    this.game = this.games.find(({ name }) => name === this.store.get("game")) ?? this.games[0];
    this.draw();
  }

  paint() {
    const { game, store } = this;
    if (!game) return;
    const [d, g, response] = ["d", "g", "response"].map(store.get);
    this.way = game.path([d, g], store.get("step"), store.get("count"), store.get("order"));
    const pieces = response ? game.response() : [];
    put(this.answers, !response ? "" : say(pieces.length ? "dashed" : "noBestAnswer"));
    this.numbers.show(this.told(false));
    this.paintMap(game, pieces);
    const paper = sharp(this.surface);
    if (paper) paintSurface(paper, game, this.way, store.get("turn"), getComputedStyle(this.root).color);
    const place = (/** @type {HTMLElement} */ node, /** @type {Place} */ [x, y]) =>
      placeAt(node, (x / game.reach + 1) / 2, (1 - y / game.reach) / 2);
    place(this.start, [d, g]);
    const [lastD, lastG] = this.way[this.way.length - 1];
    place(this.end, [clamp(lastD, -game.reach, game.reach), clamp(lastG, -game.reach, game.reach)]);
    for (const input of Object.values(this.inputs)) input.show();
    this.label();
  }
  /** @param {Game} game @param {Place[][]} pieces of D's best answer */
  paintMap(game, pieces) {
    const paper = sharp(this.map);
    if (!paper) return;
    const { context, width, height, ratio } = paper;
    if (this.ground?.of !== game || this.ground.width !== width)
      this.ground = { of: game, width, canvas: ground(game, width, ratio) };
    context.drawImage(this.ground.canvas, 0, 0);
    const to = (/** @type {Place} */ [d, g]) =>
      /** @type {const} */ ([((d / game.reach + 1) * width) / 2, ((1 - g / game.reach) * height) / 2]);
    context.setLineDash([5 * ratio, 4 * ratio]);
    for (const piece of pieces) trace(context, piece.map(to), ratio, false);
    context.setLineDash([]);
    trace(context, this.way.map(to), ratio);
  }
  /** The numbers in words; aloud: screen readers are told, too. */
  told(aloud = true) {
    const { game, store, way } = this;
    const [d, g] = way[way.length - 1] ?? [0, 0];
    const [inside, rounds] = [game?.inside(d, g), way.length - 1];
    const words = {
      start: pair(store.get("d"), store.get("g")),
      now: inside ? pair(d, g) : say("left", { round: rounds }),
      v: inside ? signed(game?.v(d, g) ?? 0) : "–",
      far: inside ? signed(Math.hypot(d, g), 3) : "–",
    };
    if (aloud) this.announce(say("told", { start: words.start, count: rounds, now: words.now }));
    return words;
  }
  /** What screen readers find on the pictures. */
  label() {
    const { store } = this;
    const { now, v, far } = this.told(false);
    const order = say(store.get("order") === "alternating" ? "alternatingSteps" : "simultaneousSteps");
    const start = { d: signed(store.get("d"), 2), g: signed(store.get("g"), 2), count: this.way.length - 1, now, v };
    this.start.setAttribute("aria-label", say("startLabel", start));
    this.map.setAttribute("aria-label", say("mapLabel", { order, now, far }));
    this.surface.setAttribute("aria-label", say("surfaceLabel", { turn: signed(store.get("turn"), 0) }));
  }
}

/** @param {number} a @param {number} b */
const pair = (a, b) => `(${signed(a, 3)}, ${signed(b, 3)})`;

/** An angle within a turn, from −180 to 180 degrees. @param {number} turn */
const around = (turn) => Math.round(((((turn + 180) % 360) + 360) % 360) - 180);
