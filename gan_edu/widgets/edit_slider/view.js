/* The edit slider: pictures pushed along a direction, all at once, and what was measured in them. All are there from the
 * first: nothing is asked of a kernel. */

import { Atlas } from "../kit/atlas.js";
import { bytesOf, make, rich, set } from "../kit/dom.js";
import { dragged } from "../kit/drag.js";
import { Host } from "../kit/host.js";
import { buttonRow, slider } from "../kit/inputs.js";
import { footer, header } from "../kit/layout.js";
import { brief, signed } from "../kit/numbers.js";
import { Plot, spot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import look from "./edit_slider.css";
import { axisOf, digitsOf, meanOf, nearestTo, rangeOf } from "./steps.js";

/** @typedef {import("./steps.js").Direction} Direction */

export const TRAITS = ["board", "sheets", "direction", "place"]; // as in widget.py

export class EditSlider extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "edit_slider", "title", look);
    /** @type {{directions: Direction[]} & import("../kit/atlas.js").Layout} */
    this.board = store.get("board");
    this.atlas = new Atlas(() => this.draw());
    const { columns, frame_width: width, frame_height: height } = this.board;
    this.canvases = Array.from({ length: columns }, () => make("canvas", { width, height }));
    const names = this.board.directions.map(({ name }) => /** @type {[string, string]} */ ([name, name]));
    this.directions = buttonRow(say("direction"), names, (name) => this.turn(name));
    this.slider = slider({
      ...{ label: say("strength"), min: 0, max: this.board.rows - 1, step: 1 },
      tell: (place) => this.strengthText(place),
      go: (place) => store.set({ place }),
    });
    this.plot = new Plot("measured", { x: say("strength"), y: names[0][0] });
    this.told = make("p", { class: "words" });
    this.pictures = make("div", { class: "pictures", role: "img" }, ...this.canvases);
    this.begin();
  }
  build() {
    this.root.style.setProperty("--shape", `${this.board.frame_width} / ${this.board.frame_height}`);
    this.atlas.load(this.store.get("sheets").map(bytesOf), this.board);
    const move = (/** @type {PointerEvent} */ event) =>
      this.store.set({ place: nearestTo(this.direction.strengths, this.plot.at(event)[0]) });
    dragged(this.plot.svg, { start: move, move });
    this.directions.node.prepend(make("span", { "aria-hidden": "true" }, say("direction")));
    this.root.append(
      header(say("title"), say("subtitle")),
      make("div", { class: "moves" }, this.directions.node, this.slider.node),
      make("div", { class: "sides" }, this.pictures, make("div", { class: "side" }, this.plot.node, this.told)),
      footer(say("keys")),
    );
  }
  get number() {
    const chosen = this.store.get("direction");
    return this.board.directions.findIndex(({ name }) => name === chosen);
  }
  get direction() {
    return this.board.directions[this.number];
  }
  /** Where the slider stands; the directions may have fewer strengths and more. */
  get place() {
    return Math.min(this.store.get("place"), this.direction.strengths.length - 1);
  }
  /** Another direction, at the strength that is nearest. @param {string} name */
  turn(name) {
    const strength = this.direction.strengths[this.place];
    const next = this.board.directions.find((each) => each.name === name);
    if (next) this.store.set({ direction: name, place: nearestTo(next.strengths, strength) });
  }
  /** @param {number} place */
  strengthText(place) {
    const { strengths } = this.direction;
    return signed(strengths[place] ?? Number.NaN, digitsOf(strengths));
  }
  paint() {
    const { direction, place } = this;
    this.plot.measure();
    this.directions.show(direction.name);
    this.slider.input.max = String(direction.strengths.length - 1);
    const [mean, low, high] = [direction.mean, direction.low, direction.high].map((each) => brief(each[place]));
    const words = { name: direction.name, strength: this.strengthText(place), mean, low, high };
    this.slider.show(place, say("listComma") + say("measures", words).replaceAll("*", ""));
    this.told.replaceChildren(...rich(say("measures", words)));
    this.showPictures(place, say("picturesAlt", { count: this.canvases.length, ...words }));
    this.showPlot(direction, place, words);
  }
  /** @param {number} place @param {string} words */
  showPictures(place, words) {
    const { columns, rows } = this.board;
    const first = this.number * columns * rows + place * columns;
    set(this.pictures, { "aria-label": words });
    for (const [k, canvas] of this.canvases.entries()) {
      const context = canvas.getContext("2d");
      if (context) this.atlas.draw(context, first + k);
    }
  }
  /** @param {Direction} direction @param {number} place @param {Record<string, string>} words */
  showPlot(direction, place, words) {
    const { strengths, mean } = direction;
    const { plot } = this;
    const axis = axisOf(direction);
    plot.names.y = direction.name;
    plot.clear([strengths[0], strengths[strengths.length - 1]], axis);
    plot.path(
      "range",
      `M${rangeOf(direction)
        .map((each) => spot(plot.pixel(each)))
        .join("L")}Z`,
    );
    plot.line("series", meanOf(direction));
    const [x, y] = plot.pixel([strengths[place], mean[place]]);
    plot.path("cursor", `M${spot([x, plot.edges.top])}V${plot.edges.bottom.toFixed(1)}`);
    plot.path("now", `M${spot([x, y])}h0`);
    set(plot.svg, { "aria-label": say("plotAlt", words) });
  }
  destroy() {
    super.destroy();
    this.atlas.close();
  }
}
