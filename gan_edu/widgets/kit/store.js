/* Where a control's numbers live: in a kernel, behind a widget's model, or in a page. */

import { share } from "./shared.js";

/**
 * @typedef {{get(name: string): any, set(name: string, value: unknown): void, save_changes(): void, send(content:
 * object): void, on(name: string, tell: (...given: any[]) => void): void, off(name: string, tell: (...given: any[]) =>
 * void): void}} Model a widget's, as anywidget hands it over
 */

/** @typedef {object} Store
 * @property {boolean} live whether there is a kernel
 * @property {(name: string) => any} get
 * @property {(changes: Record<string, unknown>) => void} set
 * @property {(tell: (names: string[]) => void) => () => void} on called after changes, with the names; returns what
 *   ends it
 * @property {(wish: object) => void} ask a message to the kernel, where there is one
 */

/** A widget's model as a store. What is not finite, which a link can bring, leaves what was there before.
 * @param {Model} model @param {readonly string[]} names the traits that are listened to @returns {Store} */
export function modelStore(model, names) {
  return {
    live: true,
    get: sound((name) => model.get(name)),
    set: (changes) => saveChanged(model, changes),
    on(tell) {
      const listeners = names.map((name) => /** @type {const} */ ([`change:${name}`, () => tell([name])]));
      for (const [event, listener] of listeners) model.on(event, listener);
      return () => {
        for (const [event, listener] of listeners) model.off(event, listener);
      };
    },
    ask(wish) {
      try {
        model.send(wish);
      } catch {
        /* its kernel is gone: no answer comes, and the view says so */
      }
    },
  };
}

/** A store without a kernel. Where the state says what of it may be shared, the page's address has it.
 * @param {Record<string, unknown> & {shared?: import("./shared.js").Rules}} state @returns {Store} */
export function pageStore(state) {
  /** @type {Set<(names: string[]) => void>} */
  const listeners = new Set();
  /** @type {Store} */
  const store = {
    live: false,
    get: (name) => state[name],
    set(changes) {
      const changed = Object.keys(changes).filter((name) => state[name] !== changes[name]);
      Object.assign(state, changes);
      if (changed.length) for (const tell of [...listeners]) tell(changed);
    },
    on(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    ask() {},
  };
  if (state.shared) share(store, state.shared);
  return store;
}

/** Gives a widget's model those of these values that are new to it, in one message; none where none is.
 * @param {Model} model @param {Record<string, unknown>} values */
export function saveChanged(model, values) {
  const changed = Object.entries(values).filter(([name, value]) => model.get(name) !== value);
  for (const [name, value] of changed) model.set(name, value);
  if (changed.length) model.save_changes();
}

/** @param {(name: string) => any} get @returns {(name: string) => any} */
function sound(get) {
  /** @type {Record<string, any>} */
  const before = {};
  return (name) => {
    const value = get(name);
    const fine = ![value].flat().some((x) => typeof x === "number" && !Number.isFinite(x));
    if (fine) before[name] = value;
    return before[name];
  };
}
