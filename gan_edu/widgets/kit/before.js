/* What controls that are not yet on the kit still use; it goes with the last of them. */

import STYLE from "./look.css";
import { paletteStyle } from "./palette.js";
import PANEL_STYLE from "./panel.css";

/* What every control writes and builds with: numbers as text, nodes, icons, the host's theme. */

export const whole = (x) => Math.round(x).toLocaleString("en");
export const isNumber = (x) => typeof x === "number" && Number.isFinite(x);
export const NO_NUMBER = "not a number"; // null in what the kernel computed: it was not finite
export const fixed = (x, digits = 2) =>
  isNumber(x) ? x.toFixed(digits).replace("-", "−") : x === undefined ? "–" : NO_NUMBER;
export const fidText = (x) => fixed(x, x >= 100 ? 0 : x >= 10 ? 1 : 2);
export const inNats = (x, digits) => (isNumber(x) ? `${fixed(x, digits)} nat` : fixed(x));
export const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
export const optimumText = (x) => (x === 0.5 ? "½" : isNumber(x) ? fixed(x, 3) : "");
export const looks = (p) => (p > 0.5 ? "looks real" : p < 0.5 ? "looks fake" : "undecided");

/** A control's numbers as it may use them: what is not finite, which a link can bring, leaves what was there before. */
export function sound(get) {
  const before = {};
  return (name) => {
    const value = get(name),
      fine = ![value].flat().some((x) => typeof x === "number" && !Number.isFinite(x));
    if (fine) before[name] = value;
    return before[name];
  };
}

export function epochText(epoch) {
  if (epoch < 1) return String(+epoch.toFixed(epoch < 0.01 ? 4 : 2));
  const near = Math.round(epoch);
  return Math.abs(epoch - near) < 0.02 ? whole(near) : epoch.toFixed(epoch < 10 ? 1 : 0);
}

/** Index of the last entry of an ascending list that is <= value; -1 when there is none. */
export function lastAtOrBefore(list, value) {
  let low = 0,
    high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid] <= value) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

export function nearest(list, value) {
  const left = lastAtOrBefore(list, value);
  if (left < 0) return 0;
  return left + 1 < list.length && list[left + 1] - value < value - list[left] ? left + 1 : left;
}

export function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count),
    power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999) * power;
  const out = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-6; t += step) out.push(+t.toPrecision(12));
  return out;
}

/* ---------------------------------------------------------------- a kernel, and one that does not answer */

/** Gives a widget's model those of these values that are new to it, in one message; none where none is. */
export function saveChanged(model, values) {
  const changed = Object.entries(values).filter(([name, value]) => model.get(name) !== value);
  changed.forEach(([name, value]) => model.set(name, value));
  if (changed.length) model.save_changes();
}

export const PATIENCE = 2500; // ms without an answer until the view says so
export const TO_NO_AVAIL =
  "No answer from the kernel yet. If it is busy with a cell, the click counts when that has ended; " +
  "if it was restarted, run this cell again.";

/* ---------------------------------------------------------------- elements */

export function make(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:")
    ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children); // strings become text nodes
  return node;
}

/** Puts a text where another may stand; what is no number looks so. */
export const put = (node, text) => {
  if (node.textContent === text) return;
  node.textContent = text;
  node.classList.toggle("lost", text.includes(NO_NUMBER));
};

const ICONS = {
  play: "M4 2.5v11l9.5-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M12 3v10L5.5 8zM3.5 3h1.7v10H3.5z",
  on: "M4 3v10l6.5-5zM10.8 3h1.7v10h-1.7z",
  loop: "M11 2l3 2.7-3 2.7V5.5H6A2.5 2.5 0 0 0 3.5 8v.5H2V8a4 4 0 0 1 4-4h5zM5 14l-3-2.7L5 8.6v1.9h5A2.5 2.5 0 0 0 12.500 8v-.5H14V8a4 4 0 0 1-4 4H5z",
};
export const icon = (name) =>
  make("svg:svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" }, make("svg:path", { d: ICONS[name] }));

/** The little sign that stands for a series, in the numbers and in the legends. */
export function sign(kind) {
  const box = make("svg:svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: `sign ${kind}` });
  box.append(
    {
      d: () => make("svg:path", { d: "M1 5h16", class: "line" }),
      g: () => make("svg:path", { d: "M1 5h16", class: "line", "stroke-dasharray": "4 2" }),
      real: () => make("svg:circle", { cx: 9, cy: 5, r: 4 }),
      fake: () => make("svg:path", { d: "M9 .8 13.600 9H4.400z" }),
      "box-real": () => make("svg:rect", { x: 2, y: -1, width: 13, height: 12, class: "line" }),
      "box-fake": () =>
        make("svg:rect", { x: 2, y: -1, width: 13, height: 12, class: "line", "stroke-dasharray": "3.250 2" }),
    }[kind](),
  );
  return box;
}

/** The host's theme where it tells one (Jupyter, VS Code, Colab), else the system's. */
export function isDark(night) {
  const { body, documentElement: page } = document,
    jupyter = body.dataset.jpThemeLight,
    code = body.dataset.vscodeThemeKind || body.className;
  if (jupyter) return jupyter === "false";
  if (/vscode-(dark|high-contrast(?!-light))/.test(code)) return true;
  if (/vscode-(light|high-contrast-light)/.test(code)) return false;
  return page.getAttribute("theme") ? page.getAttribute("theme") === "dark" : night.matches;
}

/** Gives a view's root the theme of its host, now and at each change, and calls `tell` after; returns what ends it. */
export function followTheme(root, tell = () => {}) {
  const night = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    root.dataset.theme = isDark(night) ? "dark" : "light";
    tell();
  };
  const hosts = new MutationObserver(follow);
  for (const node of [document.documentElement, document.body])
    hosts.observe(node, {
      attributes: true,
      attributeFilter: ["class", "theme", "data-jp-theme-light", "data-vscode-theme-kind"],
    });
  night.addEventListener("change", follow);
  follow();
  return () => {
    night.removeEventListener("change", follow);
    hosts.disconnect();
  };
}

/** Whether a view has room to be painted in. Where it has none, `again` is called, for a second at most: JupyterLab hides
    its notebooks for a moment while it changes its theme, and a size that is back at once is told to nobody. */
export function roomFor(view, again) {
  const room = view.root.clientWidth > 0;
  view.waited = room ? 0 : (view.waited || 0) + 1;
  if (!room && view.waited < 60) again();
  return room;
}
/* What the controls of the value function share. It follows the replay's texts in one module and uses its helpers.
 *
 * Panel: a host in a shadow root that follows the theme and its own size, keeps its keys to itself, and draws at most
 * once a screen refresh. A store is where the numbers live: {live, get(name), set({name: value}), on(tell) → off}.
 */

/** A widget's model as a store. names: the traits that are listened to. */
export function modelStore(model, names) {
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
export function pageStore(state) {
  const listeners = new Set();
  return {
    live: false,
    get: (name) => state[name],
    set: (changes) => {
      const changed = Object.keys(changes).some((name) => state[name] !== changes[name]);
      Object.assign(state, changes);
      if (changed) listeners.forEach((tell) => tell());
    },
    on: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}

export class Panel {
  constructor(element, store, name, label, style) {
    this.store = store;
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" }); // its keys are its own, not JupyterLab's
    this.root = make("section", { class: `replay ${name}`, tabindex: -1, "aria-label": label });
    this.host
      .attachShadow({ mode: "open" })
      .append(make("style", {}, STYLE, paletteStyle(), PANEL_STYLE, style), this.root);
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
    if (!(event.ctrlKey || event.metaKey || event.altKey) && !(event.shiftKey && event.key === "Enter"))
      event.stopPropagation();
  }
  draw() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      if (!this.gone && roomFor(this, () => this.draw())) this.paint();
    });
  }
  watch() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.unfollow = followTheme(this.root, () => this.draw());
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.root);
    let due = false;
    this.off = this.store.on(() => {
      // several traits change in one message: one update
      if (!due)
        queueMicrotask(() => {
          due = false;
          if (!this.gone) this.load();
        });
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
export function ranged({ label, say, min, max, step, tell, go }) {
  const input = make("input", { type: "range", min, max, step, "aria-label": say || label }),
    output = make("output");
  input.addEventListener("input", () => go(+input.value));
  return Object.assign(make("label", { class: "ranged" }, make("span", {}, label), input, output), {
    show(value, more = "") {
      input.value = value;
      output.textContent = tell(value);
      input.setAttribute("aria-valuetext", tell(value) + more);
    },
  });
}

export function chosen(label, options, go) {
  const select = make(
    "select",
    { "aria-label": label },
    ...options.map(([value, words]) => make("option", { value }, words)),
  );
  select.addEventListener("change", () => go(select.value));
  return select;
}

/** Follows a pointer that holds a node, until it lets go. */
export function dragged(node, { start = () => {}, move, end = () => {} }) {
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    node.held = true;
    start(event);
  });
  node.addEventListener("pointermove", (event) => node.held && move(event));
  for (const name of ["pointerup", "pointercancel"])
    node.addEventListener(name, () => {
      if (node.held) {
        node.held = false;
        end();
      }
    });
}

/** Where an arrow key moves a point of the plane, [right, up], further with Shift; null for every other key. */
export function arrowMove(event, fine, coarse) {
  const by = event.shiftKey ? coarse : fine,
    ways = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] };
  return event.ctrlKey || event.metaKey || event.altKey ? null : ways[event.key] || null;
}

export const signed = (x, digits = 4) =>
  x === Infinity
    ? "∞"
    : x === -Infinity
      ? "−∞"
      : (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace("-", "−");
