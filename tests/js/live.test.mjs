/* A film that grows by news is the whole film; the next value of a setting; how long it took. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { speak } from "../../gan_edu/widgets/kit/words.js";
import { Film } from "../../gan_edu/widgets/live/film.js";
import { nextValue } from "../../gan_edu/widgets/live/ladder.js";
import { duration, roughly, timeLeft } from "../../gan_edu/widgets/live/status.js";

Object.assign(globalThis, { requestAnimationFrame: () => 1, window: globalThis }); // as in a page that is hidden

const whole = () => ({
  ...{ film: 3, version: 5, pictures: ["a", "b"], status: { phase: "training", step: 20, knobs: {} } },
  meta: { frames: { step: [0, 20], scores: [null, null] }, curves: { step: [1, 20], d_loss: [0.5, 0.6] }, log: [] },
});

/** A film, and what it asks the kernel for. */
function opened() {
  /** @type {any[]} */
  const asked = [];
  const model = {
    get: whole,
    on() {},
    off() {},
    set() {},
    save_changes() {},
    send: (/** @type {any} */ wish) => asked.push(wish.do),
  };
  return { film: new Film(model), asked };
}

/** News of one frame. @param {object} [changed] */
const news = (changed = {}) => ({
  ...{ film: 3, version: 6, frames: { keep: null, from: 2, step: [40], scores: [null] } },
  ...{ curves: { from: 1, step: [21, 40], d_loss: [0.7, 0.8] }, ...changed },
});

/** @param {Film} film @param {any} told @param {any[]} [pictures] */
const hear = (film, told, pictures = ["c"]) => film.hear({ news: told, status: { step: 40 } }, pictures);

test("news are put behind what was known", () => {
  const { film, asked } = opened();
  hear(film, news({ log: [{ step: 30, change: "x" }], about: { title: "T" } }));
  assert.deepEqual([film.meta.frames.step, film.pictures, film.version], [[0, 20, 40], ["a", "b", "c"], 6]);
  assert.deepEqual(film.meta.curves, { step: [1, 21, 40], d_loss: [0.5, 0.7, 0.8] });
  assert.deepEqual(film.status, { phase: "training", step: 40, knobs: {} });
  assert.deepEqual([film.meta.log.length, film.meta.title, asked], [1, "T", []]);
});

test("frames that are dropped go, and the last known one is scored late", () => {
  const { film } = opened();
  hear(film, news({ frames: { keep: [1], from: 1, step: [40], scores: [null], scored: { fid: 9 } } }));
  assert.deepEqual(
    [film.meta.frames.step, film.pictures],
    [
      [20, 40],
      ["b", "c"],
    ],
  );
  assert.deepEqual(film.meta.frames.scores, [{ fid: 9 }, null]);
});

test("a curve that is new begins where it was first measured", () => {
  const { film } = opened();
  hear(film, news({ curves: { from: 0, step: [40], d_loss: [0.8], R1: [2] } }));
  assert.deepEqual(film.meta.curves, { step: [40], d_loss: [0.8], R1: [2] });
});

test("news heard before, or of a run that is gone, change nothing", () => {
  const { film, asked } = opened();
  hear(film, news({ version: 5 }));
  hear(film, news({ film: 2, version: 9 }));
  assert.deepEqual([film.pictures.length, film.status.step, asked], [2, 20, []]);
});

for (const [what, told, pictures] of /** @type {const} */ ([
  ["a message was lost", news({ version: 7 }), ["c"]],
  ["another run began", news({ film: 4, version: 1 }), ["c"]],
  ["frames lack before it", news({ frames: { keep: null, from: 3, step: [40], scores: [null] } }), ["c"]],
  ["points of curves lack", news({ curves: { from: 3, step: [40], d_loss: [1] } }), ["c"]],
  ["a picture is missing", news(), []],
]))
  test(`all of it is asked for once where ${what}`, () => {
    const { film, asked } = opened();
    hear(film, told, [...pictures]);
    hear(film, told, [...pictures]);
    assert.deepEqual([asked, film.pictures.length, film.version], [["all"], 2, 5]);
    clearTimeout(film.later);
  });

test("the next value of a setting", () => {
  const up = (/** @type {string} */ name, /** @type {number} */ value) => nextValue(name, value, true);
  const down = (/** @type {string} */ name, /** @type {number} */ value) => nextValue(name, value, false);
  assert.deepEqual([up("d_steps", 1), down("d_steps", 3), down("d_steps", 1)], [2, 2, 1]);
  assert.deepEqual([up("batch_size", 64), up("batch_size", 65), down("batch_size", 65)], [128, 128, 64]);
  assert.deepEqual([down("batch_size", 64), down("batch_size", 1)], [32, 1]);
  assert.deepEqual([up("d_lr", 2e-4), up("d_lr", 3e-4), up("d_lr", 5e-4), up("d_lr", 1)], [5e-4, 5e-4, 1e-3, 1]);
  assert.deepEqual([down("d_lr", 2e-4), down("d_lr", 1e-3), down("d_lr", 0), up("d_lr", 0)], [1e-4, 5e-4, 0, 1e-6]);
  assert.deepEqual([up("d_lr", 2e-4 - 1e-14), down("d_lr", 2e-4 + 1e-14)], [5e-4, 1e-4]); // as good as 2e-4
  for (let rate = 1e-6; rate < 1; rate = up("g_lr", rate)) assert.equal(down("g_lr", up("g_lr", rate)), rate);
});

test("how long it took", () =>
  assert.deepEqual([0, 5.9, 65, 3599, 3600, 7325].map(duration), [
    "0:00",
    "0:05",
    "1:05",
    "59:59",
    "1:00:00",
    "2:02:05",
  ]));

test("how long it is until something is usually seen", () => {
  speak({
    lang: "en",
    seconds: "{count} s",
    minutes: "{count} min",
    usuallyIn: "{name} in {time}",
    usuallyFrom: "{name} from {step}",
  });
  assert.deepEqual([3, 12, 54, 55, 89, 91, 600].map(roughly), [
    "5 s",
    "10 s",
    "55 s",
    "1 min",
    "1 min",
    "2 min",
    "10 min",
  ]);
  /** @type {any} */
  const status = { phase: "training", step: 370, rate: 75, milestones: { digits: 9370 } };
  assert.equal(timeLeft(status), "digits in 2 min");
  assert.equal(timeLeft({ ...status, rate: null }), "digits from 9,370");
  assert.equal(timeLeft({ ...status, phase: "paused" }), "digits from 9,370");
  assert.equal(timeLeft({ ...status, step: 9370 }), "");
  assert.equal(timeLeft({ ...status, milestones: {} }), "");
});
