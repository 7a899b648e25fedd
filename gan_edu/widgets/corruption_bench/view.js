/* The corruption bench: a way to spoil digits, how much, how many; their pictures and what each score says of them. */

import { make } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { buttonRow, slider } from "../kit/inputs.js";
import { kept } from "../kit/kept.js";
import { onRow } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { whole } from "../kit/numbers.js";
import { Tabs } from "../kit/tabs.js";
import { say } from "../kit/words.js";
import { fitting, stands } from "./cells.js";
import style from "./corruption_bench.css";
import { Rows } from "./rows.js";
import { Samples } from "./samples.js";
import { Sheet } from "./sheet.js";

export const TRAITS = ["table", "pictures", "corruption", "level", "count", "view", "filled"]; // as in widget.py

/** @typedef {import("./sheet.js").Filled} Filled */

export class View extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "corruption_bench", "title", style);
    /** @type {import("./cells.js").Table} */
    this.table = store.get("table");
    const { corruptions, counts } = this.table;
    const ways = corruptions.map(({ name, title }) => /** @type {const} */ ([name, title]));
    const offered = counts.map((count) => /** @type {const} */ ([count, whole(count)]));
    this.ways = buttonRow(say("corruption"), ways, (corruption) => store.set({ corruption }), "ways");
    this.counts = buttonRow(say("count"), offered, (count) => store.set({ count }));
    this.level = slider({
      ...{ label: say("level"), min: 0, max: corruptions[0].levels.length - 1, step: 1 },
      tell: (level) =>
        say("levelIs", { told: this.about.levels[level], level: level + 1, all: this.about.levels.length }),
      go: (level) => store.set({ level }),
    });
    this.samples = new Samples(this);
    this.rows = new Rows(this.table);
    this.sheet = new Sheet(this.table, this);
    const views = {
      scores: { words: say("scores"), nodes: [this.rows.node] },
      table: { words: say("myTable"), nodes: [this.sheet.node] },
    };
    this.tabs = new Tabs(say("views"), views, (view) => store.set({ view }));
    this.kept = kept({ key: "corruption_bench", question: "table" }, (/** @type {Filled} */ filled) =>
      this.remember(filled),
    );
    onRow(this.ways.node);
    this.begin();
  }
  build() {
    this.counts.node.prepend(make("span", { "aria-hidden": "true" }, say("count")));
    const controls = make("div", { class: "controls" }, this.level.node, this.counts.node);
    const right = make("div", { class: "right" }, this.tabs.row, ...this.tabs.panels);
    this.root.append(
      header(say("title"), say("subtitle")),
      this.ways.node,
      controls,
      make("div", { class: "both" }, this.samples.node, right),
      footer(say("keys"), say("intervals", { draws: this.table.draws }), ...this.own()),
    );
  }
  /** What is said of a learner's own scores. */
  own() {
    const { names, draws, count } = this.table.own;
    return names.length ? [say("ownOf", { names: names.join(", "), draws, count })] : [];
  }
  load() {
    const size = this.table.side * this.table.tile;
    this.samples.load(this.store.get("pictures"), this.table, size);
    this.draw();
  }
  /** The corruption on show. */
  get about() {
    const name = this.store.get("corruption");
    return this.table.corruptions.find((each) => each.name === name) ?? this.table.corruptions[0];
  }
  paint() {
    const [corruption, level, count, view, filled] = this.read("corruption", "level", "count", "view", "filled");
    const found = stands(this.table, { corruption, level, count });
    this.ways.show(corruption);
    this.counts.show(count);
    this.level.show(level);
    this.tabs.show(view);
    this.samples.show(this.table, corruption, level);
    this.rows.show(found, level);
    this.sheet.show(filled, found, corruption);
  }

  // -------------------------------------------------------------- what the reader's table asks for

  /** @param {import("./field.js").Field} field @param {string} mark "" for none */
  mark({ corruption, score }, mark) {
    const { [score]: _, ...others } = this.store.get("filled")[corruption] ?? {};
    const marks = mark ? { ...others, [score]: mark } : others;
    this.fill({ ...this.store.get("filled"), [corruption]: marks });
  }
  clear() {
    this.sheet.forget();
    this.fill({});
  }
  /** @param {Filled} filled @param {boolean} [keep] whether the browser is to keep it */
  fill(filled, keep = true) {
    this.store.set({ filled });
    if (keep) this.kept.keep(filled);
  }
  /** What the browser has kept, where nothing else is known. @param {Filled} filled */
  remember(filled) {
    const known = Object.values(this.store.get("filled")).some((marks) => Object.keys(marks).length);
    if (!known) this.fill(fitting(this.table, filled), false);
  }
  /** @param {string} corruption */
  choose(corruption) {
    this.store.set({ corruption });
  }
  judged() {
    this.store.set({ ...this.table.judged });
  }
  destroy() {
    this.kept.end();
    super.destroy();
  }
}
