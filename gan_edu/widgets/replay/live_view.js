/* The replay as an anywidget: its traits and the panel, kept the same. */

import { saveChanged } from "../kit/before.js";
import { speak } from "../kit/words.js";
import { mount } from "./view.js";

export function render({ model, el }) {
  speak(model.get("words"));
  const states = ["verdict", "loop", "speed", "playing"];
  const recordings = () => model.get("metas").map((meta, k) => ({ meta, atlas: model.get("atlases")[k] }));
  const state = () => Object.fromEntries(states.map((name) => [name, model.get(name)]));
  const handle = mount(el, recordings(), { frame: model.get("frame"), ...state() });
  handle.onFrame((frame) => saveChanged(model, { frame }));
  handle.onState((now) => saveChanged(model, Object.fromEntries(states.map((name) => [name, now[name]]))));
  let growing = false;
  const grow = () => {
    // metas and atlases change in one message: one update
    if (!growing)
      queueMicrotask(() => {
        growing = false;
        handle.update(recordings());
      });
    growing = true;
  };
  const listeners = [
    ["change:frame", () => model.get("frame") !== handle.frame && handle.setFrame(model.get("frame"))],
    ["change:metas", grow],
    ["change:atlases", grow],
    ...states.map((name) => [`change:${name}`, () => handle.set({ [name]: model.get(name) })]),
  ];
  listeners.forEach(([name, listener]) => model.on(name, listener));
  return () => {
    listeners.forEach(([name, listener]) => model.off(name, listener));
    handle.destroy();
  };
}
