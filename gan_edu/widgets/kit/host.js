/* A control's host: a shadow root that follows the theme and its own size, keeps its keys, and draws at most once a
 * refresh. */

import { make } from "./dom.js";
import look from "./host.css";
import { keepKeys } from "./keys.js";
import { paletteStyle } from "./palette.js";
import panel from "./panel.css";
import plot from "./plot.css";
import { followTheme } from "./theme.js";
import { say, speak } from "./words.js";

/** @typedef {import("./store.js").Store} Store */

const PATIENT = 60; // screen refreshes without room: JupyterLab hides its notebooks while it changes its theme

/** What every control extends. Its own fields are born in its constructor, which ends with `begin()`. It gives `build()`,
 * which fills this.root; `paint()`, which draws what stands there now; and, where a change in the store asks for more
 * than to be drawn, `load()`. */
export class Host {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {string} kind classes of its root
   * @param {string} label
   * @param {string} style
   */
  constructor(element, store, kind, label, style) {
    speak(store.get("words"));
    this.store = store;
    this.host = make("div", { "data-lm-suppress-shortcuts": "true" }); // its keys are its own, not JupyterLab's
    this.root = make("section", { class: `replay ${kind}`, tabindex: -1, "aria-label": say(label) });
    this.live = make("div", { class: "live", "aria-live": "polite" });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.gone = false;
    this.waiting = 0; // the refresh that the next drawing waits for
    this.roomless = 0; // refreshes without room
    this.host
      .attachShadow({ mode: "open" })
      .append(make("style", {}, look, paletteStyle(), plot, panel, style), this.root);
    keepKeys(this.root);
    element.append(this.host);
    this.unfollow = followTheme(this.root, () => this.draw());
    this.sizes = new ResizeObserver(() => this.draw());
    this.off = store.on(this.heard());
  }
  /** To be called at the end of a control's constructor, when its fields are there. */
  begin() {
    this.build();
    this.root.append(this.live);
    this.sizes.observe(this.root);
    this.load();
    this.paint();
  }
  build() {}
  load() {
    this.draw();
  }
  paint() {}
  /** The values of traits. @param {...string} names @returns {any[]} */
  read(...names) {
    return names.map((name) => this.store.get(name));
  }
  /** What screen readers are told.
   * @param {string} words */
  announce(words) {
    this.live.textContent = words;
  }
  /** Draws with the next refresh, however often it is asked to until then. */
  draw() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      if (!this.gone && this.hasRoom()) this.paint();
    });
  }
  hasRoom() {
    const room = this.root.clientWidth > 0;
    this.roomless = room ? 0 : this.roomless + 1;
    if (!room && this.roomless < PATIENT) this.draw(); // a size that is back at once is told to nobody
    return room;
  }
  /** Several traits change in one message: one update. */
  heard() {
    let due = false;
    return () => {
      if (!due)
        queueMicrotask(() => {
          due = false;
          if (!this.gone) this.load();
        });
      due = true;
    };
  }
  get dark() {
    return this.root.dataset.theme === "dark";
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
