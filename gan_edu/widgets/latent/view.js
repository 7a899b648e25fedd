/* The latent explorer: walk between two samples, span a plane by four, find more like one.
 *
 * It follows the replay's texts in one module and uses its helpers (make, Atlas, fixed, clamp, followTheme, STYLE).
 * All pictures of a walk come at once, on one sheet: moving a slider only draws another of them.
 *
 *   explore(element, store, walks)
 *
 * store: {live, get(name), set({name: value}), on(names, listener) → off, ask(wish)}: a widget's model, or what
 * `still(state)` makes where there is no kernel; then `walks`, those that were made, can be chosen.
 * Names are the traits of LatentExplorer. All words are shown as text, never as markup.
 */

import {
  clamp,
  fixed,
  followTheme,
  make,
  PATIENCE,
  put,
  roomFor,
  saveChanged,
  sound,
  TO_NO_AVAIL,
} from "../kit/before.js";
import STYLE from "../kit/look.css";
import { paletteStyle } from "../kit/palette.js";
import LATENT_STYLE from "./latent.css";
import { badge, LengthPlot, Picture, Sheet, sides } from "./parts.js";

const TABS = [
  ["walk", "Walk"],
  ["plane", "Plane"],
  ["more", "More like this"],
];
const PLACES = { walk: ["a", "b"], plane: ["a", "b", "c", "d"], more: [] }; // what a pick may become, by tab
const MARKS = ["a", "b", "c", "d"];
export const LAST = 32,
  STRIP = 9,
  SIDE = 7,
  AROUND = 16,
  LEVELS = 10; // as latent.py sends them

class Explorer {
  constructor(element, store, walks) {
    Object.assign(this, { store, walks, place: "a", cell: [3, 3], resized: true });
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" }); // its keys are its own, not JupyterLab's
    this.root = make("section", { class: "replay latent", tabindex: -1, "aria-label": "latent explorer" });
    this.host.attachShadow({ mode: "open" }).append(make("style", {}, paletteStyle() + STYLE, LATENT_STYLE), this.root);
    this.sheets = Object.fromEntries(
      ["tiles", "walk", "plane", "more", "near"].map((name) => [
        name,
        new Sheet(() => {
          this.showState();
          this.draw();
        }),
      ]),
    );
    this.build();
    element.append(this.host);
    this.watch();
    this.load();
    this.paint();
  }

  /* -------- what there is to see */

  build() {
    this.title = make("p", { class: "subtitle" });
    this.alert = make("p", { class: "alert", role: "alert", hidden: "" });
    this.live = make("div", { class: "live", "aria-live": "polite" });
    const key = (name) => make("b", {}, name);
    this.root.append(
      make("header", {}, make("div", { class: "titles" }, make("h3", {}, "Latent explorer"), this.title)),
      this.alert,
      make("div", { class: "explorer" }, ...this.buildSamples(), this.buildSide()),
      make(
        "footer",
        {},
        make(
          "span",
          {},
          ...(this.store.live
            ? ["on a sample: ", key("← → ↑ ↓"), " move · ", key("Enter"), " pick · ", key("A B C D"), " mark"]
            : ["recorded: no kernel needed"]),
        ),
        make("span", {}, "on a slider: ", key("← →"), " · ", key("Home End")),
      ),
      this.live,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  buildSamples() {
    this.places = make("div", { class: "places", role: "radiogroup", "aria-label": "the next pick becomes" });
    this.grid = make("div", { class: "tiles", role: "group", "aria-label": "samples" });
    this.told = make("p");
    this.one = new Picture(this.sheets.tiles);
    this.nearPictures = Array.from({ length: 4 }, () => new Picture(this.sheets.near));
    this.nearWords = this.nearPictures.map(() => make("figcaption"));
    this.near = make(
      "div",
      { class: "near" },
      this.told,
      make(
        "div",
        { class: "row" },
        make("figure", { class: "one" }, this.one.canvas, make("figcaption", {}, "sample")),
        ...this.nearPictures.map((picture, k) => make("figure", {}, picture.canvas, this.nearWords[k])),
      ),
    );
    this.choice = make(
      "select",
      { "aria-label": "a walk that was made" },
      ...this.walks.map((walk, k) => make("option", { value: k }, `sample ${walk.of[0]} → sample ${walk.of[1]}`)),
    );
    this.choice.addEventListener("change", () => {
      const walk = this.walks[+this.choice.value];
      this.store.set({ a: walk.of[0], b: walk.of[1], walk });
    });
    return [
      make(
        "div",
        { class: "samples" },
        ...(this.store.live ? [this.places] : [make("label", { class: "made" }, "walk ", this.choice)]),
        this.grid,
      ),
      this.near,
    ];
  }

  buildSide() {
    this.tabs = TABS.map(([view, words]) => {
      const tab = make(
        "button",
        { type: "button", role: "tab", id: `tab-${view}`, "aria-controls": `panel-${view}` },
        words,
      );
      tab.addEventListener("click", () => this.store.set({ view }));
      return tab;
    });
    const panels = { walk: this.buildWalk(), plane: this.buildPlane(), more: this.buildMore() };
    this.panels = TABS.map(([view]) =>
      make(
        "div",
        { class: `panel ${view}`, role: "tabpanel", id: `panel-${view}`, "aria-labelledby": `tab-${view}` },
        ...panels[view],
      ),
    );
    this.twins = make("p", { class: "twins", role: "status" });
    return make(
      "div",
      { class: "doing" },
      make("div", { class: "tabs", role: "tablist", "aria-label": "what to do" }, ...this.tabs),
      this.twins,
      ...this.panels,
    );
  }

  slider(label, max, go) {
    const slider = make("input", { type: "range", min: 0, max, step: 1, "aria-label": label });
    slider.addEventListener("input", () => go(+slider.value));
    return slider;
  }

  buildWalk() {
    this.paths = [0, 1].map(() => new Picture(this.sheets.walk, { role: "img" }));
    this.pathWords = this.paths.map(() => make("span", { class: "words" }));
    this.position = this.slider("where on the walk from A to B", LAST, (k) => this.go(k));
    this.t = make("output", { class: "t" });
    this.strip = Array.from({ length: 2 * STRIP }, () => new Picture(this.sheets.walk));
    const strip = make(
      "div",
      { class: "strip", "aria-hidden": "true" },
      ...this.strip.map((picture) => picture.canvas),
    );
    strip.addEventListener("pointerdown", (event) => {
      const box = strip.getBoundingClientRect();
      this.go((Math.floor(((event.clientX - box.left) / box.width) * STRIP) * LAST) / (STRIP - 1));
    });
    this.plot = new LengthPlot(this);
    const figure = (k, name, dash) =>
      make(
        "figure",
        {},
        make(
          "figcaption",
          {},
          make("b", {}, name),
          make(
            "svg:svg",
            { viewBox: "0 0 26 10", class: "sign wide", "aria-hidden": "true" },
            make("svg:path", { d: "M0 5h26", class: "line", "stroke-dasharray": dash }),
          ),
        ),
        this.paths[k].canvas,
        this.pathWords[k],
      );
    return [
      make("div", { class: "pair-of-paths" }, figure(0, "linear", "4 2"), figure(1, "spherical", null)),
      make("div", { class: "slide-row" }, badge("a"), this.position, badge("b"), this.t),
      strip,
      this.plot.node,
    ];
  }

  buildPlane() {
    this.cells = Array.from({ length: SIDE * SIDE }, () => new Picture(this.sheets.plane));
    this.field = make(
      "div",
      { class: "field", "aria-hidden": "true" },
      ...this.cells.map((picture) => picture.canvas),
      ...MARKS.map((mark) => Object.assign(badge(mark), { className: `badge corner ${mark}` })),
      (this.ring = make("i", { class: "ring" })),
    );
    const go = (event) => {
      const box = this.field.getBoundingClientRect(),
        at = (share) => clamp(Math.floor(share * SIDE), 0, SIDE - 1);
      this.goCell(at((event.clientX - box.left) / box.width), at((event.clientY - box.top) / box.height));
    };
    this.field.addEventListener("pointerdown", (event) => {
      if (!event.button) {
        this.field.setPointerCapture(event.pointerId);
        this.held = true;
        go(event);
      }
    });
    this.field.addEventListener("pointermove", (event) => this.held && go(event));
    for (const end of ["pointerup", "pointercancel"])
      this.field.addEventListener(end, () => {
        this.held = false;
      });
    this.spot = new Picture(this.sheets.plane, { role: "img" });
    this.spotWords = make("p", { class: "words" });
    this.across = this.slider("across, from A to B and from C to D", SIDE - 1, (u) => this.goCell(u, this.cell[1]));
    this.down = this.slider("down, from A to C and from B to D", SIDE - 1, (v) => this.goCell(this.cell[0], v));
    return [
      make(
        "div",
        { class: "duo" },
        this.field,
        make(
          "div",
          { class: "beside" },
          this.spot.canvas,
          this.spotWords,
          make("label", {}, make("span", {}, "across"), this.across),
          make("label", {}, make("span", {}, "down"), this.down),
        ),
      ),
    ];
  }

  buildMore() {
    this.around = Array.from({ length: AROUND }, () => new Picture(this.sheets.more));
    this.keepers = this.around.map((picture, k) => {
      const node = make(
        this.store.live ? "button" : "span",
        this.store.live
          ? { type: "button", "aria-label": `neighbour ${k + 1}: keep it as a sample`, title: "keep it as a sample" }
          : {},
        picture.canvas,
      );
      node.addEventListener("click", () => this.keep(k));
      return node;
    });
    this.centre = new Picture(this.sheets.tiles, { role: "img" });
    this.centreWords = make("p", { class: "words" });
    this.strength = this.slider("strength: how far from the sample", LEVELS, (level) =>
      this.store.set({ strength: level / LEVELS }),
    );
    this.formula = make("p", { class: "words" });
    this.fresh = make("button", { type: "button" }, "another 16");
    this.fresh.addEventListener("click", () => this.store.set({ fresh: this.store.get("fresh") + 1 }));
    this.fresh.hidden = !this.store.live;
    return [
      make(
        "div",
        { class: "duo" },
        make("div", { class: "around", role: "group", "aria-label": "neighbours" }, ...this.keepers),
        make(
          "div",
          { class: "beside" },
          this.centre.canvas,
          this.centreWords,
          make("label", {}, make("span", {}, "strength s"), this.strength),
          this.formula,
          this.fresh,
          make("p", { class: "hint" }, this.store.live ? "Click one to keep it: it joins the samples." : ""),
        ),
      ),
    ];
  }

  buildTiles(count) {
    this.columns = Math.min(8, Math.ceil(count / Math.max(1, Math.round(Math.sqrt(count / 1.5)))));
    this.grid.style.setProperty("--columns", this.columns);
    this.tilePictures = Array.from({ length: count }, () => new Picture(this.sheets.tiles));
    this.tiles = this.tilePictures.map((picture, k) => {
      const marks = make("span", { class: "marks" }),
        node = make("button", { type: "button" }, picture.canvas, marks);
      node.addEventListener("click", () => this.pick(k));
      node.disabled = !this.store.live;
      return Object.assign(node, { marks });
    });
    this.grid.replaceChildren(...this.tiles);
  }

  /* -------- what was sent */

  /** Takes over what the kernel sent and what was picked. */
  load() {
    const { store } = this,
      tiles = store.get("tiles");
    if (tiles !== this.seen) {
      const focused = this.tiles && this.tiles.indexOf(this.host.shadowRoot.activeElement);
      if (!this.tiles || this.tiles.length !== tiles.count) this.buildTiles(tiles.count);
      if (focused > -1) this.tiles[focused].focus();
      this.seen = tiles;
      this.root.style.setProperty("--shape", `${tiles.frame_width} / ${tiles.frame_height}`);
      this.title.textContent = `${tiles.count} samples, each made from ${tiles.dim} numbers z · numbered from 0`;
    }
    for (const [name, sheet] of Object.entries(this.sheets)) sheet.load(store.get(name));
    const walk = store.get("walk"),
      wished = PLACES[store.get("view")];
    if (walk.norms && walk !== this.walked) {
      this.plot.load(walk.norms, tiles.band);
      this.walked = walk;
    }
    if (!wished.includes(this.place)) this.place = "a";
    this.resized = true;
    this.showState();
    this.draw();
  }

  showState() {
    const { store } = this,
      view = store.get("view"),
      broken = Object.values(this.sheets)
        .map((sheet) => sheet.error)
        .find(Boolean),
      error = store.get("error") || broken || "";
    TABS.forEach(([name], k) => {
      this.tabs[k].setAttribute("aria-selected", name === view);
      this.tabs[k].tabIndex = name === view ? 0 : -1;
      this.panels[k].hidden = name !== view;
    });
    if (error) this.kept = null;
    const places = PLACES[view];
    if (this.places.dataset.of !== places.join() || !this.places.childElementCount) this.buildPlaces(places);
    [...this.places.querySelectorAll("button")].forEach((node) => {
      node.setAttribute("aria-checked", node.dataset.place === this.place);
      node.tabIndex = node.dataset.place === this.place ? 0 : -1;
    });
    if (!store.live) this.choice.parentNode.hidden = view !== "walk"; // it chooses walks
    const twins = this.tiles
      .map((_, k) => places.filter((mark) => store.get(mark) === k))
      .filter((marks) => marks.length > 1);
    put(
      this.twins,
      twins.length
        ? `${twins.map((marks) => marks.join(" = ").toUpperCase()).join(", ")}, the same sample: ${view === "walk" ? "the walk stands still" : "the plane is folded, and pictures come twice"}. Pick another for one of them.`
        : "",
    );
    this.twins.hidden = !twins.length;
    const selected = store.get("selected"),
      shown = places.length ? places : [];
    this.tiles.forEach((tile, k) => {
      const marks = shown.filter((mark) => store.get(mark) === k);
      tile.marks.replaceChildren(...marks.map(badge));
      tile.classList.toggle("picked", k === selected);
      tile.tabIndex = k === (this.focused ?? selected) ? 0 : -1;
      tile.setAttribute(
        "aria-label",
        [`sample ${k}`, ...marks.map((mark) => mark.toUpperCase()), ...(k === selected ? ["selected"] : [])].join(", "),
      );
    });
    const stale =
      !error &&
      String(store.get(view).of) !==
        String(view === "more" ? [selected, store.get("fresh")] : places.map((mark) => store.get(mark)));
    this.panels[TABS.findIndex(([name]) => name === view)].classList.toggle("stale", store.live && stale);
    this.expect(store.live && (stale || store.get("tiles") === this.kept));
    const words = error ? `That could not be drawn. ${error}` : this.late ? TO_NO_AVAIL : "";
    if (this.alert.textContent !== words) this.alert.textContent = words;
    this.alert.hidden = !words;
    const at = this.walks.findIndex((walk) => String(walk.of) === `${store.get("a")},${store.get("b")}`);
    if (at >= 0) this.choice.value = at;
  }

  /** What was asked for has not come yet, or has: says so where the kernel may be gone. */
  expect(due) {
    if (due)
      this.timer ||= setTimeout(() => {
        this.late = true;
        this.showState();
      }, PATIENCE);
    else [this.timer, this.late] = [clearTimeout(this.timer), false];
  }

  buildPlaces(places) {
    this.places.dataset.of = places.join();
    this.places.replaceChildren(
      make("span", {}, places.length ? "the next pick becomes" : "pick the sample to start from"),
      ...places.map((place) => {
        const node = make(
          "button",
          { type: "button", role: "radio", "aria-label": place.toUpperCase(), "data-place": place },
          place.toUpperCase(),
        );
        node.addEventListener("click", () => {
          this.place = place;
          this.showState();
        });
        return node;
      }),
    );
  }

  /* -------- what a learner does */

  /** A click on a sample: it becomes the place that is next, and the next click the one after. */
  pick(k, mark = this.place) {
    const { store } = this,
      places = PLACES[store.get("view")];
    this.focused = k;
    const marked = places.includes(mark);
    if (marked) this.place = places[(places.indexOf(mark) + 1) % places.length];
    store.set(marked ? { selected: k, [mark]: k } : { selected: k });
    this.live.textContent = marked ? `sample ${k} is ${mark.toUpperCase()}` : `sample ${k} selected`;
    this.showState();
    this.draw();
  }
  /** Keeps a neighbour: it comes with other samples, or an error. */
  keep(k) {
    if (!this.store.live) return;
    this.kept = this.store.get("tiles");
    this.showState();
    this.store.ask({ keep: k });
  }
  go(k) {
    const next = clamp(Math.round(k), 0, LAST);
    this.position.value = next;
    if (next !== this.store.get("position")) this.store.set({ position: next });
    this.draw();
  }
  goCell(u, v) {
    this.cell = [u, v];
    this.draw();
  }

  key(event) {
    const { key } = event,
      plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (!plain || (event.shiftKey && key === "Enter")) return; // save, run cell, … stay the notebook's
    event.stopPropagation(); // the rest would be a shortcut of the notebook: "b" inserts a cell
    const target = event.composedPath()[0],
      tile = this.tiles.indexOf(target);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[key];
    const among = (list, choose) => {
      // arrows in a row of tabs or of places
      if (!step || !list.includes(target)) return false;
      event.preventDefault();
      const next = list[(list.indexOf(target) + step + list.length) % list.length];
      choose(next);
      next.focus();
      return true;
    };
    if (
      among(this.tabs, (tab) => tab.click()) ||
      among([...this.places.querySelectorAll("button")], (place) => place.click())
    )
      return;
    if (tile < 0) return;
    const mark = key.toLowerCase(),
      last = this.tiles.length - 1;
    if (PLACES[this.store.get("view")].includes(mark)) return this.pick(tile, mark);
    const next = {
      ArrowLeft: tile - 1,
      ArrowRight: tile + 1,
      ArrowUp: tile - this.columns,
      ArrowDown: tile + this.columns,
      Home: 0,
      End: last,
    }[key];
    if (next === undefined) return;
    event.preventDefault();
    if (next < 0 || next > last) return;
    this.focused = next;
    this.showState();
    this.tiles[next].focus();
  }

  /* -------- drawing: at most once a screen refresh */

  draw() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
    });
  }
  paint() {
    if (!roomFor(this, () => this.draw())) return;
    const { store } = this,
      view = store.get("view"),
      tiles = store.get("tiles"),
      selected = store.get("selected");
    const again = this.resized || this.ratio !== window.devicePixelRatio;
    [this.resized, this.ratio] = [false, window.devicePixelRatio];
    if (again) [...this.pictures()].forEach((picture) => picture.measure());
    this.tilePictures.forEach((picture, k) => picture.draw(k));
    this.paintNear(selected, tiles.norms[selected]);
    if (view === "walk") this.paintWalk(again);
    else if (view === "plane") this.paintPlane();
    else this.paintMore(selected, tiles);
  }
  *pictures() {
    yield* this.tilePictures;
    yield this.one;
    yield* this.nearPictures;
    yield* this.paths;
    yield* this.strip;
    yield* this.cells;
    yield this.spot;
    yield* this.around;
    yield this.centre;
  }

  paintNear(selected, length) {
    const { distances = [], of } = this.store.get("near"),
      words = `sample ${selected}, length ${fixed(length, 1)}`;
    this.one.draw(selected);
    this.told.textContent = distances.length ? `${words} · nearest training pictures` : words;
    this.nearPictures.forEach((picture, k) => {
      const figure = picture.canvas.parentNode;
      figure.hidden = k >= distances.length;
      figure.classList.toggle("stale", of !== selected);
      if (k < distances.length) {
        picture.draw(k);
        this.nearWords[k].textContent = fixed(distances[k], 1);
      }
    });
  }
  paintWalk(again) {
    const walk = this.store.get("walk"),
      k = this.store.get("position"),
      { band } = this.store.get("tiles");
    if (!walk.norms) return;
    if (again || this.plot.width === 0) this.plot.measure();
    const lengths = [walk.norms[k], walk.norms[LAST + 1 + k]],
      t = fixed(k / LAST);
    this.paths.forEach((picture, i) => {
      picture.draw(i * (LAST + 1) + k);
      const words = `length ${fixed(lengths[i], 1)}, ${sides(lengths[i], band)}`;
      if (this.pathWords[i].textContent !== words) this.pathWords[i].textContent = words;
      picture.canvas.setAttribute("aria-label", `${i ? "spherical" : "linear"} path at t = ${t}, ${words}`);
    });
    this.strip.forEach((picture, i) => {
      picture.draw(Math.floor(i / STRIP) * (LAST + 1) + ((i % STRIP) * LAST) / (STRIP - 1));
      picture.canvas.classList.toggle("here", i % STRIP === Math.round((k / LAST) * (STRIP - 1)));
    });
    this.position.value = k;
    this.position.setAttribute(
      "aria-valuetext",
      `t = ${t} from A to B, linear: length ${fixed(lengths[0], 1)}, ${sides(lengths[0], band)}; spherical: length ${fixed(lengths[1], 1)}, ${sides(lengths[1], band)}`,
    );
    this.t.textContent = `t = ${t}`;
    this.plot.draw(k);
  }
  paintPlane() {
    const made = this.store.get("plane"),
      [u, v] = this.cell;
    if (!made.norms) return;
    this.cells.forEach((picture, k) => picture.draw(k));
    this.spot.draw(v * SIDE + u);
    this.ring.style.left = `${(u / SIDE) * 100}%`;
    this.ring.style.top = `${(v / SIDE) * 100}%`;
    const words = `length ${fixed(made.norms[v * SIDE + u], 1)}, ${sides(made.norms[v * SIDE + u], this.store.get("tiles").band)}`;
    this.spotWords.textContent = words;
    this.spot.canvas.setAttribute(
      "aria-label",
      `the plane at ${u} of ${SIDE - 1} across and ${v} of ${SIDE - 1} down, ${words}`,
    );
    for (const [slider, value, from, to] of [
      [this.across, u, "left", "right"],
      [this.down, v, "top", "bottom"],
    ]) {
      slider.value = value;
      slider.setAttribute("aria-valuetext", `${value} of ${SIDE - 1} from ${from} to ${to}, ${words}`);
    }
  }
  paintMore(selected, tiles) {
    const level = Math.round(this.store.get("strength") * LEVELS),
      s = level / LEVELS;
    this.around.forEach((picture, k) => picture.draw(level * AROUND + k));
    this.centre.draw(selected);
    this.centre.canvas.setAttribute("aria-label", `sample ${selected}`);
    this.centreWords.textContent = `sample ${selected}`;
    const alike = `correlation with z: ${fixed(Math.sqrt(1 - s * s))}`;
    this.formula.textContent = `z′ = √(1 − s²) z + s ε with s = ${fixed(s, 1)}; ${alike}`;
    this.strength.value = level;
    this.strength.setAttribute("aria-valuetext", `s = ${fixed(s, 1)}, ${alike}`);
  }

  /* -------- what happens round it: theme, size, the kernel */

  watch() {
    this.unfollow = followTheme(this.root);
    this.sizes = new ResizeObserver(() => {
      this.resized = true;
      this.draw();
    });
    this.sizes.observe(this.root);
    let due = false;
    const sent = () => {
      // several traits change in one message: one update
      if (!due)
        queueMicrotask(() => {
          due = false;
          if (!this.gone) this.load();
        });
      due = true;
    };
    this.offs = [
      this.store.on([...MARKS, "selected", "view", "fresh", "error", ...Object.keys(this.sheets)], sent),
      this.store.on(["position", "strength"], () => this.draw()),
    ];
  }
  destroy() {
    this.gone = true;
    cancelAnimationFrame(this.waiting);
    clearTimeout(this.timer);
    this.offs.forEach((off) => off());
    this.unfollow();
    this.sizes.disconnect();
    Object.values(this.sheets).forEach((sheet) => sheet.close());
    this.host.remove();
  }
}

/** Shows an explorer inside element; returns what takes it away. */
export function explore(element, store, walks = []) {
  const explorer = new Explorer(element, store, walks);
  return () => explorer.destroy();
}

/* ---------------------------------------------------------------- where the state is */

/** A store without a kernel: what was made can be looked at, nothing new be asked for. */
export function still(state) {
  const listeners = {};
  return {
    live: false,
    get: (name) => state[name],
    set: (changes) => {
      Object.assign(state, changes);
      Object.keys(changes).forEach((name) => (listeners[name] || []).forEach((tell) => tell()));
    },
    on: (names, tell) => {
      names.forEach((name) => (listeners[name] ||= []).push(tell));
      return () => {};
    },
    ask: () => {},
  };
}

export function ofModel(model) {
  return {
    live: true,
    get: sound((name) => model.get(name)),
    set: (changes) => saveChanged(model, changes),
    on: (names, tell) => {
      names.forEach((name) => model.on(`change:${name}`, tell));
      return () => names.forEach((name) => model.off(`change:${name}`, tell));
    },
    ask: (wish) => {
      try {
        model.send(wish);
      } catch {
        /* its kernel is gone: no answer comes, and the view says so */
      }
    },
  };
}
