/* All recipes in the order of their medians: a column each, with a dot for each ingredient that is on. */

import { draw, make, set } from "../kit/dom.js";
import { onKeys } from "../kit/keys.js";
import { clamp, fidText, isNumber } from "../kit/numbers.js";
import { NO_TICKS, Plot, spot } from "../kit/plot.js";
import { say } from "../kit/words.js";
import { heightOf } from "./curve.js";
import { placeOf, switched } from "./recipes.js";

const [ROW, SIDE, FOOT] = [15, 100, 6]; // pixels: a row of dots, the labels beside them, what stands below

export class Order {
  /** @param {import("./recipes.js").Stored} stored @param {(on: string[]) => void} go */
  constructor(stored, go) {
    this.stored = stored;
    this.height = heightOf(stored.recipes.flatMap(({ low, median, high }) => [low, median, high]));
    this.go = go;
    this.at = -1; // the chosen one
    const { ingredients } = stored;
    const margin = { left: SIDE, right: 8, top: 22, bottom: ingredients.length * ROW + FOOT };
    this.plot = new Plot("order", { title: say("orderTitle"), words: say("orderWords"), y: say("medianFid"), margin });
    const labels = ingredients.map(({ label }) => make("span", { title: label }, label));
    this.plot.box.append(make("div", { class: "rows", "aria-hidden": "true" }, ...labels));
    this.listen();
  }
  listen() {
    const { box } = this.plot;
    const last = this.stored.recipes.length - 1;
    const to = (/** @type {number} */ place) => this.go(this.stored.recipes[clamp(place, 0, last)].on);
    set(this.plot.svg, { "aria-hidden": "true", role: null });
    set(box, { tabindex: 0, role: "slider", "aria-label": say("orderLabel") });
    set(box, { "aria-valuemin": 1, "aria-valuemax": last + 1 });
    box.addEventListener("click", (event) => {
      const x = this.plot.x.invert(event.clientX - box.getBoundingClientRect().left);
      if (x > -1) to(Math.round(x));
    });
    const by = (/** @type {number} */ way) => () => to(this.at + way);
    const ends = { Home: () => to(0), End: () => to(last) };
    onKeys(box, { ArrowLeft: by(-1), ArrowDown: by(-1), ArrowRight: by(1), ArrowUp: by(1), ...ends });
  }
  /** @param {readonly string[]} on @param {string} name */
  show(on, name) {
    const { plot, stored, height } = this;
    const { recipes, ingredients } = stored;
    this.at = placeOf(stored, on);
    set(plot.box, { "aria-valuenow": this.at < 0 ? null : this.at + 1, "aria-valuetext": this.told(name) });
    const { ticks, text } = height;
    plot.clear([-0.7, recipes.length - 0.3], height.ends, NO_TICKS, { ...(ticks ? { ticks } : {}), text });
    if (this.at >= 0) this.column(this.at);
    for (const [x, { low, high }] of recipes.entries()) plot.line("spread", [this.spot(x, low), this.spot(x, high)]);
    const near = ingredients.map(({ key }) => placeOf(stored, switched(stored, on, key)));
    const marked = near.filter((x) => x >= 0);
    this.dots("median", [...recipes.keys()]);
    this.dots("neighbour", marked);
    this.dots("neighbour-inside", marked);
    this.dots("chosen-median", this.at < 0 ? [] : [this.at]);
    this.matrix(near);
  }
  /** The medians of some columns. @param {string} kind @param {readonly number[]} some */
  dots(kind, some) {
    const places = some.map((x) => this.spot(x, this.stored.recipes[x].median));
    this.plot.dots(kind, places);
  }
  /** Where an FID stands; what is no number, at the upper end. @param {number} x @param {import("../kit/numbers.js").Maybe} fid
   * @returns {[number, number]} */
  spot(x, fid) {
    return [x, isNumber(fid) ? this.height.at(fid) : this.height.ends[1]];
  }
  /** Ground under a column, from top to foot. @param {number} x */
  column(x) {
    const { plot } = this;
    const half = (plot.x(1) - plot.x(0)) / 2;
    const about = { x: plot.x(x) - half, y: plot.edges.top, width: 2 * half, height: plot.height - plot.edges.top };
    plot.svg.prepend(draw("rect", { class: "column", ...about }));
  }
  /** The dots of ingredients; a ring round the one that leads to a neighbour. @param {readonly number[]} near */
  matrix(near) {
    const { plot, at } = this;
    const { recipes, ingredients } = this.stored;
    const cells = ingredients.flatMap(({ key }, row) =>
      recipes.map((recipe, x) => ({ row, x, is: recipe.on.includes(key) })),
    );
    const drawn = (/** @type {string} */ kind, /** @type {typeof cells} */ some) => {
      const places = some.map(
        ({ row, x }) => `M${spot([plot.x(x), plot.edges.bottom + FOOT / 2 + (row + 0.5) * ROW])}h0`,
      );
      plot.svg.append(draw("path", { class: kind, d: places.join("") }));
    };
    drawn(
      "ring",
      cells.filter(({ row, x }) => near[row] === x),
    );
    drawn(
      "ring-inside",
      cells.filter(({ row, x }) => near[row] === x),
    );
    drawn(
      "cell",
      cells.filter(({ is }) => !is),
    );
    drawn(
      "cell-on",
      cells.filter(({ is, x }) => is && x !== at),
    );
    drawn(
      "cell-chosen",
      cells.filter(({ is, x }) => is && x === at),
    );
  }
  /** The chosen one in words. @param {string} name */
  told(name) {
    const { recipes } = this.stored;
    if (this.at < 0) return say("toldNotStored", { name });
    return say("rankIs", { rank: this.at + 1, all: recipes.length, name, fid: fidText(recipes[this.at].median) });
  }
}
