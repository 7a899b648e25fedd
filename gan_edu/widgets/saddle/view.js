/* The saddle: V over two numbers as a map and as a surface, and the path that two players take on it.
 *
 * It follows the texts of the replay and panel.js in one module. V and its slopes come as tables; between their points
 * they are interpolated by cubics, so that any start and any step can be tried without the kernel.
 *   saddle(element, store)        names of the store: the traits of Saddle
 */

const SADDLE_TRAITS = ["tables", "game", "d", "g", "step", "count", "order", "turn", "response"];
const ORDER_NAMES = [["simultaneous", "simultaneous"], ["alternating", "alternating, D first"]];
const MESH = 40, LEVEL_COUNT = 16;                          // facets a side of the surface; contour lines
const CIVIDIS = [[0, 34, 78], [35, 62, 108], [87, 92, 109], [124, 123, 120], [165, 156, 116], [211, 193, 100], [254, 232, 56]];

function bytesOf(source) {
  if (typeof source === "string") return Uint8Array.from(atob(source), (c) => c.charCodeAt(0)).buffer;
  return source instanceof ArrayBuffer ? source : source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength);
}

/** One game: V and its slopes at any d and g inside the picture. */
class Game {
  constructor({ name, side, reach, values }) {
    const all = new Float32Array(bytesOf(values)), size = side * side;
    Object.assign(this, { name, side, reach, tables: [0, 1, 2].map((k) => all.subarray(k * size, (k + 1) * size)) });
    const [v] = this.tables;
    [this.low, this.high] = [v.reduce((a, b) => Math.min(a, b)), v.reduce((a, b) => Math.max(a, b))];
  }
  at(k, d, g) {
    const place = (t) => clamp((t + this.reach) / (2 * this.reach), 0, 1) * (this.side - 1), values = this.tables[k];
    const [x, y] = [place(d), place(g)], [i, j] = [Math.min(Math.floor(x), this.side - 2), Math.min(Math.floor(y), this.side - 2)];
    const weights = (t) => [-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6];
    const [first, second] = [clamp(i, 1, this.side - 3), clamp(j, 1, this.side - 3)];   // near an edge: the nearest four, off their middle
    const [wx, wy] = [weights(x - first), weights(y - second)];
    let sum = 0;
    for (let b = 0; b < 4; b++) for (let a = 0; a < 4; a++) sum += wy[b] * wx[a] * values[(second + b - 1) * this.side + first + a - 1];
    return sum;
  }
  v(d, g) { return this.at(0, d, g); }
  /** Heights of the contour lines: as much of the map between any two, and the saddle's own, which cross in it. */
  levels() {
    const sorted = Float32Array.from(this.tables[0]).sort();
    return [...Array.from({ length: LEVEL_COUNT - 1 }, (_, k) => sorted[Math.floor((k + 1) / LEVEL_COUNT * sorted.length)]), this.v(0, 0)];
  }
  inside(d, g) { return Math.abs(d) <= this.reach && Math.abs(g) <= this.reach; }
  /** The points that gradient steps lead through; it ends where they leave the picture. */
  path(d, g, step, count, order) {
    const out = [[d, g]];
    for (let k = 0; k < count && this.inside(d, g); k++) {
      const next = d + step * this.at(1, d, g);             // D climbs
      if (order === "alternating" && !this.inside(next, g)) { out.push([next, g]); break; }
      g -= step * this.at(2, order === "alternating" ? next : d, g);        // G descends
      d = next;
      out.push([d, g]);
    }
    return out;
  }
  /** For each g the d in the picture's inside where V is largest, if there is one. */
  response() {
    const [v] = this.tables, { side, reach } = this, to = (k) => -reach + 2 * reach * k / (side - 1), out = [];
    for (let j = 0; j < side; j++) {
      const row = v.subarray(j * side, (j + 1) * side);
      const k = row.reduce((best, value, i) => (value > row[best] ? i : best), 0);
      if (k === 0 || k === side - 1 || row[k] - Math.min(row[0], row[side - 1]) < 1e-4) { out.push(null); continue; }
      const bend = row[k - 1] - 2 * row[k] + row[k + 1];    // the top of a parabola through three points
      out.push([to(k + (bend < 0 ? (row[k - 1] - row[k + 1]) / (2 * bend) : 0)), to(j)]);
    }
    return out;
  }
}

function cividis(t) {
  const x = clamp(t, 0, 1) * (CIVIDIS.length - 1), k = Math.min(Math.floor(x), CIVIDIS.length - 2);
  return CIVIDIS[k].map((c, i) => Math.round(c + (x - k) * (CIVIDIS[k + 1][i] - c)));
}

class SaddleView extends Panel {
  constructor(element, store) { super(element, store, "saddle", "the saddle", SADDLE_STYLE); }

  build() {
    const { store } = this;
    this.games = [];
    this.map = make("canvas", { role: "img" });
    this.start = make("button", { type: "button", class: "start", "aria-label": "the start of both players" });
    this.end = make("i", { class: "end" });
    this.mapBox = make("div", { class: "map" }, this.map, make("i", { class: "centre" }), this.start, this.end);
    this.surface = make("canvas", { role: "img" });
    const set = (event) => {
      const box = this.map.getBoundingClientRect(), at = (share) => +clamp((2 * share - 1) * this.game.reach, -this.game.reach, this.game.reach).toFixed(2);
      store.set({ d: at((event.clientX - box.left) / box.width), g: at(1 - (event.clientY - box.top) / box.height) });
    };
    for (const node of [this.start, this.map]) dragged(node, { start: (event) => node === this.map && set(event), move: set, end: () => this.told() });
    this.start.addEventListener("keydown", (event) => {
      const by = arrowMove(event, 0.1, 0.5);
      if (!by) return;
      event.preventDefault();
      const go = (value, more) => +clamp(value + more, -this.game.reach, this.game.reach).toFixed(2);
      store.set({ d: go(store.get("d"), by[0]), g: go(store.get("g"), by[1]) });
      this.told();
    });
    let from = null;
    dragged(this.surface, { start: (event) => { from = { x: event.clientX, turn: store.get("turn") }; },
      move: (event) => store.set({ turn: wrap(from.turn + (event.clientX - from.x) / 2) }) });
    const wrap = (turn) => Math.round(((turn + 180) % 360 + 360) % 360 - 180);
    this.choice = chosen("game", [], (game) => store.set({ game }));
    this.order = chosen("order of the steps", ORDER_NAMES, (order) => store.set({ order }));
    this.step = ranged({ label: "step size", min: -2, max: Math.log10(2), step: 0.01, tell: (v) => (10 ** v).toFixed(2), go: (v) => store.set({ step: +(10 ** v).toFixed(3) }) });
    this.count = ranged({ label: "rounds", min: 1, max: 500, step: 1, tell: (v) => String(v), go: (count) => store.set({ count }) });
    this.turn = ranged({ label: "view from", min: -180, max: 180, step: 5, tell: (v) => `${v}°`.replace("-", "−"), go: (turn) => store.set({ turn }) });
    this.answer = make("button", { type: "button", role: "switch", class: "switch" }, make("i", { class: "knob" }), "D’s best answer");
    this.answer.addEventListener("click", () => store.set({ response: !store.get("response") }));
    this.cells = Object.fromEntries(["start", "now", "v", "far"].map((name) => [name, make("td")]));
    const row = (words, name) => make("tr", {}, make("th", { scope: "row" }, words), this.cells[name]);
    this.root.append(
      make("header", {}, make("div", { class: "titles" }, make("h3", {}, "The saddle"), make("p", { class: "subtitle" }, "D holds d and climbs V; G holds g and descends it. Drag the start ■.")), this.answer),
      make("div", { class: "two" },
        make("figure", {}, make("figcaption", {}, "g ↑ from −4 to 4", make("span", {}, "V from above: dark is low")), this.mapBox, make("figcaption", {}, (this.answers = make("span", { class: "answers", role: "status" })), make("span", {}, "d → from −4 to 4"))),
        make("figure", {}, make("figcaption", {}, "V as height", make("span", {}, "drag to rotate")), make("div", { class: "room" }, this.surface), this.turn)),
      make("div", { class: "below" }, make("div", { class: "panel-controls" },
        make("div", { class: "acts" }, make("label", {}, "game", this.choice), make("label", {}, "steps", this.order)), this.step, this.count),
      make("table", {}, row("start (d, g)", "start"), row("now (d, g)", "now"), row("V now", "v"), row("distance to (0, 0)", "far"))),
      make("footer", {}, make("span", {}, make("b", {}, "Tab"), " to the start ■ · ", make("b", {}, "← → ↑ ↓"), " move it · ", make("b", {}, "Shift"), " faster"), make("span", {}, "■ start · ● now · × (0, 0)")));
  }

  load() {
    const tables = this.store.get("tables");
    if (tables !== this.seen) {
      this.seen = tables;
      this.games = tables.map((table) => new Game(table));
      this.choice.replaceChildren(...this.games.map(({ name }) => make("option", { value: name }, name)));
    }
    const game = this.games.find(({ name }) => name === this.store.get("game")) || this.games[0];
    if (game !== this.game) { this.game = game; this.ground = null; }
    this.draw();
  }
  words() {
    const [d, g] = this.way.at(-1), outside = !this.game.inside(d, g), far = Math.hypot(d, g);
    const pair = (a, b) => `(${signed(a, 3)}, ${signed(b, 3)})`;
    return { start: pair(this.store.get("d"), this.store.get("g")), now: outside ? `left the picture in round ${this.way.length - 1}` : pair(d, g),
      v: outside ? "–" : signed(this.game.v(d, g)), far: outside ? "–" : signed(far, 3) };
  }
  told() { this.live.textContent = `start ${this.words().start}, after ${this.way.length - 1} rounds ${this.words().now}`; }

  paint() {
    if (!this.game) return;
    const get = (name) => this.store.get(name), { game } = this;
    this.way = game.path(get("d"), get("g"), get("step"), get("count"), get("order"));
    const words = this.words();
    for (const [name, cell] of Object.entries(this.cells)) cell.textContent = words[name];
    this.response = get("response") ? game.response() : [];
    const found = runsOf(this.response).length;
    put(this.answers, !get("response") ? "" : found ? "dashed: D’s best answer to each g" : "D has no best answer in here: V grows up to the edge");
    this.paintMap();
    this.paintSurface();
    const place = (node, [d, g]) => { node.style.left = `${(d / game.reach + 1) * 50}%`; node.style.top = `${(1 - g / game.reach) * 50}%`; };
    place(this.start, [get("d"), get("g")]);
    place(this.end, this.way.at(-1).map((t) => clamp(t, -game.reach, game.reach)));
    this.start.title = "drag, or use the arrow keys";
    this.start.setAttribute("aria-label", `start of both players at d = ${signed(get("d"), 2)}, g = ${signed(get("g"), 2)}; after ${this.way.length - 1} rounds ${words.now}, V ${words.v}`);
    this.map.setAttribute("aria-label", `V over d and g with the path of ${get("order")} steps; now ${words.now}, distance to (0, 0) ${words.far}`);
    this.surface.setAttribute("aria-label", `V as a surface with the same path, seen from ${get("turn")} degrees`);
    this.step.show(Math.log10(get("step")));
    this.count.show(get("count"));
    this.turn.show(get("turn"));
    [this.choice.value, this.order.value] = [game.name, get("order")];
    this.answer.setAttribute("aria-checked", Boolean(get("response")));
  }
  measured(canvas) {
    const ratio = window.devicePixelRatio || 1, [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    return { context: canvas.getContext("2d"), width, height, ratio };
  }
  level(v) { return (v - this.game.low) / (this.game.high - this.game.low || 1); }
  /** Lines and dots with a rim in the other tone, so that they are seen on dark and on light ground. */
  trace(context, points, ratio, dots = true) {
    if (points.length < 1) return;
    for (const [colour, wide, dot] of [["#fff", 3.4, 3.6], ["#1b1f24", 1.4, 2.2]]) {
      [context.strokeStyle, context.fillStyle, context.lineWidth, context.lineJoin] = [colour, colour, wide * ratio, "round"];
      context.beginPath();
      points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
      if (dots) for (const [x, y] of points) { context.beginPath(); context.arc(x, y, dot * ratio, 0, 7); context.fill(); }
    }
  }
  paintMap() {
    const { context, width, height, ratio } = this.measured(this.map), { game } = this;
    if (!width) return;
    if (!this.ground || this.ground.width !== width) this.paintGround(width, height, ratio);
    context.drawImage(this.ground, 0, 0);
    const to = ([d, g]) => [(d / game.reach + 1) * width / 2, (1 - g / game.reach) * height / 2];
    if (this.response.length) {
      context.setLineDash([5 * ratio, 4 * ratio]);
      for (const part of runsOf(this.response)) this.trace(context, part.map(to), ratio, false);
      context.setLineDash([]);
    }
    this.trace(context, this.way.map(to), ratio);
  }
  /** The map without the path: V as colour and as contour lines, by marching squares. */
  paintGround(width, height, ratio) {
    const { game } = this, { side } = game, [v] = game.tables, small = make("canvas", { width: side, height: side });
    const pixels = new ImageData(side, side);
    for (let j = 0; j < side; j++) for (let i = 0; i < side; i++) pixels.data.set([...cividis(this.level(v[(side - 1 - j) * side + i])), 255], 4 * (j * side + i));
    small.getContext("2d").putImageData(pixels, 0, 0);
    this.ground = make("canvas", { width, height });
    const context = this.ground.getContext("2d"), cell = width / (side - 1);
    context.imageSmoothingQuality = "high";
    context.drawImage(small, 0.5, 0.5, side - 1, side - 1, 0, 0, width, height);
    [context.lineWidth, context.globalAlpha] = [ratio, 0.5];
    for (const level of game.levels()) {
      context.strokeStyle = this.level(level) < 0.4 ? "#fff" : "#1b1f24";      // on dark and on light ground
      context.beginPath();
      for (let j = 0; j < side - 1; j++) for (let i = 0; i < side - 1; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]], values = corners.map(([a, b]) => v[b * side + a] - level), cuts = [];
        for (let k = 0; k < 4; k++) {
          const [a, b] = [values[k], values[(k + 1) % 4]];
          if ((a < 0) === (b < 0)) continue;
          const t = a / (a - b), [from, to] = [corners[k], corners[(k + 1) % 4]];
          cuts.push([(from[0] + t * (to[0] - from[0])) * cell, height - (from[1] + t * (to[1] - from[1])) * cell]);
        }
        for (let k = 0; k + 1 < cuts.length; k += 2) { context.moveTo(...cuts[k]); context.lineTo(...cuts[k + 1]); }
      }
      context.stroke();
    }
  }
  paintSurface() {
    const { context, width, height, ratio } = this.measured(this.surface), { game } = this, angle = this.store.get("turn") * Math.PI / 180;
    if (!width) return;
    const [c, s] = [Math.cos(angle), Math.sin(angle)], scale = Math.min(width * 0.33, height * 0.46) / game.reach;
    const turned = (d, g) => [c * d - s * g, s * d + c * g];                   // the second is depth, away from the eye
    let shift = 0;                                          // what stands in the middle of the height
    const to = (d, g, v = game.v(d, g)) => {
      const [x, depth] = turned(d, g);
      return [width / 2 + x * scale, height / 2 - depth * scale * 0.5 - this.level(v) * height * 0.5 - shift];
    };
    context.clearRect(0, 0, width, height);
    const line = Array.from({ length: MESH + 1 }, (_, k) => -game.reach + 2 * game.reach * k / MESH), heights = line.flatMap((g) => line.map((d) => to(d, g)[1]));
    shift = (Math.min(...heights) + Math.max(...heights)) / 2 - height / 2;
    const corner = line.map((g) => line.map((d) => ({ v: game.v(d, g), at: to(d, g) })));
    const facets = [];
    for (let j = 0; j < MESH; j++) for (let i = 0; i < MESH; i++) {
      const four = [corner[j][i], corner[j][i + 1], corner[j + 1][i + 1], corner[j + 1][i]];
      facets.push({ four, depth: turned(line[i], line[j])[1] });
    }
    facets.sort((a, b) => b.depth - a.depth);
    for (const { four } of facets) {
      context.fillStyle = context.strokeStyle = `rgb(${cividis(this.level((four[0].v + four[1].v + four[2].v + four[3].v) / 4))})`;
      context.lineWidth = ratio * 0.6;
      context.beginPath();
      four.forEach(({ at }, k) => (k ? context.lineTo(...at) : context.moveTo(...at)));
      context.closePath();
      context.fill();
      context.stroke();
    }
    this.edges(context, line, to, ratio);
    const inside = this.way.filter(([d, g]) => game.inside(d, g));
    this.trace(context, inside.map(([d, g]) => to(d, g)), ratio);
    const ink = getComputedStyle(this.root).getPropertyValue("--ink");
    [context.fillStyle, context.font, context.textAlign] = [ink, `${12 * ratio}px system-ui, sans-serif`, "center"];
    for (const [words, d, g] of [["d", 1, 0], ["g", 0, 1]]) {                   // at the end of its axis, a little further out
      const [x, y] = to(d * game.reach, g * game.reach), [cx] = to(0, 0);
      context.fillText(`${words} = 4`, clamp(x + Math.sign(x - cx) * 22 * ratio, 20 * ratio, width - 20 * ratio), y);
    }
  }
  /** Lines over the surface along d = 0 and g = 0, whose crossing is the saddle. */
  edges(context, line, to, ratio) {
    [context.strokeStyle, context.globalAlpha, context.lineWidth] = ["#fff", 0.8, 1.2 * ratio];
    for (const at of [(t) => to(t, 0), (t) => to(0, t)]) {
      context.beginPath();
      line.forEach((t, k) => (k ? context.lineTo(...at(t)) : context.moveTo(...at(t))));
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/** Pieces of a list between its nulls. */
function runsOf(list) {
  const out = [[]];
  for (const each of list) if (each) out.at(-1).push(each); else if (out.at(-1).length) out.push([]);
  return out.filter((part) => part.length > 1);
}

/** Shows a saddle inside element; returns what takes it away. */
export function saddle(element, store) {
  const view = new SaddleView(element, store);
  return () => view.destroy();
}

export default { render: ({ model, el }) => saddle(el, modelStore(model, SADDLE_TRAITS)) };

/* ---------------------------------------------------------------- the look */

const SADDLE_STYLE = `
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px } .two figure { min-width: 0 }
.map { position: relative; aspect-ratio: 1 } .room { aspect-ratio: 1.12 } .map canvas, .room canvas { width: 100%; height: 100%; border-radius: 6px; touch-action: none; image-rendering: auto } .room canvas { cursor: ew-resize; touch-action: pan-y }
.start { position: absolute; width: 20px; min-width: 0; height: 20px; padding: 0; transform: translate(-50%, -50%); border: 2px solid #fff; border-radius: 4px; background: #1b1f24; cursor: grab; touch-action: none } .start::after { content: ""; position: absolute; inset: -13px }
.start:hover { border-color: #fff } .end { position: absolute; width: 13px; height: 13px; transform: translate(-50%, -50%); border-radius: 50%; background: #fff; border: 3px solid #1b1f24; pointer-events: none }
.centre { position: absolute; left: 50%; top: 50%; pointer-events: none } .centre::before { content: "×"; position: absolute; transform: translate(-50%, -54%); font: 700 22px/1 system-ui, sans-serif; color: #fff; text-shadow: 0 0 3px #1b1f24, 0 0 3px #1b1f24, 0 0 3px #1b1f24 }
.answers { color: var(--ink); font-weight: 600; margin-right: auto }
.below { display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 6px 28px; align-items: start; margin-top: 6px } .below .panel-controls { display: grid; gap: 8px; margin-top: 6px }
.saddle th { font-size: 12.5px } .saddle td { white-space: normal }
@container replay (max-width: 639.9px) { .two, .below { grid-template-columns: minmax(0, 1fr) } }
`;
