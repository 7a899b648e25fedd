/* The score table: a row an arm, every seed a mark, and the comparison with the baseline; one sorts, filters and picks.
 *
 * It follows the texts of the replay and panel.js in one module. All numbers and words come from score_rows.py.
 *   scoreTable(element, store)      names of the store: the traits of ScoreTable
 */

import { chosen, clamp, isNumber, make, Panel, ticks } from "../kit/before.js";
import SCORE_STYLE from "./score_table.css";

export const SCORE_TRAITS = ["tables", "table", "column", "sort", "descending", "query", "hidden", "selected"];
const VERDICT_MARKS = { better: "✓", worse: "✕", spread: "≈", few: "…", baseline: "" };
const VERDICT_SHORT = {
  better: "better",
  worse: "worse",
  spread: "within the spread",
  few: "too few seeds",
  baseline: "the baseline",
};
const VERDICT_RULE =
  "Seeds are paired: a row’s seed 3 is compared with the baseline’s seed 3. A difference is called clear only where the two ranges do not overlap; then it has the same direction on every seed, too. Everything else is within the spread; fewer than 3 seeds in common tell nothing.";
const ZERO_SHARE = 0.07; // of a logarithmic axis, for values that are 0

/* ---------------------------------------------------------------- order and axis */

const rankOf = (row, sort) =>
  sort === "title"
    ? row.title.toLowerCase()
    : sort === "seeds"
      ? row.n
      : row.cells[sort]
        ? row.cells[sort].median
        : row.facts[sort];

/** The rows that are shown, in their order: as `arranged` in score_rows.py. */
function arrangedRows(sheet, { sort, descending, query, hidden }) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = sheet.rows.filter(
    (row) =>
      !hidden.includes(row.group) && words.every((word) => `${row.title} ${row.group}`.toLowerCase().includes(word)),
  );
  const known = rows.filter((row) => rankOf(row, sort) !== null),
    turn = descending ? -1 : 1;
  const order = (a, b) => (a < b ? -turn : a > b ? turn : 0);
  return [
    ...known.sort((a, b) => order(rankOf(a, sort), rankOf(b, sort))),
    ...rows.filter((row) => rankOf(row, sort) === null),
  ];
}

function logTicks(low, high) {
  const all = (marks) =>
    Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, k) => Math.floor(low) + k)
      .flatMap((power) => marks.map((mark) => mark * 10 ** power))
      .filter((t) => Math.log10(t) >= low && Math.log10(t) <= high);
  return [[1, 2, 5], [1, 3], [1]].map(all).find((found) => found.length <= 6) || all([1]);
}

/** place(value) in [0, 1] and the ticks of an axis that holds all of the values; on a logarithmic one 0 has a place of its own. */
function axisOf(values, log) {
  const positive = values.filter((value) => value > 0);
  log &&= positive.length > 0;
  const turn = log ? Math.log10 : (value) => value,
    used = (log ? positive : values).map(turn);
  let [low, high] = used.length ? [Math.min(...used), Math.max(...used)] : [0, 1];
  const room = (high - low) * 0.04 || Math.abs(high) * 0.05 || 1;
  [low, high] = [low - room, high + room];
  const zero = log && values.includes(0),
    from = zero ? ZERO_SHARE : 0;
  const place = (value) => (log && value <= 0 ? 0.02 : from + ((turn(value) - low) / (high - low)) * (1 - from));
  const found = log ? logTicks(low, high) : [],
    even = found.length > 1 ? found : ticks(log ? 10 ** low : low, log ? 10 ** high : high, 4);
  return {
    place,
    ticks: [...(zero ? [0] : []), ...even].filter((t) => (t === 0 && zero) || (place(t) >= from && place(t) <= 1)),
  };
}

const tickText = (t) => (Math.abs(t) >= 1000 ? t.toLocaleString("en") : String(+t.toPrecision(4))).replace("-", "−");
const across = (node, share) => {
  node.style.left = `${(share * 100).toFixed(3)}%`;
  return node;
};

/* ---------------------------------------------------------------- the view */

class ScoreView extends Panel {
  constructor(element, store) {
    super(element, store, "scores", "score table", SCORE_STYLE);
  }

  get sheet() {
    return this.store.get("tables")[this.store.get("table")];
  }
  get column() {
    return this.sheet.columns.find((column) => column.key === this.store.get("column"));
  }
  get state() {
    return Object.fromEntries(["sort", "descending", "query", "hidden"].map((name) => [name, this.store.get(name)]));
  }
  get base() {
    return this.sheet.rows.find((row) => row.baseline);
  }

  build() {
    const { store } = this,
      names = Object.keys(store.get("tables"));
    this.note = make("p", { class: "subtitle" });
    this.tabs = names.map((name) => {
      const tab = make("button", { type: "button" }, name);
      tab.addEventListener("click", () => this.turnTo(name));
      return tab;
    });
    this.choice = make("span");
    this.search = make("input", { type: "search", "aria-label": "filter rows by words", placeholder: "filter rows" });
    this.search.addEventListener("input", () => store.set({ query: this.search.value }));
    this.groups = make("fieldset", { class: "groups" });
    this.count = make("span", { class: "words", role: "status" });
    this.all = make("button", { type: "button" }, "Show all rows");
    this.all.addEventListener("click", () => {
      store.set({ query: "", hidden: [] });
      this.search.focus();
    });
    this.head = make("div", { role: "rowgroup", class: "thead" });
    this.body = make("div", { role: "rowgroup", class: "tbody" });
    this.table = make("div", { role: "table", class: "sheet" }, this.head, this.body);
    this.empty = make("p", { class: "words empty" }, "No row matches.");
    this.mark = make("i", { "aria-hidden": "true" });
    this.word = make("b");
    this.why = make("span");
    this.more = make("dl");
    this.legend = make("p", { class: "words key" });
    this.root.append(
      make(
        "header",
        {},
        make("div", { class: "titles" }, make("h3", {}, "Score table"), this.note),
        ...(names.length > 1
          ? [make("div", { class: "acts", role: "group", "aria-label": "table" }, ...this.tabs)]
          : []),
      ),
      make(
        "div",
        { class: "acts filters" },
        make("label", {}, "shown", this.choice),
        this.search,
        this.groups,
        this.count,
        this.all,
      ),
      make("div", { class: "scroll" }, this.table),
      this.empty,
      this.legend,
      make("div", { class: "verdict" }, this.mark, make("div", {}, this.word, this.why)),
      this.more,
      make(
        "details",
        {},
        make("summary", {}, "How is the comparison made?"),
        make("p", { class: "words" }, VERDICT_RULE),
      ),
      make(
        "footer",
        {},
        make(
          "span",
          {},
          make("b", {}, "↑ ↓"),
          " rows · ",
          make("b", {}, "← →"),
          " seeds of a row · ",
          make("b", {}, "Home End"),
        ),
        make("span", {}, "a heading sorts, again reverses"),
      ),
    );
    this.body.addEventListener("keydown", (event) => this.move(event));
    for (const name of ["pointerover", "focusin"])
      this.body.addEventListener(name, (event) => this.point(event.target.closest(".dot")));
    for (const name of ["pointerleave", "focusout"]) this.body.addEventListener(name, () => this.point(null));
  }

  /* -------- what a learner does */

  turnTo(name) {
    const next = this.store.get("tables")[name],
      { column, sort, selected } = Object.fromEntries(
        ["column", "sort", "selected"].map((each) => [each, this.store.get(each)]),
      );
    const keys = next.columns.map(({ key }) => key),
      shown = keys.includes(column) ? column : keys[0];
    const kept = ["title", "seeds", ...next.facts, ...keys].includes(sort);
    this.store.set({
      table: name,
      column: shown,
      selected: next.rows.some((row) => row.name === selected) ? selected : "",
      ...(kept ? {} : { sort: shown, descending: next.columns.find(({ key }) => key === shown).better === "higher" }),
    });
  }
  bestFirst(sort) {
    return this.sheet.columns.some(({ key, better }) => key === sort && better === "higher");
  }
  sortBy(sort) {
    this.store.set({
      sort,
      descending: this.store.get("sort") === sort ? !this.store.get("descending") : this.bestFirst(sort),
    });
    this.live.textContent = `sorted by ${this.heads.get(sort).words}, ${this.store.get("descending") ? "descending" : "ascending"}`;
  }
  showColumn(column) {
    // the order follows where it was that of the old column
    const follows =
      this.store.get("sort") === this.store.get("column") &&
      this.store.get("descending") === this.bestFirst(this.store.get("column"));
    this.store.set(follows ? { column, sort: column, descending: this.bestFirst(column) } : { column });
  }
  pick(name) {
    this.store.set({ selected: name });
    this.paint();
    this.live.textContent = [this.word.textContent, this.why.textContent].filter(Boolean).join(". ");
  }
  /** Arrow keys: up and down from row to row, left and right through the marks of a row, which stand by their value. */
  move(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const lines = [...this.body.children],
      at = lines.findIndex((line) => line.contains(event.target)),
      to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to !== undefined) {
      const line = lines[clamp(to, 0, lines.length - 1)],
        seed = event.target.dataset.seed;
      this.pick(line.dataset.row);
      (
        line.querySelector(seed === undefined ? ".name" : `.dot[data-seed="${seed}"]`) || line.querySelector(".name")
      ).focus();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const stops = [lines[at].querySelector(".name"), ...this.marks.get(lines[at].dataset.row)];
      stops[clamp(stops.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1), 0, stops.length - 1)].focus();
    } else return;
    event.preventDefault();
  }
  /** Tells a mark's seed and value beside it, and shows the same seed in all rows. */
  point(dot) {
    this.tip?.remove();
    this.body.querySelectorAll(".same").forEach((each) => each.classList.remove("same"));
    if (!dot) return;
    const share = parseFloat(dot.style.left);
    this.tip = across(make("span", { class: "tip", "aria-hidden": "true" }, dot.dataset.told), share / 100);
    this.tip.style.transform = `translateX(${-share}%)`;
    dot.parentNode.append(this.tip);
    this.body.querySelectorAll(`.dot[data-seed="${dot.dataset.seed}"]`).forEach((each) => each.classList.add("same"));
  }

  /* -------- what there is to see */

  load() {
    this.draw();
  }
  paint() {
    const { store, sheet } = this,
      key = `${store.get("table")}\n${store.get("column")}`;
    if (this.seen !== sheet) this.buildSheet(sheet);
    if (this.seen !== sheet || this.seenKey !== key) this.buildLines(sheet);
    [this.seen, this.seenKey] = [sheet, key];
    const rows = arrangedRows(sheet, this.state),
      held = this.root.getRootNode().activeElement;
    const order = rows.map((row) => this.lines.get(row.name));
    if (order.length !== this.body.children.length || order.some((line, k) => line !== this.body.children[k])) {
      this.body.replaceChildren(...order);
      if (held && this.body.contains(held)) held.focus({ preventScroll: true });
    }
    this.paintControls(rows);
    this.paintAxis(rows);
    this.paintPicked(rows);
  }
  /** What hangs on the table alone: headings, choices, groups. */
  buildSheet(sheet) {
    this.note.textContent = sheet.note;
    this.choice.replaceChildren(
      (this.chooser = chosen(
        "shown column",
        sheet.columns.map((column) => [column.key, `${column.title}, ${column.better} is better`]),
        (column) => this.showColumn(column),
      )),
    );
    this.boxes = sheet.groups.map((group) => {
      const box = make("input", { type: "checkbox", value: group });
      box.addEventListener("change", () =>
        this.store.set({
          hidden: box.checked
            ? this.store.get("hidden").filter((each) => each !== group)
            : [...this.store.get("hidden"), group],
        }),
      );
      return box;
    });
    this.groups.replaceChildren(
      make("legend", { class: "live" }, "groups"),
      ...this.boxes.map((box) => make("label", {}, box, box.value)),
    );
    this.axis = make("div", { class: "lane", "aria-hidden": "true" });
    this.heads = new Map();
    const heading = (sort, words, kind) => {
      const arrow = make("i", { "aria-hidden": "true" }),
        button = make("button", { type: "button" }, make("span", {}, words), arrow);
      button.addEventListener("click", () => this.sortBy(sort));
      const node = make("div", { role: "columnheader", class: kind, "data-sort": sort }, button);
      this.heads.set(sort, { node, arrow, words });
      return node;
    };
    this.stripHead = make("span");
    const cells = [
      heading("title", "row", "title"),
      make("div", { role: "columnheader", class: "strip" }, this.stripHead, this.axis),
      ...sheet.columns.map(({ key, title }) => heading(key, title, "score")),
      ...sheet.facts.map((fact) => heading(fact, fact, "fact")),
      heading("seeds", "seeds", "seeds"),
    ];
    this.head.replaceChildren(make("div", { role: "row", class: "line" }, ...cells));
    this.table.style.setProperty("--count", cells.length - 2);
  }
  buildLines(sheet) {
    this.lines = new Map();
    this.marks = new Map();
    sheet.rows.forEach((row) => this.lines.set(row.name, this.line(sheet, row)));
    this.heads.forEach(({ node }, sort) => node.classList.toggle("chosen", sort === this.column.key));
  }
  line(sheet, row) {
    const { column } = this,
      cell = row.cells[column.key];
    const name = make(
      "button",
      { type: "button", class: "name", tabindex: -1 },
      make("b", {}, row.title),
      make(
        "small",
        {},
        ...(row.group ? [`${row.group} · `] : []),
        make("span", { class: cell.kind }, `${VERDICT_MARKS[cell.kind]} ${VERDICT_SHORT[cell.kind]}`.trim()),
      ),
    );
    const dots = cell.values
      .map((value, seed) => {
        if (value === null) return null;
        const told = `seed ${sheet.seeds[seed]}: ${cell.texts[seed]}`;
        const dot = make("button", {
          type: "button",
          class: "dot",
          tabindex: -1,
          "data-seed": seed,
          "data-told": told,
          "aria-label": `${row.title}, ${column.title}, ${told}`,
        });
        dot.style.top = `${25 + 50 * (sheet.seeds.length > 1 ? seed / (sheet.seeds.length - 1) : 0.5)}%`;
        return Object.assign(dot, { number: value });
      })
      .filter(Boolean);
    this.marks.set(
      row.name,
      [...dots].sort((a, b) => a.number - b.number),
    );
    const lane = make(
      "div",
      { class: "lane" },
      ...["floor", "base", "range"].map((kind) => make("i", { class: kind })),
      ...dots,
      make("i", { class: "middle" }),
    );
    const score = ({ key }) =>
      make(
        "div",
        { role: "cell", class: `score${key === column.key ? " chosen" : ""}`, "data-key": key },
        make("b", {}, row.cells[key].text),
        make("small", {}, row.cells[key].range),
      );
    const line = make(
      "div",
      { role: "row", class: `line${row.baseline ? " baseline" : ""}`, "data-row": row.name },
      make("div", { role: "rowheader", class: "title" }, name),
      make("div", { role: "cell", class: "strip" }, lane),
      ...sheet.columns.map(score),
      ...sheet.facts.map((fact) =>
        make("div", { role: "cell", class: "fact", "data-key": fact }, row.fact_texts[fact]),
      ),
      make("div", { role: "cell", class: "seeds", "data-key": "seeds" }, String(row.n)),
    );
    line.addEventListener("click", (event) =>
      this.pick(this.store.get("selected") === row.name && event.target.closest(".name") ? "" : row.name),
    );
    return Object.assign(line, { row });
  }
  paintControls(rows) {
    const { store, sheet } = this,
      { sort, descending, query, hidden } = this.state;
    this.tabs.forEach((tab) => tab.setAttribute("aria-pressed", tab.textContent === store.get("table")));
    this.chooser.value = store.get("column");
    if (this.search.value !== query) this.search.value = query;
    this.boxes.forEach((box) => {
      box.checked = !hidden.includes(box.value);
    });
    this.groups.hidden = this.boxes.length < 2;
    this.count.textContent =
      rows.length === sheet.rows.length ? `${rows.length} rows` : `${rows.length} of ${sheet.rows.length} rows`;
    this.all.hidden = rows.length === sheet.rows.length;
    this.empty.hidden = rows.length > 0;
    this.heads.forEach(({ node, arrow }, each) => {
      if (each === sort) node.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else node.removeAttribute("aria-sort");
      arrow.textContent = each === sort ? (descending ? "▼" : "▲") : "";
    });
    this.table.setAttribute("aria-label", `${store.get("table")}: ${rows.length} rows`);
  }
  /** The axis holds what is shown, the baseline's median and the floor. */
  paintAxis(rows) {
    const { column, base } = this,
      { key, floor, unit } = column,
      middle = base.cells[key].median;
    const axis = axisOf([...rows.flatMap((row) => row.cells[key].values), middle, floor].filter(isNumber), column.log);
    for (const row of rows) {
      const { low, high, median } = row.cells[key],
        line = this.lines.get(row.name),
        put = (kind, value) => {
          const node = line.querySelector(`.lane > .${kind}`);
          node.hidden = !isNumber(value);
          return node.hidden ? node : across(node, axis.place(value));
        };
      put("range", isNumber(high) ? low : null).style.width =
        `${((axis.place(high) - axis.place(low)) * 100).toFixed(3)}%`;
      put("middle", median);
      put("base", middle);
      put("floor", floor);
      this.marks.get(row.name).forEach((dot) => across(dot, axis.place(dot.number)));
    }
    let last = -1;
    const apart = 36 / (this.axis.clientWidth || 200),
      free = (t) => {
        const is = axis.place(t) - last > apart;
        if (is) last = axis.place(t);
        return is;
      };
    this.axis.replaceChildren(
      ...axis.ticks.filter(free).map((t) => across(make("span", {}, tickText(t)), axis.place(t))),
    );
    this.stripHead.replaceChildren(
      make("b", {}, column.title),
      ` ${[unit, column.log ? "logarithmic" : ""].filter(Boolean).join(", ")} · `,
      make("span", { class: "way" }, column.better === "lower" ? "← better" : "better →"),
    );
    const sign = (kind) => make("i", { class: `sample ${kind}`, "aria-hidden": "true" }),
      entry = (kind, words) => make("span", {}, sign(kind), words);
    this.legend.replaceChildren(
      entry("dot", "one seed"),
      entry("middle", "median"),
      entry("range", "range"),
      entry("base", `baseline’s median, ${base.cells[key].text}`),
      ...(floor === null ? [] : [entry("floor", `floor, ${column.floor_text}: what real data scores`)]),
    );
  }
  paintPicked(rows) {
    const { sheet, column, base } = this,
      row = sheet.rows.find(({ name }) => name === this.store.get("selected"));
    const stop = rows.includes(row) ? row : rows[0];
    this.lines.forEach((line) => {
      const name = line.querySelector(".name"),
        on = line.row === row;
      line.classList.toggle("picked", on);
      name.setAttribute("aria-pressed", on);
      name.tabIndex = line.row === stop ? 0 : -1;
    });
    const cell = row && row.cells[column.key],
      against = (key) =>
        `median ${row.cells[key].text} (${row.cells[key].range}) against ${base.cells[key].text} (${base.cells[key].range})`;
    this.mark.className = row ? cell.kind : "none";
    this.mark.textContent = row ? VERDICT_MARKS[cell.kind] || "•" : "?";
    this.word.textContent = !row
      ? "Pick a row to compare it with the baseline"
      : `${row.title}, ${column.title}: ${cell.words}`;
    this.why.textContent = !row
      ? `the baseline is ${base.title}, with a median ${column.title} of ${base.cells[column.key].text}`
      : row.baseline
        ? `median ${cell.text} (${cell.range}); n ${cell.n}`
        : `${against(column.key)}; n ${row.n} and ${base.n}`;
    const facts = row
      ? [
          ...sheet.columns
            .filter((each) => each !== column)
            .map((each) => [
              each.title,
              row.baseline
                ? `median ${row.cells[each.key].text} (${row.cells[each.key].range})`
                : `${VERDICT_MARKS[row.cells[each.key].kind]} ${row.cells[each.key].words}; ${against(each.key)}`,
            ]),
          ...sheet.facts.map((fact) => [fact, row.fact_texts[fact]]),
        ]
      : [];
    this.more.replaceChildren(
      ...facts.map(([words, told]) => make("div", {}, make("dt", {}, words), make("dd", {}, told))),
    );
    this.more.hidden = !facts.length;
  }
}

/** Shows a score table inside element; returns what takes it away. */
export function scoreTable(element, store) {
  const view = new ScoreView(element, store);
  return () => view.destroy();
}

/* ---------------------------------------------------------------- the look */
