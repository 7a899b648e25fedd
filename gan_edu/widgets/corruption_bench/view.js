/* The corruption bench: a way to spoil digits, how much, how many; their pictures and what each score says of them. */

import { make, rich } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { buttonRow, slider } from "../kit/inputs.js";
import { kept } from "../kit/kept.js";
import { onRow } from "../kit/keys.js";
import { footer, header } from "../kit/layout.js";
import { whole } from "../kit/numbers.js";
import { Tabs } from "../kit/tabs.js";
import { say } from "../kit/words.js";
import { begun, fitting, stands, waits } from "./cells.js";
import style from "./corruption_bench.css";
import { Rows } from "./rows.js";
import { Samples } from "./samples.js";
import { Sheet } from "./sheet.js";

export const TRAITS = ["table", "pictures", "corruption", "level", "count", "view", "filled", "checked"]; // as in widget.py

/** @typedef {import("./cells.js").Filled} Filled */
/** @typedef {{filled?: Filled, checked?: Filled}} Made what the browser keeps */

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
    this.kept = kept({ key: "corruption_bench", question: "table" }, (/** @type {Made} */ made, news) =>
      this.remember(made, news),
    );
    this.both = make("div", { class: "both" });
    onRow(this.ways.node);
    this.begin();
  }
  build() {
    this.counts.node.prepend(make("span", { "aria-hidden": "true" }, say("count")));
    const controls = make("div", { class: "controls" }, this.level.node, this.counts.node);
    const reads = make("p", { class: "reads" }, ...rich(say("intervals", { draws: this.table.draws })));
    const right = make(
      "div",
      { class: "right" },
      make("div", { class: "top" }, this.tabs.row, reads),
      ...this.tabs.panels,
    );
    this.both.append(this.samples.node, right);
    this.root.append(
      header(say("title"), say("subtitle")),
      this.ways.node,
      controls,
      this.both,
      footer(say("keys"), ...this.own()),
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
    const [corruption, level, count, view] = this.read("corruption", "level", "count", "view");
    const [filled, checked] = this.read("filled", "checked");
    const at = { corruption, level, count };
    const found = stands(this.table, at);
    this.both.dataset.view = view;
    this.ways.show(corruption);
    this.counts.show(count);
    this.level.show(level);
    this.tabs.show(view);
    this.samples.show(this.table, corruption, level);
    this.rows.show(found, level, waits(this.table, at, filled, checked));
    this.sheet.show({ filled, checked }, found, corruption);
  }

  // -------------------------------------------------------------- what the reader's table asks for

  /** @param {import("./field.js").Field} field @param {string} mark "" for none */
  mark({ corruption, score }, mark) {
    const { [score]: _, ...others } = this.store.get("filled")[corruption] ?? {};
    const marks = mark ? { ...others, [score]: mark } : others;
    this.keep({ filled: { ...this.store.get("filled"), [corruption]: marks } });
  }
  clear() {
    this.keep({ filled: {}, checked: {} });
  }
  /** What stands there now is compared with the stored table. */
  check() {
    this.keep({ checked: structuredClone(this.store.get("filled")) });
  }
  /** @param {Made} made */
  keep(made) {
    this.store.set(made);
    this.kept.keep({ filled: this.store.get("filled"), checked: this.store.get("checked") });
  }
  /** What the browser has kept, where nothing else is known; and what another view of the table tells.
   * @param {Made} made @param {boolean} news */
  remember({ filled = {}, checked = {} }, news) {
    if (!news && begun(this.store.get("filled"))) return;
    this.store.set({ filled: fitting(this.table, filled), checked: fitting(this.table, checked) });
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
