/* What the density player and the smoothing player share: one picture over the line, its signs and its look.
 *
 * It follows the texts of the replay and panel.js in one module.
 */

const EDGE = 6;                                             // the line on show goes from −EDGE to EDGE
const PATHS = { data: "M0-6.500A6.500 6.500 0 1 1 0 6.500 6.500 6.500 0 1 1 0-6.500", fake: "M0-7.500 7 5.500H-7z" };

/** One picture over the line: axes, curves, and what stands over them. */
class LinePlot {
  constructor(kind, title, unit, legend) {
    this.svg = make("svg:svg", { class: "plot", role: "img" });
    this.over = make("svg:svg", { class: "over" });
    this.box = make("div", { class: `line-box ${kind}` }, this.svg, this.over);
    this.node = make("div", { class: "line-plot" }, make("div", { class: "legend" }, make("b", {}, title), make("span", {}, unit), make("span", { class: "entries" }, ...legend)), this.box);
  }
  measure(low, high) {
    const { clientWidth: width, clientHeight: height } = this.box;
    Object.assign(this, { width, height, low, high, left: 34, right: width - 10, top: 8, bottom: height - 18 });
    for (const svg of [this.svg, this.over]) { svg.setAttribute("width", width); svg.setAttribute("height", height); }
  }
  x(value) { return this.left + (value + EDGE) / (2 * EDGE) * (this.right - this.left); }
  y(value) { return this.bottom - (clamp(value, this.low, this.high) - this.low) / (this.high - this.low) * (this.bottom - this.top); }
  at(x) { return (x - this.left) / (this.right - this.left) * 2 * EDGE - EDGE; }
  axes(marks, words = (t) => String(t).replace("-", "−")) {
    const text = (x, y, value, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, value), out = [];
    for (const t of marks) out.push(make("svg:path", { class: "rule", d: `M${this.left} ${this.y(t)}H${this.right}` }), text(this.left - 6, this.y(t) + 4, words(t), "end"));
    for (let t = -EDGE; t <= EDGE; t += 2) if (t !== 2 - EDGE || this.width > 420) out.push(text(this.x(t), this.height - 3, t === -EDGE ? "x = −6" : String(t).replace("-", "−"), t === -EDGE ? "start" : t === EDGE ? "end" : "middle"));
    return [...out, make("svg:path", { class: "axis", d: `M${this.left} ${this.bottom}H${this.right}` })];
  }
  line(xs, value) {
    let pen = "M";
    return xs.map((x) => {
      const y = value(x);
      if (Number.isNaN(y)) { pen = "M"; return ""; }
      const step = `${pen}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`;
      pen = "L";
      return step;
    }).join("");
  }
  curve(kind, xs, value, dash = null) { return make("svg:path", { class: `series ${kind}`, d: this.line(xs, value), "stroke-dasharray": dash }); }
  area(kind, xs, value) { return make("svg:path", { class: `area ${kind}`, d: `${this.line(xs, value)}L${this.x(EDGE)} ${this.y(0)}L${this.x(-EDGE)} ${this.y(0)}Z` }); }
}

const entry = (kind, words) => make("span", { class: "entry" }, ...(kind ? [sign(kind)] : []), words);
const dots = () => make("svg:svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: "sign d" }, make("svg:path", { d: "M1 5h16", class: "line", "stroke-dasharray": "0 4.200", "stroke-linecap": "round" }));
const dotted = (words) => make("span", { class: "entry" }, dots(), words);

/* ---------------------------------------------------------------- the look */

const LINE_STYLE = `
.lines .board { display: grid; grid-template-columns: minmax(0, 1fr) 268px; gap: 20px; align-items: start } .lines .plots { min-width: 0 }
.line-plot + .line-plot { margin-top: 8px } .line-box { position: relative; height: 112px; user-select: none } .line-box.densities { height: 200px; touch-action: pan-y }
.line-box svg { position: absolute; inset: 0; display: block; overflow: visible } .line-box .over { pointer-events: none }
.area { fill: currentColor; opacity: .16; stroke: none } .best { stroke-width: 3; stroke-dasharray: 0 5.500; stroke-linecap: round }
.handle { pointer-events: auto; cursor: ew-resize; touch-action: none; color: var(--ink); outline: none } .handle.mean { cursor: move } .handle.real { color: var(--real) } .handle.fake { color: var(--fake) } .hold { fill: transparent }
.grip { fill: currentColor; stroke: var(--card); stroke-width: 1.5 } .width .grip { fill: var(--card); stroke: currentColor; stroke-width: 2 } .handle:focus-visible { outline: none } .handle:focus-visible .hold { stroke: var(--focus); stroke-width: 2; r: 13px } .handle:hover .grip { stroke: var(--ink) }
.lines .side { min-width: 0 } .lines th { font-size: 12.5px; white-space: normal } .lines th b { color: var(--ink); font-weight: 600 } .lines .part th { padding-top: 10px; color: var(--ink); font-weight: 600; border-bottom: 1px solid var(--line) } .lines .part:first-child th { padding-top: 2px }
.panel-controls { display: grid; gap: 10px; margin-top: 12px } details { font-size: 13px } summary { cursor: pointer; color: var(--soft); width: fit-content } summary:focus-visible { outline: 2px solid var(--focus) } .what p { max-width: 720px; margin-top: 4px }
.line-plot .legend > span:not(.entry) { min-width: 0 } .sets { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 6px 28px; margin-top: 6px }
@container replay (max-width: 719.9px) { .lines .board { grid-template-columns: minmax(0, 1fr) } .lines table { max-width: 420px } }
@container replay (max-width: 480px) { .sets { grid-template-columns: minmax(0, 1fr) } .line-box.densities { height: 180px } .line-box { height: 96px } .line-plot .legend > span:not(.entry) { order: 3; flex-basis: 100% } }
`;
