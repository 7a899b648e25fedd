/* What the controls of the value function share. It follows the replay's texts in one module and uses its helpers.
 *
 * Panel: a host in a shadow root that follows the theme and its own size, keeps its keys to itself, and draws at most
 * once a screen refresh. A store is where the numbers live: {live, get(name), set({name: value}), on(tell) → off}.
 */

/** A widget's model as a store. names: the traits that are listened to. */
function modelStore(model, names) {
  return {
    live: true,
    get: sound((name) => model.get(name)),
    set: (changes) => saveChanged(model, changes),
    on: (tell) => {
      names.forEach((name) => model.on(`change:${name}`, tell));
      return () => names.forEach((name) => model.off(`change:${name}`, tell));
    },
  };
}

/** A store without a kernel. */
function pageStore(state) {
  const listeners = new Set();
  return {
    live: false,
    get: (name) => state[name],
    set: (changes) => {
      const changed = Object.keys(changes).some((name) => state[name] !== changes[name]);
      Object.assign(state, changes);
      if (changed) listeners.forEach((tell) => tell());
    },
    on: (tell) => { listeners.add(tell); return () => listeners.delete(tell); },
  };
}

class Panel {
  constructor(element, store, name, label, style) {
    this.store = store;
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" });         // its keys are its own, not JupyterLab's
    this.root = make("section", { class: `replay ${name}`, tabindex: -1, "aria-label": label });
    this.host.attachShadow({ mode: "open" }).append(make("style", {}, STYLE, PANEL_STYLE, style), this.root);
    this.live = make("div", { class: "live", "aria-live": "polite" });
    this.build();
    this.root.append(this.live);
    this.root.addEventListener("keydown", (event) => this.keep(event));
    element.append(this.host);
    this.watch();
    this.load();
    this.paint();
  }
  /** Save, run cell, … stay the notebook's; the rest would be one of its shortcuts: "b" inserts a cell. */
  keep(event) {
    if (!(event.ctrlKey || event.metaKey || event.altKey) && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
  }
  draw() { this.waiting ||= requestAnimationFrame(() => { this.waiting = 0; if (!this.gone && roomFor(this, () => this.draw())) this.paint(); }); }
  watch() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.unfollow = followTheme(this.root, () => this.draw());
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.root);
    let due = false;
    this.off = this.store.on(() => {                        // several traits change in one message: one update
      if (!due) queueMicrotask(() => { due = false; if (!this.gone) this.load(); });
      due = true;
    });
  }
  destroy() {
    this.gone = true;
    cancelAnimationFrame(this.waiting);
    this.off();
    this.unfollow();
    this.sizes.disconnect();
    this.host.remove();
  }
}

/** A labelled slider with its number behind it; `tell(value)` says the number in words. */
function ranged({ label, say, min, max, step, tell, go }) {
  const input = make("input", { type: "range", min, max, step, "aria-label": say || label }), output = make("output");
  input.addEventListener("input", () => go(+input.value));
  return Object.assign(make("label", { class: "ranged" }, make("span", {}, label), input, output), {
    show(value, more = "") {
      input.value = value;
      output.textContent = tell(value);
      input.setAttribute("aria-valuetext", tell(value) + more);
    },
  });
}

function chosen(label, options, go) {
  const select = make("select", { "aria-label": label }, ...options.map(([value, words]) => make("option", { value }, words)));
  select.addEventListener("change", () => go(select.value));
  return select;
}

/** Follows a pointer that holds a node, until it lets go. */
function dragged(node, { start = () => {}, move, end = () => {} }) {
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    node.held = true;
    start(event);
  });
  node.addEventListener("pointermove", (event) => node.held && move(event));
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, () => { if (node.held) { node.held = false; end(); } });
}

/** Where an arrow key moves a point of the plane, [right, up], further with Shift; null for every other key. */
function arrowMove(event, fine, coarse) {
  const by = event.shiftKey ? coarse : fine, ways = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] };
  return event.ctrlKey || event.metaKey || event.altKey ? null : ways[event.key] || null;
}

const signed = (x, digits = 4) => (x === Infinity ? "∞" : x === -Infinity ? "−∞" : (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace("-", "−"));

const PANEL_STYLE = `
.ranged { display: flex; align-items: center; gap: 8px; font-size: 12.5px; color: var(--soft); min-height: 24px } .ranged span { flex: 0 0 72px; white-space: nowrap }
.ranged input { flex: 1; min-width: 0; width: 100%; height: 18px; margin: 0; accent-color: var(--accent, var(--ink)); cursor: pointer } .ranged output { flex: 0 0 40px; text-align: right; font-weight: 600; color: var(--ink) }
select { font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--line); border-radius: 7px; height: 30px; padding: 0 6px; min-width: 0; max-width: 260px } select:focus-visible, [role=slider]:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0 } legend { padding: 0; font-weight: 600; font-size: 13px; color: var(--ink); margin-bottom: 2px }
.acts { display: flex; flex-wrap: wrap; gap: 8px; align-items: center } .acts label { display: inline-flex; gap: 6px; align-items: center; color: var(--soft); font-size: 12.5px }
.words { color: var(--soft); font-size: 12.5px }
button:disabled { opacity: .5; cursor: default }
@media (pointer: coarse) { select { height: 40px } .ranged { min-height: 36px } .ranged input { height: 30px } }
`;
